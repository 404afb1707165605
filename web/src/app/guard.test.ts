import { expect, it } from "vitest";
import { wayOf } from "./guard";

const page = { name: "invoices", fullPath: "/invoices?number=1", meta: { title: "" } };

it("sends whom the server refused to sign in, and back", () => {
  expect(wayOf(page, { session: null, stranger: true })).toEqual({ name: "sign-in", query: { to: page.fullPath } });
});

it("shows everything for as long as nobody was refused", () => {
  expect(wayOf(page, { session: null, stranger: false })).toBe(true);
});

it("lets strangers verify", () => {
  expect(wayOf({ ...page, meta: { title: "", open: true } }, { session: null, stranger: true })).toBe(true);
});

it("begins with what one administers, or the account, where no documents may be read", () => {
  const home = { name: "home", fullPath: "/", meta: { title: "" } };
  expect(wayOf(home, { session: { acts: ["read_audit"] }, stranger: false })).toEqual({ name: "account" });
  expect(wayOf(home, { session: { acts: ["read_accounts"] }, stranger: false })).toBe("/admin/accounts");
  expect(wayOf(home, { session: { acts: ["read_documents"] }, stranger: false })).toBe(true);
});
