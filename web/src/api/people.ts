// The door for people: signing in, one's own account, administration.
import { ask, queryString, type Query } from "./client";
import type { Page } from "./types";
import type {
  Account,
  AuditPage,
  Challenge,
  FactorSecret,
  Invitation,
  Member,
  NewToken,
  Organisation,
  Provider,
  Session,
  SessionRow,
  SignedIn,
  TokenRow,
} from "./people-types";

export function send<T>(path: string, method: string, body: unknown, headers: Record<string, string> = {}): Promise<T> {
  return ask<T>(path, {
    method,
    headers: { "Content-Type": "application/json", Accept: "application/json", ...headers },
    body: JSON.stringify(body),
  });
}
const part = encodeURIComponent;

export const people = {
  session: () => ask<Session>("/session"),
  signIn: (login: string, password: string, challenge: string) =>
    send<SignedIn>("/session", "POST", { login, password }, challenge === "" ? {} : { "Fapiao-Challenge": challenge }),
  signInFactor: (ticket: string, code: string) => send<Session>("/session/factor", "POST", { ticket, code }),
  choose: (organisation: string) => send<Session>("/session", "PATCH", { organisation }),
  signOut: () => ask<null>("/session", { method: "DELETE" }),
  confirmSelf: (password: string, code: string) => send<unknown>("/session/confirmation", "POST", { password, code }),
  provider: () => ask<Provider>("/oidc"),
  identity: () => ask<{ linked: boolean }>("/account/identity"),
  unlink: () => ask<unknown>("/account/identity", { method: "DELETE" }),
  challenge: () => ask<Challenge>("/challenge"),
  setup: () => ask<{ wanted: boolean }>("/setup"),
  setUp: (code: string, accounts: Record<string, string>[]) => send<unknown>("/setup", "POST", { code, accounts }),
  register: (form: Record<string, string>, challenge: string) =>
    send<{ state: string; login?: string; organisation?: string }>("/accounts", "POST", form, { "Fapiao-Challenge": challenge }),
  confirm: (form: Record<string, string>) => send<unknown>("/accounts/confirmations", "POST", form),
  forgot: (login: string, channel: string) => send<unknown>("/passwords/forgot", "POST", { login, channel }),
  reset: (form: Record<string, string>) => send<unknown>("/passwords/reset", "POST", form),
  account: () => ask<Account>("/account"),
  change: (form: Record<string, string>) => send<Account>("/account", "PATCH", form),
  remove: () => ask<unknown>("/account", { method: "DELETE" }),
  password: (old: string, fresh: string) => send<unknown>("/account/password", "POST", { old, password: fresh }),
  factorBegin: () => ask<FactorSecret>("/account/factor", { method: "POST" }),
  factorConfirm: (code: string) => send<{ recovery_codes: string[] }>("/account/factor/confirmation", "POST", { code }),
  factorEnd: () => ask<unknown>("/account/factor", { method: "DELETE" }),
  codes: () => ask<{ recovery_codes: string[] }>("/account/recovery-codes", { method: "POST" }),
  sessions: () => ask<{ items: SessionRow[] }>("/account/sessions"),
  revoke: (id: string) => ask<unknown>("/account/sessions/" + part(id), { method: "DELETE" }),
  revokeOthers: () => ask<unknown>("/account/sessions", { method: "DELETE" }),
  tokens: () => ask<{ items: TokenRow[] }>("/account/tokens"),
  makeToken: (name: string, acts: string, days: string) => send<NewToken>("/account/tokens", "POST", { name, acts, days }),
  revokeToken: (id: string) => ask<unknown>("/account/tokens/" + part(id), { method: "DELETE" }),
  organisations: (query: Query) => ask<Page<Organisation>>("/organisations" + queryString(query)),
  organisation: () => ask<Organisation>("/organisation"),
  rename: (name: string, tax_id: string) => send<Organisation>("/organisation", "PATCH", { name, tax_id }),
  found: (name: string, tax_id: string) => send<Organisation>("/organisations", "POST", { name, tax_id }),
  memberRoles: (id: string, roles: string[]) => send<unknown>("/organisation/members/" + part(id), "PATCH", { roles }),
  removeMember: (id: string) => ask<unknown>("/organisation/members/" + part(id), { method: "DELETE" }),
  invitations: () => ask<{ items: Invitation[] }>("/organisation/invitations"),
  invite: (mail: string, roles: string[], language: string) => send<unknown>("/organisation/invitations", "POST", { mail, roles, language }),
  withdraw: (id: string) => ask<unknown>("/organisation/invitations/" + part(id), { method: "DELETE" }),
  accept: (token: string) => send<{ organisation: string }>("/invitations/acceptances", "POST", { token }),
  members: (query: Query) => ask<Page<Member>>("/organisation/members" + queryString(query)),
  audit: (query: Query) => ask<AuditPage>("/audit" + queryString(query)),
};
