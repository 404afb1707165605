// The fields of an invoice as the detail shows them, each with where it comes from.
import type { Draft, Origin } from "@/api/types";

export type FieldShow = "text" | "digits" | "money" | "date";
export interface FieldSpec {
  path: string; // JSON path, key of draft.fields
  show: FieldShow;
  always?: boolean; // shown as a dash when empty
}

const text = (path: string): FieldSpec => ({ path, show: "text" });
const digits = (path: string, always = false): FieldSpec => ({ path, show: "digits", always });
const money = (path: string): FieldSpec => ({ path, show: "money", always: true });

export const GROUPS: { word: string; fields: FieldSpec[] }[] = [
  {
    word: "detail.basicGroup",
    fields: [
      digits("number", true), digits("code"), digits("digital_number"), { path: "issue_date", show: "date", always: true },
      money("amount"), money("tax"), money("total"), text("total_words"), digits("check_code"), digits("machine_number"),
    ],
  },
  {
    word: "detail.sellerGroup",
    fields: [
      { path: "seller.name", show: "text", always: true }, digits("seller.tax_id", true),
      text("seller.address_phone"), text("seller.bank_account"),
    ],
  },
  {
    word: "detail.buyerGroup",
    fields: [
      { path: "buyer.name", show: "text", always: true }, digits("buyer.tax_id"),
      text("buyer.address_phone"), text("buyer.bank_account"),
    ],
  },
  {
    word: "detail.otherGroup",
    fields: [
      text("remark"), text("payee"), text("reviewer"), text("issuer"),
      digits("red.original_code"), digits("red.original_number"), digits("red.confirmation_number"),
    ],
  },
];

// Below this a reading is doubtful, whatever its source.
export const CONFIDENCE_SURE = 0.95;

export function valueAt(draft: Draft, path: string): string {
  let at: unknown = draft;
  for (const part of path.split(".")) {
    if (typeof at !== "object" || at === null) return "";
    at = (at as Record<string, unknown>)[part];
  }
  return typeof at === "string" ? at : "";
}

export interface ShownField extends FieldSpec {
  value: string;
  origin: Origin | null;
  doubtful: boolean;
  findings: string[];
}

export function shownFields(draft: Draft, specs: FieldSpec[]): ShownField[] {
  return specs
    .map((spec) => {
      const value = valueAt(draft, spec.path);
      const origin = value === "" ? null : (draft.fields[spec.path] ?? null);
      const about = draft.findings.filter((finding) => finding.field === spec.path && finding.severity !== "info");
      const doubtful = about.length > 0 || (origin !== null && Number(origin.confidence) < CONFIDENCE_SURE);
      return { ...spec, value, origin, doubtful, findings: about.map((finding) => finding.text) };
    })
    .filter((field) => field.value !== "" || field.always === true);
}

// "seller.name" -> the key of its word: the message syntax keeps dots for itself.
export function fieldWord(path: string): string {
  return "field." + path.replace(/\./g, "_");
}
