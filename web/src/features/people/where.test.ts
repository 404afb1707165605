import { expect, it } from "vitest";
import { backTo, factorOf, secretOf } from "./where";

it("goes back to pages of this site alone", () => {
  expect(backTo("/invoices?number=1")).toBe("/invoices?number=1");
  for (const bad of ["//evil.example", "/\\evil.example", "https://evil.example", "", undefined, ["/a"]]) expect(backTo(bad)).toBe("/");
});

it("reads the secret of a link", () => {
  expect(secretOf("#t=abc")).toBe("abc");
  expect(secretOf("#abc")).toBe("abc");
  expect(secretOf("")).toBe("");
});

it("reads what an identity provider has left to do", () => {
  expect(factorOf("#factor=a_b-1&to=/invoices?number=1&kind=31")).toEqual({ ticket: "a_b-1", to: "/invoices?number=1&kind=31" });
  expect(factorOf("#factor=abc")).toEqual({ ticket: "abc", to: "/" });
  expect(factorOf("#factor=abc&to=//evil.example")).toEqual({ ticket: "abc", to: "/" });
  for (const none of ["", "#t=abc", "#factor="]) expect(factorOf(none)).toBe(null);
});
