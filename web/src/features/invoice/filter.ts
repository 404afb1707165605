// What the list shows, as it stands in the address: a filtered list can be bookmarked and sent.
import type { InvoiceRow } from "@/api/types";
import { parseMoney } from "@/ui/money";

export const FILTER_NAMES = [
  "q", "number", "code", "seller", "buyer", "date_from", "date_to",
  "amount_min", "amount_max", "total_min", "total_max", "kind", "state",
] as const;
export type FilterName = (typeof FILTER_NAMES)[number];
export type Filter = Record<FilterName, string>;

export const SORTS = ["-issue_date", "issue_date", "-total", "total", "-received_at", "received_at"] as const;
export type Sort = (typeof SORTS)[number];
export const SORT_DEFAULT: Sort = "-issue_date";

export const MONEY_NAMES: FilterName[] = ["amount_min", "amount_max", "total_min", "total_max"];
export const MORE_NAMES: FilterName[] = ["code", "amount_min", "amount_max", "total_min", "total_max"];

export function emptyFilter(): Filter {
  return Object.fromEntries(FILTER_NAMES.map((name) => [name, ""])) as Filter;
}

type RouteQuery = Record<string, unknown>;

export function filterFrom(query: RouteQuery): Filter {
  const filter = emptyFilter();
  for (const name of FILTER_NAMES) {
    const value = query[name];
    if (typeof value === "string") filter[name] = value;
  }
  return filter;
}

export function sortFrom(query: RouteQuery): Sort {
  return SORTS.find((sort) => sort === query.sort) ?? SORT_DEFAULT;
}

// Numbers lose the spaces that they are copied with, amounts their separators; what is no amount
// is named in `bad` and stays as typed.
export function cleanFilter(typed: Filter): { filter: Filter; bad: FilterName[] } {
  const filter = { ...typed };
  const bad: FilterName[] = [];
  for (const name of FILTER_NAMES) filter[name] = filter[name].trim();
  for (const name of ["number", "code"] as const) filter[name] = filter[name].replace(/\s/g, "");
  for (const name of MONEY_NAMES) {
    if (filter[name] === "") continue;
    const money = parseMoney(filter[name]);
    if (money === null) bad.push(name);
    else filter[name] = money;
  }
  return { filter, bad };
}

export function applied(filter: Filter): FilterName[] {
  return FILTER_NAMES.filter((name) => filter[name] !== "");
}

// As route query and as API query: what is empty or the default stays out.
export function queryOf(filter: Filter, sort: Sort): Record<string, string> {
  const query: Record<string, string> = {};
  for (const name of applied(filter)) query[name] = filter[name];
  if (sort !== SORT_DEFAULT) query.sort = sort;
  return query;
}

// The search box: digits are a number, what looks like an amount or a name goes to the full search.
export function searchFilter(text: string): Record<string, string> {
  const plain = text.trim();
  if (plain === "") return {};
  const digits = plain.replace(/\s/g, "");
  return /^\d{8,20}$/.test(digits) ? { number: digits } : { q: plain };
}

// Clicking a column's head: newest or greatest first, then the other way round.
export function toggledSort(sort: Sort, column: "issue_date" | "total" | "received_at"): Sort {
  return sort === `-${column}` ? column : `-${column}`;
}

function csvCell(text: string): string {
  // A leading = + - @ would be a formula in a spreadsheet; amounts are told apart by their form.
  const safe = /^[=+\-@\t]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text) ? "'" + text : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
}

// A tab before long digits keeps spreadsheets from rounding a 20-digit number.
export function csvOf(head: string[], rows: InvoiceRow[], stateWord: (row: InvoiceRow) => string): string {
  const long = (digits: string) => (digits === "" ? "" : `"\t${digits}"`);
  const lines = rows.map((row) =>
    [
      long(row.code), long(row.number), csvCell(row.issue_date), csvCell(row.seller.name), long(row.seller.tax_id),
      csvCell(row.buyer.name), csvCell(row.amount), csvCell(row.tax), csvCell(row.total), csvCell(stateWord(row)),
    ].join(","),
  );
  return "\ufeff" + [head.map(csvCell).join(","), ...lines].join("\r\n") + "\r\n";
}
