import { expect, it } from "vitest";
import type { Router } from "vue-router";
import { guard, wayOf } from "./guard";

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

// What the guard does on the way to a page, with a server that answers or doesn't.
async function walk(open: boolean, known: () => Promise<void>): Promise<unknown> {
  let before: (to: unknown) => Promise<unknown> = () => Promise.resolve();
  guard({ beforeEach: (then: typeof before) => void (before = then) } as unknown as Router, { session: null, stranger: false, known });
  return before({ ...page, meta: { title: "", open } });
}

it("asks who is here on every page, and lets nobody wait for it where strangers may go", async () => {
  let asked = 0;
  const answers = () => (asked++, Promise.resolve());
  const silent = () => (asked++, Promise.reject(new Error("no answer")));
  expect(await walk(true, answers)).toBe(true);
  expect(await walk(true, silent)).toBe(true);
  expect(await walk(false, answers)).toBe(true);
  await expect(walk(false, silent)).rejects.toThrow("no answer");
  expect(asked).toBe(4);
});
