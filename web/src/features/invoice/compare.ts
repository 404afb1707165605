// Two invoices of one number, side by side.
import type { Draft } from "@/api/types";
import { valueAt } from "./fields";

export const KEY_PATHS = [
  "issue_date", "amount", "tax", "total", "check_code", "seller.name", "seller.tax_id", "buyer.name", "buyer.tax_id",
];

export interface Compared {
  path: string;
  mine: string;
  theirs: string;
  differs: boolean;
}

// Key fields and whatever else the server says differs; an unknown value contradicts nothing.
export function compare(mine: Draft, theirs: Draft, differs: string[]): Compared[] {
  const paths = [...new Set([...KEY_PATHS, ...differs])];
  return paths
    .map((path) => {
      const [a, b] = [valueAt(mine, path), valueAt(theirs, path)];
      return { path, mine: a, theirs: b, differs: differs.includes(path) || (a !== "" && b !== "" && a !== b) };
    })
    .filter((row) => row.mine !== "" || row.theirs !== "");
}
