// The table of kinds, read once: for choosing, and for naming a kind in the reader's language.
import { defineStore } from "pinia";
import { ref, shallowRef } from "vue";
import { useI18n } from "vue-i18n";
import { api } from "@/api/client";
import type { KindRow } from "@/api/types";

export const useKinds = defineStore("kinds", () => {
  const rows = shallowRef<KindRow[]>([]);
  const asked = ref(false);
  async function load(): Promise<void> {
    if (asked.value) return;
    asked.value = true;
    try {
      rows.value = (await api.kinds()).items;
    } catch {
      asked.value = false; // names fall back to what the invoice says; the next page asks again
    }
  }
  return { rows, load };
});

export function useKindName(): (code: string, name: string) => string {
  const kinds = useKinds();
  const { locale } = useI18n();
  void kinds.load();
  return (code, name) => {
    const row = kinds.rows.find((each) => each.code === code);
    return row ? (locale.value === "en" ? row.name_en : row.name) : name;
  };
}
