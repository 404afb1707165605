import { expect, it } from "vitest";
import { isBalanced } from "./equation";

it("holds exactly when nothing is unaccounted for", () => {
  const today = {
    day: "2026-11-21", received: 42, accepted: 37, duplicate: 2, conflict: 1, quarantined: 1, rejected: 0,
    in_progress: 1, invoices: 9, events: 99,
  };
  expect(isBalanced(today)).toBe(true);
  expect(isBalanced({ ...today, accepted: 36 })).toBe(false);
});
