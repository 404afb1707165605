import { PAGES, pathOf, wordOf } from "@/features/admin/pages";
import type { IconName } from "@/ui/icons";

export interface NavItem {
  to: string;
  word: string;
  icon: IconName;
  act: string; // whoever may not is not shown it
}

export const NAV: NavItem[] = [
  { to: "/", word: "nav.home", icon: "home", act: "read_documents" },
  { to: "/invoices", word: "nav.invoices", icon: "invoice", act: "read_invoices" },
  { to: "/documents", word: "nav.documents", icon: "inbox", act: "read_documents" },
  { to: "/verify", word: "nav.verify", icon: "shield", act: "" },
  { to: "/sync", word: "nav.sync", icon: "sync", act: "read_sync" },
];

// What the account menu offers, by what one may: any of the acts will do.
export const DESKS: { to: string; word: string; acts: string[] }[] = [
  { to: "/account", word: "people.account.title", acts: ["own_account"] },
  { to: "/organisation", word: "people.org.title", acts: ["read_organisation", "found_organisation"] },
  { to: "/audit", word: "people.audit.title", acts: ["read_audit"] },
  ...PAGES.map((page) => ({ to: pathOf(page), word: wordOf(page), acts: [page.act] })),
];

export function isUnder(path: string, to: string): boolean {
  return to === "/" ? path === "/" : path === to || path.startsWith(to + "/");
}
