import { expect, it } from "vitest";
import type { Draft } from "@/api/types";
import { zh } from "@/i18n/zh";
import { fieldWord, GROUPS, shownFields, valueAt } from "./fields";

const draft = {
  number: "12235358", amount: "1.00", seller: { name: "甲", tax_id: "91" },
  fields: { number: { source: "xml", confidence: 1 }, "seller.name": { source: "ocr", confidence: 0.9 } },
  findings: [{ rule: "total_sum", severity: "error", field: "amount", text: "不等" }],
} as unknown as Draft;

it("every field has its word", () => {
  const words = zh.field as Record<string, string>;
  for (const group of GROUPS) {
    for (const field of group.fields) expect(words[fieldWord(field.path).slice(6)]).toBeTruthy();
  }
});

it("shows what is there and what must be there, and doubts what is weak or found wanting", () => {
  const [basic, seller] = GROUPS.map((group) => shownFields(draft, group.fields));
  expect(basic?.map((field) => field.path)).toEqual(["number", "issue_date", "amount", "tax", "total"]);
  expect(basic?.find((field) => field.path === "amount")).toMatchObject({ doubtful: true, findings: ["不等"] });
  expect(basic?.find((field) => field.path === "number")).toMatchObject({ doubtful: false, value: "12235358" });
  expect(seller?.find((field) => field.path === "seller.name")?.doubtful).toBe(true);
  expect(valueAt(draft, "red.original_code")).toBe("");
});
