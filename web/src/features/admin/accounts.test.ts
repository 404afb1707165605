import { expect, it } from "vitest";
import type { Account } from "@/api/people-types";
import { actionsOf, nameOf } from "./accounts";

const one = (more: Partial<Account> = {}): Account => ({
  id: "1", login: "wang", name: "", mail: "", phone: "", language: "zh", state: "active", mail_confirmed_at: null, phone_confirmed_at: null,
  created_at: null, factor: false, recovery_codes_left: 0, platform_roles: [], organisations: [], new_mail: "", new_phone: "", password: true, ...more,
});
const may = (...acts: string[]) => (act: string) => acts.includes(act);
const system = may("manage_accounts");
const security = may("manage_security");

it("lets the system's administrator see to people, but to no administrator", () => {
  expect(actionsOf(one(), system, "2")).toEqual(["password", "disable"]);
  expect(actionsOf(one({ state: "disabled" }), system, "2")).toEqual(["password", "enable"]);
  expect(actionsOf(one({ platform_roles: ["tax_auditor"] }), system, "2")).toEqual(["disable"]);
  expect(actionsOf(one({ platform_roles: ["audit_admin"] }), system, "2")).toEqual([]);
});

it("lets the administrator of security give roles and take a lost factor away", () => {
  expect(actionsOf(one(), security, "2")).toEqual(["roles"]);
  expect(actionsOf(one({ factor: true, platform_roles: ["audit_admin"] }), security, "2")).toEqual(["roles", "factor"]);
});

it("offers nothing on one's own account, or on one that is gone", () => {
  expect(actionsOf(one(), system, "1")).toEqual([]);
  expect(actionsOf(one({ state: "deleted" }), security, "2")).toEqual([]);
});

it("calls somebody by the first name there is", () => {
  expect([nameOf(one({ name: "王" })), nameOf(one()), nameOf(one({ login: "", mail: "m" }))]).toEqual(["王", "wang", "m"]);
});
