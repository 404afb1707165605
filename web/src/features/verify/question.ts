// What a person types to verify, and whether it is enough to ask.
import type { FourthField, VerifyNeeds, VerifyQuestion } from "@/api/types";
import { parseDay } from "@/ui/dates";
import { halfWidth, parseMoney } from "@/ui/money";

export interface VerifyForm {
  number: string;
  code: string;
  date: string;
  fourth: string;
  kind: string;
}

export function emptyForm(): VerifyForm {
  return { number: "", code: "", date: "", fourth: "", kind: "" };
}

function qrDay(text: string): string {
  return parseDay(text) ?? "";
}

// 01,<kind>,<code>,<number>,<amount>,<date>,<check code>,<crc>: fields of the QR on an invoice.
function fromQr(parts: string[], fourth: (kind: string) => FourthField): VerifyForm {
  const [, kind = "", code = "", number = "", amount = "", date = "", check = ""] = parts;
  const wants = fourth(kind);
  return { kind, code, number, date: qrDay(date), fourth: wants === "check_code" ? check.slice(-6) : amount };
}

const FOURTH_OF_QR: Record<string, FourthField> = { "04": "check_code", "10": "check_code", "11": "check_code", "14": "check_code" };

// The one box takes a number, "code number", or a QR code's text. null: nothing but a number.
export function fromPaste(text: string): VerifyForm | null {
  const plain = halfWidth(text).trim();
  const parts = plain.split(",").map((part) => part.trim());
  if (parts.length >= 6 && parts[0] === "01" && /^\d{8}(\d{12})?$/.test(parts[3] ?? "")) {
    return fromQr(parts, (kind) => FOURTH_OF_QR[kind] ?? "amount");
  }
  const pair = /^(\d{10}|\d{12})[\s,/-]+(\d{8})$/.exec(plain);
  return pair ? { ...emptyForm(), code: pair[1] ?? "", number: pair[2] ?? "" } : null;
}

export function digitsOf(text: string): string {
  return halfWidth(text).replace(/[\s-]/g, "");
}

// Whether the box holds a whole number, so that asking what it needs makes sense.
export function isWholeNumber(number: string): boolean {
  return /^(\d{8}|\d{20})$/.test(digitsOf(number));
}

export type Wrong = Partial<Record<keyof VerifyForm, string>>; // field -> key of the words

export function check(form: VerifyForm, needs: VerifyNeeds): { question: VerifyQuestion; wrong: Wrong } {
  const wrong: Wrong = {};
  const question: VerifyQuestion = { number: digitsOf(form.number), issue_date: parseDay(form.date) ?? "" };
  if (!isWholeNumber(form.number)) wrong.number = "verify.missingNumber";
  if (question.issue_date === "") wrong.date = "verify.missingDate";
  if (needs.code) {
    question.code = digitsOf(form.code);
    if (!/^(\d{10}|\d{12})$/.test(question.code)) wrong.code = "verify.missingCode";
  }
  if (needs.fourth === "check_code") {
    question.check_code = digitsOf(form.fourth).slice(-6);
    if (!/^[0-9A-Za-z]{5,6}$/.test(question.check_code)) wrong.fourth = "verify.missingCheck";
  } else if (needs.fourth !== "none") {
    const money = parseMoney(form.fourth);
    if (money === null) wrong.fourth = "verify.missingAmount";
    else question[needs.fourth] = money;
  }
  if (needs.kind !== "") question.kind = needs.kind;
  return { question, wrong };
}
