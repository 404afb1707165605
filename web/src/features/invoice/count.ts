// How many a list has, as it is said: exactly, or as many as were counted and more.
import type { InvoicePage } from "@/api/types";
import { formatCount } from "@/ui/money";

type Say = (key: string, values: { n: string }) => string;

export function countWords(t: Say, total: InvoicePage["total"] | undefined): string {
  const n = formatCount(total?.count ?? 0);
  return total === undefined || total.exact ? n : t("common.atLeast", { n });
}

// What the filter hides is known when what it shows is.
export function hiddenOf(page: InvoicePage | null): number {
  return page?.total.exact ? page.hidden : 0;
}
