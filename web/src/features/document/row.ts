// One dropped file on its way: waiting → sending → received → decided, or failed. Pure, so that
// every path can be tested; uploads.ts drives it.
import type { Arrival, Sentence } from "@/api/types";
import { DOCUMENT_BYTES_MAX } from "./transfer";

export type Stage = "waiting" | "sending" | "paused" | "received" | "decided" | "failed";

export interface UploadRow {
  id: number;
  name: string;
  size: number;
  key: string; // of idempotency
  stage: Stage;
  percent: number;
  reference: string;
  arrival: Arrival | null;
  problem: Sentence | null;
  retriable: boolean;
  slow: boolean; // reading takes longer than a person waits
}

export type Tone = "plain" | "busy" | "good" | "warn" | "bad";

export function newRow(id: number, name: string, size: number, key: string): UploadRow {
  return {
    id, name, size, key,
    stage: "waiting", percent: 0, reference: "", arrival: null, problem: null, retriable: false, slow: false,
  };
}

// What can be told before sending a byte; the words' keys.
export function refusal(size: number): "upload.empty" | "upload.tooLarge" | null {
  if (size === 0) return "upload.empty";
  return size > DOCUMENT_BYTES_MAX ? "upload.tooLarge" : null;
}

export function isFinished(row: UploadRow): boolean {
  return row.stage === "decided" || row.stage === "failed";
}

export function decide(row: UploadRow, arrival: Arrival): void {
  row.arrival = arrival;
  row.reference = arrival.reference;
  row.stage = isOpen(arrival) ? "received" : "decided";
}

// A zip is decided when its files are: those of its first page, which a person sees.
function isOpen(arrival: Arrival): boolean {
  return arrival.state === "received" || (arrival.entries?.items.some((entry) => entry.state === "received") ?? false);
}

export function rowTone(row: UploadRow): Tone {
  if (row.stage === "failed") return "bad";
  if (row.stage !== "decided") return row.stage === "paused" ? "warn" : "busy";
  switch (row.arrival?.state) {
    case "accepted":
      return "good";
    case "unpacked":
      return row.arrival.entries?.items.every((entry) => entry.state === "accepted") ? "good" : "warn";
    case "duplicate":
    case "conflict":
      return "warn";
    default:
      return "bad";
  }
}

export const ROWS_FEW = 8;

// Of many, those that somebody has to look at come first, the worst of all; else as they came.
export function inOrder(rows: UploadRow[]): UploadRow[] {
  if (rows.length <= ROWS_FEW) return rows;
  const ranks: Partial<Record<Tone, number>> = { bad: 0, warn: 1 };
  const rankOf = (row: UploadRow): number => (isFinished(row) ? (ranks[rowTone(row)] ?? 2) : 2);
  return [...rows].sort((one, other) => rankOf(one) - rankOf(other));
}

// How many are finished and not simply in.
export function toLookAt(rows: UploadRow[]): number {
  return rows.filter((row) => isFinished(row) && rowTone(row) !== "good").length;
}

export type StepState = "todo" | "now" | "done" | "warn" | "bad";
export interface Step {
  word: string; // key of the words
  state: StepState;
}

// The steps that a person watches: 已收到 → 识别 → 入库.
export function stepsOf(state: Arrival["state"] | "sending"): Step[] {
  const steps = (a: StepState, b: StepState, c: StepState): Step[] => [
    { word: "upload.received", state: a },
    { word: "upload.reading", state: b },
    { word: "upload.stored", state: c },
  ];
  switch (state) {
    case "sending":
      return steps("now", "todo", "todo");
    case "received":
      return steps("done", "now", "todo");
    case "accepted":
    case "unpacked":
      return steps("done", "done", "done");
    case "duplicate":
      return steps("done", "warn", "todo");
    case "conflict":
      return steps("done", "done", "warn");
    case "quarantined":
      return steps("done", "bad", "todo");
    case "erased":
    case "rejected":
      return [{ word: "upload.failed", state: "bad" }]; // the bytes were not kept: no step was made
  }
}

// How long to wait before asking again, by the count of times asked.
export function pollDelayMs(asked: number): number {
  return Math.min(2000, 150 * 1.4 ** asked);
}
