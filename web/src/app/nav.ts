import type { IconName } from "@/ui/icons";

export const NAV: { to: string; word: string; icon: IconName }[] = [
  { to: "/", word: "nav.home", icon: "home" },
  { to: "/invoices", word: "nav.invoices", icon: "invoice" },
  { to: "/documents", word: "nav.documents", icon: "inbox" },
  { to: "/verify", word: "nav.verify", icon: "shield" },
  { to: "/sync", word: "nav.sync", icon: "sync" },
];

export function isUnder(path: string, to: string): boolean {
  return to === "/" ? path === "/" : path === to || path.startsWith(to + "/");
}
