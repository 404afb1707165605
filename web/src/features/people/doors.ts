// The screens of the door: `open` ones need nobody to have signed in.
import type { RouteRecordRaw } from "vue-router";

function screen(name: string, title: string, component: RouteRecordRaw["component"], open = false): RouteRecordRaw {
  return { path: "/" + name, name, component, meta: { title, parent: "home", open } } as RouteRecordRaw;
}

export const doors: RouteRecordRaw[] = [
  screen("sign-in", "people.signIn", () => import("./SignInPage.vue"), true),
  screen("setup", "people.setup.title", () => import("./SetupPage.vue"), true),
  screen("forgot", "people.forgot.title", () => import("./ForgotPage.vue"), true),
  screen("reset", "people.reset.title", () => import("./ResetPage.vue"), true),
  screen("register", "people.reg.title", () => import("./RegisterPage.vue"), true),
  screen("confirm", "people.confirm.title", () => import("./ConfirmPage.vue"), true),
  screen("invitation", "people.invite.title", () => import("./InvitationPage.vue"), true),
  screen("organisation", "people.org.title", () => import("@/features/organisation/OrganisationPage.vue")),
  screen("audit", "people.audit.title", () => import("@/features/audit/AuditPage.vue")),
  screen("account", "people.account.title", () => import("@/features/account/AccountPage.vue")),
];
