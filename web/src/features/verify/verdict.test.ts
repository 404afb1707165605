import { expect, it } from "vitest";
import type { VerifyAnswer } from "@/api/types";
import { verdictOf, waitOf } from "./verdict";

const base: VerifyAnswer = {
  result: "match", state: "normal", basis: "seal_valid", conflict: false, mismatch: [],
  message: { zh: "", en: "" }, signer: "", sequence: 1,
};

it("only strong evidence and a normal state is green", () => {
  expect(verdictOf(base, "total")).toMatchObject({ form: "match", tone: "good", asides: ["state.normal"] });
  for (const basis of ["unsigned_file", "qr", "ocr", "manual", "something_new"]) {
    const verdict = verdictOf({ ...base, basis }, "total");
    expect(verdict.form).toBe("unsigned");
    expect(verdict.tone).not.toBe("good");
    expect(verdict.notes).toContain("verify.official");
  }
  expect(verdictOf({ ...base, state: "voided" }, "total").tone).toBe("bad");
  expect(verdictOf({ ...base, state: "red_full" }, "total").notes).toContain("verify.noteRed");
  expect(verdictOf({ ...base, conflict: true }, "total").tone).toBe("warn");
});

it("a mismatch asks the question that most often explains it", () => {
  const wrong = (field: string): VerifyAnswer => ({ ...base, result: "mismatch", mismatch: [field] });
  expect(verdictOf(wrong("amount"), "amount").notes).toEqual(["verify.hintAmount"]);
  expect(verdictOf(wrong("total"), "total").notes).toEqual(["verify.hintTotal"]);
  expect(verdictOf(wrong("issue_date"), "total").notes).toEqual(["verify.hintDate"]);
  expect(verdictOf({ ...base, result: "not_found" }, "none").form).toBe("not_found");
});

it("says how long to wait", () => {
  expect(waitOf(61)).toEqual({ word: "verify.wait", value: 2 });
  expect(waitOf(0)).toEqual({ word: "verify.wait", value: 1 });
  expect(waitOf(7201)).toEqual({ word: "verify.waitHours", value: 3 });
});
