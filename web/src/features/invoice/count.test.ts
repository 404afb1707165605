import { expect, test } from "vitest";
import { countWords, hiddenOf } from "./count";

const say = (key: string, values: { n: string }) => `${key} ${values.n}`;
const sums = { amount: "", tax: "", total: "" };

test("a count is exact, or says that there are more", () => {
  expect(countWords(say, { count: 12345, exact: true, ...sums })).toBe("12,345");
  expect(countWords(say, { count: 10000, exact: false, ...sums })).toBe("common.atLeast 10,000");
  expect(countWords(say, undefined)).toBe("0");
});

test("how many are hidden is not said when it is not known", () => {
  const page = { items: [], next_cursor: null, hidden: 7, total: { count: 1, exact: true, ...sums } };
  expect(hiddenOf(page)).toBe(7);
  expect(hiddenOf({ ...page, total: { ...page.total, exact: false } })).toBe(0);
  expect(hiddenOf(null)).toBe(0);
});
