import { afterEach, expect, it, vi } from "vitest";
import { search } from "./search";
import { solve } from "./work";

const EASY = { text: "a".repeat(64), bits: 8 };
const ENDLESS = { text: "a".repeat(64), bits: 200 };
const answer = search(EASY)(5000);
const never = new AbortController().signal;

// A thread that does what it is told; `all` keeps those that were started.
class FakeWorker {
  static all: FakeWorker[] = [];
  static act: (worker: FakeWorker) => void = () => {};
  onmessage: (event: { data: object }) => void = () => {};
  onerror: () => void = () => {};
  posted: unknown = null;
  ended = false;
  constructor() {
    FakeWorker.all.push(this);
  }
  postMessage(message: unknown): void {
    this.posted = message;
    setTimeout(() => FakeWorker.act(this));
  }
  terminate(): void {
    this.ended = true;
  }
}
function threads(act: (worker: FakeWorker) => void): FakeWorker[] {
  FakeWorker.all = [];
  FakeWorker.act = act;
  vi.stubGlobal("Worker", FakeWorker);
  return FakeWorker.all;
}
afterEach(() => vi.unstubAllGlobals());

it("is done by a thread, which says how far it is and is ended", async () => {
  const told: number[] = [];
  const all = threads((worker) => {
    worker.onmessage({ data: { tries: 4096 } });
    worker.onmessage({ data: { answer: "found" } });
  });
  expect(await solve(EASY, never, (n) => told.push(n))).toBe("found");
  expect([told, all.length, all[0]?.posted, all[0]?.ended]).toEqual([[4096], 1, EASY, true]);
});

it("ends the thread when it is stopped", async () => {
  const leave = new AbortController();
  const all = threads(() => leave.abort());
  expect(await solve(ENDLESS, leave.signal, () => {})).toBeNull();
  expect(all.map((one) => one.ended)).toEqual([true]);
  expect(await solve(ENDLESS, leave.signal, () => {})).toBeNull();
  expect(all.length).toBe(1);
});

it("is done on the page's own thread where the other's file does not arrive, or none can be started", async () => {
  const all = threads((worker) => worker.onerror());
  expect(await solve(EASY, never, () => {})).toBe(answer);
  expect(all.map((one) => one.ended)).toEqual([true]);
  vi.stubGlobal("Worker", undefined);
  expect(await solve(EASY, never, () => {})).toBe(answer);
});

it("leaves the page's own thread to others between slices, and can be stopped there", async () => {
  vi.stubGlobal("Worker", undefined);
  const leave = new AbortController();
  const told: number[] = [];
  let others = 0;
  const done = solve(ENDLESS, leave.signal, (n) => {
    told.push(n);
    setTimeout(() => ++others === 3 && leave.abort());
    if (told.length === 100) leave.abort();
  });
  expect(await done).toBeNull();
  expect([others, told.length]).toEqual([3, 3]);
  expect(told[0]).toBeGreaterThan(0);
  expect(told[2]).toBeGreaterThan(told[1] ?? 0);
});
