// Every screen, once. `title` is the key of its words, `parent` the crumb before it.
import { createRouter, createWebHistory, type RouteRecordRaw } from "vue-router";
import { adminRoutes } from "@/features/admin/pages";
import { doors } from "@/features/people/doors";
import HomePage from "@/features/home/HomePage.vue";

declare module "vue-router" {
  interface RouteMeta {
    title: string;
    parent?: "home" | "invoices" | "documents";
    open?: boolean; // for those, too, who have not signed in
  }
}

export const routes: RouteRecordRaw[] = [
  { path: "/", name: "home", component: HomePage, meta: { title: "nav.home" } },
  {
    path: "/invoices",
    name: "invoices",
    component: () => import("@/features/invoice/InvoicesPage.vue"),
    meta: { title: "nav.invoices", parent: "home" },
  },
  {
    path: "/invoices/:id",
    name: "invoice",
    component: () => import("@/features/invoice/InvoicePage.vue"),
    props: true,
    meta: { title: "nav.invoices", parent: "invoices" },
  },
  {
    path: "/verify",
    name: "verify",
    component: () => import("@/features/verify/VerifyPage.vue"),
    meta: { title: "nav.verify", parent: "home", open: true },
  },
  {
    path: "/documents",
    name: "documents",
    component: () => import("@/features/document/DocumentsPage.vue"),
    meta: { title: "nav.documents", parent: "home" },
  },
  {
    path: "/documents/:reference",
    name: "document",
    component: () => import("@/features/document/DocumentPage.vue"),
    props: true,
    meta: { title: "nav.documents", parent: "documents" },
  },
  {
    path: "/sync",
    name: "sync",
    component: () => import("@/features/sync/SyncPage.vue"),
    meta: { title: "nav.sync", parent: "home" },
  },
  ...doors,
  ...adminRoutes,
  {
    path: "/:rest(.*)*",
    name: "lost",
    component: () => import("./LostPage.vue"),
    meta: { title: "lost.title", parent: "home", open: true },
  },
];

export const router = createRouter({
  history: createWebHistory(),
  routes,
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
});
