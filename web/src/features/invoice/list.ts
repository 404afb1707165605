// The list that was last looked at: its pages, its order, and where in it a person is, so that the
// detail can go to the next one and "back" comes back to the same place.
import { defineStore } from "pinia";
import { ref, shallowRef } from "vue";
import { api } from "@/api/client";
import type { InvoicePage, InvoiceRow } from "@/api/types";

export const PAGE_ROWS = 50;

export const useInvoiceList = defineStore("invoice-list", () => {
  const rows = shallowRef<InvoiceRow[] | null>(null);
  const page = shallowRef<InvoicePage | null>(null);
  const error = shallowRef<unknown>(null);
  const busy = ref(false);
  const query = ref<Record<string, string>>({});
  const current = ref("");
  let asked: AbortController | null = null;

  async function load(wanted: Record<string, string>, more = false): Promise<void> {
    asked?.abort();
    const mine = (asked = new AbortController());
    if (!more && JSON.stringify(wanted) !== JSON.stringify(query.value)) current.value = "";
    query.value = wanted;
    busy.value = true;
    try {
      const cursor = more ? (page.value?.next_cursor ?? "") : "";
      const came = await api.invoices({ ...wanted, limit: PAGE_ROWS, cursor }, mine.signal);
      if (mine !== asked) return;
      page.value = came;
      rows.value = more ? [...(rows.value ?? []), ...came.items] : came.items;
      error.value = null;
    } catch (wrong) {
      if (mine === asked) error.value = wrong;
    }
    if (mine === asked) busy.value = false;
  }

  // The id `step` places further, "" past either end.
  function neighbour(id: string, step: 1 | -1): string {
    const all = rows.value ?? [];
    const at = all.findIndex((row) => row.id === id);
    return at < 0 ? "" : (all[at + step]?.id ?? "");
  }

  return { rows, page, error, busy, query, current, load, neighbour };
});
