import { expect, it } from "vitest";
import type { Draft } from "@/api/types";
import { compare } from "./compare";

it("marks what contradicts, not what is unknown", () => {
  const mine = { total: "1.00", tax: "", seller: { name: "甲" } } as unknown as Draft;
  const theirs = { total: "2.00", tax: "0.10", seller: { name: "甲" } } as unknown as Draft;
  const rows = compare(mine, theirs, ["total"]);
  expect(rows.map((row) => [row.path, row.differs])).toEqual([["tax", false], ["total", true], ["seller.name", false]]);
});
