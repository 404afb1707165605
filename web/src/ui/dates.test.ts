import { expect, it } from "vitest";
import { formatMoment, parseDay, rangeOf } from "./dates";

it("names ranges by their first and last day", () => {
  const day = new Date(2026, 0, 31);
  expect(rangeOf("month", day)).toEqual({ from: "2026-01-01", to: "2026-01-31" });
  expect(rangeOf("last_month", day)).toEqual({ from: "2025-12-01", to: "2025-12-31" });
  expect(rangeOf("quarter", new Date(2024, 1, 29))).toEqual({ from: "2024-01-01", to: "2024-03-31" });
});

it("reads dates as people write them", () => {
  for (const typed of ["20240528", "2024-05-28", "2024/5/28", "2024年05月28日", " 2024.5.28 "]) {
    expect(parseDay(typed)).toBe("2024-05-28");
  }
  for (const typed of ["", "2024-02-30", "20241301", "5/28/2024", "2024-5"]) expect(parseDay(typed)).toBeNull();
});

it("tells the day of a moment only when it is another one", () => {
  const moment = new Date(2026, 10, 21, 12, 3, 7).toISOString();
  expect(formatMoment(moment, new Date(2026, 10, 21, 23, 59))).toBe("12:03:07");
  expect(formatMoment(moment, new Date(2026, 10, 22, 0, 0))).toBe("2026-11-21 12:03:07");
  expect(formatMoment("", new Date())).toBe("");
});
