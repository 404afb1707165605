import { expect, it } from "vitest";
import type { Ledger } from "@/api/types";
import { checkCommand, hasOutcome, LATE_SECONDS, standingOf } from "./standing";

const NOW = new Date(2026, 10, 21, 12, 30, 0);
const PLACE = { index: 16, leaf_hash: "ab".repeat(32), promise: null, receipt: "/api/v1/documents/R-1/receipt" };
const LEDGER: Ledger = {
  origin: "fapiao.local/x", vkeys: ["k"], size: 88, root: "", time: new Date(2026, 10, 21, 12, 3, 7).toISOString(),
  age_seconds: 1, witnesses: { asked: 0, need: 0, signed: 0, size: 0 }, checkpoint: "",
};

it("counts from one, and says which checkpoint covers it", () => {
  const standing = standingOf(PLACE, LEDGER, NOW);
  expect(standing).toMatchObject({ sealed: true, tone: "good", word: "receipt.sealed" });
  expect(standing.values).toMatchObject({ n: 17, size: 88, time: "12:03:07" });
  const three = { asked: 3, need: 2, signed: 2, size: 17 };
  expect(standingOf(PLACE, { ...LEDGER, witnesses: three }, NOW)).toMatchObject({ word: "receipt.sealedWitnessed", values: { signed: 2, asked: 3 } });
  expect(standingOf({ ...PLACE, index: 17 }, { ...LEDGER, witnesses: three }, NOW).word).toBe("receipt.sealedAsked");
});

it("the leaf just behind the checkpoint has a promise alone", () => {
  expect(standingOf({ ...PLACE, index: 87 }, LEDGER, NOW).sealed).toBe(true);
  expect(standingOf({ ...PLACE, index: 88 }, LEDGER, NOW)).toMatchObject({ sealed: false, word: "receipt.promised" });
  expect(standingOf({ ...PLACE, index: 0 }, { ...LEDGER, size: 0, time: null, age_seconds: null }, NOW).sealed).toBe(false);
});

it("a log that is late is named so; what is in no ledger has no receipt", () => {
  const late = standingOf({ ...PLACE, index: 88 }, { ...LEDGER, age_seconds: LATE_SECONDS + 1 }, NOW);
  expect(late).toMatchObject({ tone: "warn", word: "receipt.late" });
  expect(standingOf(null, LEDGER, NOW).word).toBe("receipt.none");
});

it("outcomes have receipts where something was decided here", () => {
  expect(["accepted", "conflict", "quarantined"].every((s) => hasOutcome(s as "accepted"))).toBe(true);
  expect(hasOutcome("received") || hasOutcome("duplicate") || hasOutcome("rejected")).toBe(false);
});

it("a file's name can't end the command's quotes", () => {
  expect(checkCommand(["a+1+b", "a+2+c"], 0, "R-1", "it's.xml")).toBe(`fapiao-check --vkey 'a+1+b' --vkey 'a+2+c' R-1.tlog-proof 'it'\\''s.xml'`);
  expect(checkCommand(["a+1+b"], 2, "R-1", "b.xml")).toBe("fapiao-check --allow-unknown --vkey 'a+1+b' R-1.tlog-proof 'b.xml'");
});
