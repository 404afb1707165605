// What somebody may do to an account: as the server decides it (account_admin.h), so that no key is
// shown that would be refused.
import type { Account } from "@/api/people-types";

export type AccountAction = "roles" | "password" | "factor" | "disable" | "enable";

const OFFICERS = ["tax_reviewer", "tax_auditor"];
export const PLATFORM_ROLES = [...OFFICERS, "system_admin", "security_admin", "audit_admin"] as const;

export function nameOf(account: Pick<Account, "name" | "login" | "mail" | "phone" | "id">): string {
  return account.name || account.login || account.mail || account.phone || account.id;
}

export function actionsOf(account: Account, may: (act: string) => boolean, self: string): AccountAction[] {
  if (account.state === "deleted" || account.id === self) return [];
  const security = may("manage_security");
  const administers = account.platform_roles.some((role) => !OFFICERS.includes(role));
  const actions: AccountAction[] = [];
  if (security) actions.push("roles");
  if (security && account.factor) actions.push("factor");
  if (may("manage_accounts") && (security || !administers)) {
    if (account.platform_roles.length === 0) actions.push("password");
    actions.push(account.state === "disabled" ? "enable" : "disable");
  }
  return actions;
}
