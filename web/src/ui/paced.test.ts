import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { paced } from "./paced";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("acts at once, then once a second while it is asked, and after the last", () => {
  let acted = 0;
  const ask = paced(1000, () => acted++);
  vi.advanceTimersByTime(5000);
  expect(acted).toBe(0);
  ask();
  vi.advanceTimersByTime(0);
  expect(acted).toBe(1);
  for (let i = 0; i < 100; i++) {
    ask(); // every 25 ms
    vi.advanceTimersByTime(25);
  }
  expect(acted).toBe(3);
  vi.advanceTimersByTime(10_000);
  expect(acted).toBe(4);
  ask();
  vi.advanceTimersByTime(0);
  expect(acted).toBe(5);
});
