import { expect, it } from "vitest";
import { isNear, nearPrefix } from "./near";

it("knows the slips people make", () => {
  expect(isNear("24112000000048542136", "24112000000048542163")).toBe(true); // swapped
  expect(isNear("24112000000048542164", "24112000000048542163")).toBe(true); // one wrong
  expect(isNear("2411200000004854216", "24112000000048542163")).toBe(true); // one left out
  expect(isNear("241120000000485421633", "24112000000048542163")).toBe(true); // one too many
  expect(isNear("24112000000048542163", "24112000000048542163")).toBe(false);
  expect(isNear("24112000000048542199", "24112000000048542163")).toBe(false);
  expect(nearPrefix("24112000000048542163")).toBe("241120000000");
  expect(nearPrefix("123")).toBe("");
});
