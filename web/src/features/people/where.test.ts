import { expect, it } from "vitest";
import { backTo, secretOf } from "./where";

it("goes back to pages of this site alone", () => {
  expect(backTo("/invoices?number=1")).toBe("/invoices?number=1");
  for (const bad of ["//evil.example", "/\\evil.example", "https://evil.example", "", undefined, ["/a"]]) expect(backTo(bad)).toBe("/");
});

it("reads the secret of a link", () => {
  expect(secretOf("#t=abc")).toBe("abc");
  expect(secretOf("#abc")).toBe("abc");
  expect(secretOf("")).toBe("");
});
