// The pages of administration, once: where each is, whom it is shown to, and whether it stands in
// the main menu. What one may not do is not offered.
import type { RouteRecordRaw } from "vue-router";

export interface AdminPage {
  name: string;
  act: string;
  main: boolean; // what somebody is here for, and not now and then: stands in the main menu
  component: () => Promise<unknown>;
}

export const PAGES: AdminPage[] = [
  { name: "accounts", act: "read_accounts", main: true, component: () => import("./AccountsPage.vue") },
  { name: "policy", act: "manage_security", main: true, component: () => import("./PolicyPage.vue") },
  { name: "addresses", act: "manage_security", main: true, component: () => import("./AddressesPage.vue") },
  { name: "messages", act: "manage_settings", main: true, component: () => import("./MessagesPage.vue") },
  { name: "erasures", act: "read_erasures", main: false, component: () => import("./ErasuresPage.vue") },
  { name: "organisations", act: "choose_organisation", main: true, component: () => import("./OrganisationsPage.vue") },
];

type May = (act: string) => boolean;

export const pathOf = (page: Pick<AdminPage, "name">): string => "/admin/" + page.name;
export const wordOf = (page: Pick<AdminPage, "name">): string => `admin.${page.name}.title`;
export const pagesOf = (may: May): AdminPage[] => PAGES.filter((page) => may(page.act));

// What the main menu shows of it: nothing, the one page by its own name, or the first of several.
export function menuOf(may: May): { to: string; word: string; under: string } | null {
  const main = pagesOf(may).filter((page) => page.main);
  const first = main[0];
  if (!first) return null;
  return { to: pathOf(first), word: main.length === 1 ? wordOf(first) : "admin.title", under: main.length === 1 ? pathOf(first) : "/admin" };
}

export const adminRoutes: RouteRecordRaw[] = PAGES.map(
  (page) => ({ path: pathOf(page), name: "admin-" + page.name, component: page.component, meta: { title: wordOf(page), parent: "home" } }) as RouteRecordRaw,
);
