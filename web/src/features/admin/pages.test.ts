import { expect, it } from "vitest";
import { menuOf, PAGES, pagesOf } from "./pages";

const may = (...acts: string[]) => (act: string) => acts.includes(act);
const names = (...acts: string[]) => pagesOf(may(...acts)).map((page) => page.name);

it("shows each administrator the pages of their acts", () => {
  expect(names("read_accounts", "manage_accounts", "manage_settings")).toEqual(["accounts", "messages"]);
  expect(names("read_accounts", "manage_security", "read_erasures", "confirm_erasure")).toEqual(["accounts", "policy", "addresses", "erasures"]);
  expect(names("choose_organisation", "read_documents")).toEqual(["organisations"]);
  expect(names("read_documents", "own_account")).toEqual([]);
});

it("stands in the main menu for those whose work it is", () => {
  expect(menuOf(may("read_erasures", "ask_erasure"))).toBeNull();
  expect(menuOf(may("choose_organisation"))).toEqual({ to: "/admin/organisations", word: "admin.organisations.title", under: "/admin/organisations" });
  expect(menuOf(may("manage_security"))).toEqual({ to: "/admin/policy", word: "admin.title", under: "/admin" });
});

it("names no page twice", () => {
  expect(new Set(PAGES.map((page) => page.name)).size).toBe(PAGES.length);
});
