import { expect, it } from "vitest";
import type { Arrival, DocumentState } from "@/api/types";
import { decide, inOrder, isFinished, newRow, pollDelayMs, refusal, ROWS_FEW, rowTone, stepsOf, toLookAt } from "./row";
import { percentOf } from "./transfer";

function arrival(state: DocumentState): Arrival {
  return {
    reference: "R-2026-000001", first_reference: "R-2026-000001", state, reason: null, media: "xml",
    file_name: "a.xml", sha256: "", size: 1, source: "http", received_at: "", decided_at: null, invoices: [],
    container: null, entries: null, ledger: null,
  };
}

it("a row goes on until its file is decided, and its colour follows", () => {
  const row = newRow(1, "a.xml", 1, "k");
  expect([row.stage, rowTone(row), isFinished(row)]).toEqual(["waiting", "busy", false]);
  decide(row, arrival("received"));
  expect([row.stage, isFinished(row)]).toEqual(["received", false]);
  const tones: [DocumentState, string][] = [
    ["accepted", "good"], ["duplicate", "warn"], ["conflict", "warn"], ["quarantined", "bad"], ["rejected", "bad"],
  ];
  for (const [state, tone] of tones) {
    decide(row, arrival(state));
    expect([rowTone(row), isFinished(row)]).toEqual([tone, true]);
  }
});

it("a zip is decided when its files are, and is green when all of them are accepted", () => {
  const row = newRow(1, "a.zip", 1, "k");
  const zip = (...states: DocumentState[]): Arrival => ({
    ...arrival("unpacked"),
    entries: {
      count: states.length, skipped: 0, skipped_names: [], next_cursor: null,
      items: states.map((state) => ({ file_name: "a", sha256: "", reference: "R", first_reference: "R", state, reason: null, invoices: [] })),
    },
  });
  decide(row, zip("accepted", "received"));
  expect(row.stage).toBe("received");
  decide(row, zip("accepted", "accepted"));
  expect([row.stage, rowTone(row)]).toEqual(["decided", "good"]);
  decide(row, zip("accepted", "quarantined"));
  expect([row.stage, rowTone(row)]).toEqual(["decided", "warn"]);
  expect(stepsOf("unpacked").every((step) => step.state === "done")).toBe(true);
});

it("says before sending what can't be taken", () => {
  expect(refusal(0)).toBe("upload.empty");
  expect(refusal(64 * 1024 * 1024)).toBeNull();
  expect(refusal(64 * 1024 * 1024 + 1)).toBe("upload.tooLarge");
});

it("three steps where the bytes are kept; only the accepted finish them all", () => {
  expect(stepsOf("rejected")).toEqual([{ word: "upload.failed", state: "bad" }]);
  for (const state of ["sending", "received", "duplicate", "conflict", "quarantined"] as const) {
    expect(stepsOf(state)).toHaveLength(3);
    expect(stepsOf(state).every((step) => step.state === "done")).toBe(false);
  }
  expect(stepsOf("accepted").every((step) => step.state === "done")).toBe(true);
});

it("asks often at first, then every two seconds", () => {
  expect(pollDelayMs(0)).toBe(150);
  expect(pollDelayMs(50)).toBe(2000);
  expect(percentOf(1, 3)).toBe(33);
  expect(percentOf(0, 0)).toBe(100);
});

it("of many rows those to look at come first, of few none moves", () => {
  const rows = Array.from({ length: ROWS_FEW }, (_, i) => newRow(i, `${i}.xml`, 1, "k"));
  for (const row of rows) decide(row, arrival("accepted"));
  decide(rows[2]!, arrival("duplicate"));
  decide(rows[5]!, arrival("quarantined"));
  expect(inOrder(rows)).toBe(rows);
  rows.push(newRow(8, "8.xml", 1, "k"));
  rows[8]!.stage = "paused"; // not finished: nothing to look at yet
  expect(inOrder(rows).map((row) => row.id)).toEqual([5, 2, 0, 1, 3, 4, 6, 7, 8]);
  expect(toLookAt(rows)).toBe(2);
});
