// The door for administration: accounts, policy, addresses, messages, erasures.
import { ask, queryString, type Query } from "./client";
import { send } from "./people";
import type { Account } from "./people-types";
import type { Page } from "./types";

export interface NewAccount {
  login: string;
  name: string;
  mail: string;
  phone: string;
  password: string;
}
export type Policy = Record<string, string>;
export interface AddressRule {
  block: string;
  effect: "allow" | "deny";
  note: string;
  created_at: string;
}
export interface AddressRules {
  items: AddressRule[];
  address: string;
}
export interface Message {
  id: string;
  channel: string;
  to: string;
  template: string;
  language: string;
  state: string;
  reason: string;
  reason_en: string;
  tries: number;
  created_at: string;
  next_at: string | null;
  sent_at: string | null;
}
export interface Setting {
  name: string;
  set: boolean;
  secret: boolean;
  value: string;
}
export interface Erasure {
  id: string;
  organisation: string;
  reference: string;
  reason: string;
  asked_by: string;
  asked_name: string;
  asked_at: string;
  decided_by: string;
  decided_name: string;
  decided_at: string | null;
  expires_at: string | null;
  state: string;
}
const part = encodeURIComponent;

export const admin = {
  accounts: (query: Query) => ask<Page<Account>>("/accounts" + queryString(query)),
  addAccount: (account: NewAccount) => send<Account>("/accounts/new", "POST", account),
  setState: (id: string, state: string) => send<Account>("/accounts/" + part(id), "PATCH", { state }),
  setPassword: (id: string, password: string) => send<Account>("/accounts/" + part(id), "PATCH", { password }),
  setRoles: (id: string, roles: string[]) => send<Account>(`/accounts/${part(id)}/roles`, "POST", { roles: roles.join() }),
  resetFactor: (id: string) => ask<Account>(`/accounts/${part(id)}/factor`, { method: "DELETE" }),
  policy: () => ask<Policy>("/policy"),
  setPolicy: (changes: Policy) => send<Policy>("/policy", "PATCH", changes),
  oidc: () => ask<Policy>("/oidc/settings"),
  setOidc: (changes: Policy) => send<Policy>("/oidc/settings", "PATCH", changes),
  rules: () => ask<AddressRules>("/address-rules"),
  addRule: (rule: { block: string; effect: string; note: string }) => send<AddressRules>("/address-rules", "POST", rule),
  removeRule: (block: string) => ask<unknown>("/address-rules/" + part(block), { method: "DELETE" }),
  messages: (query: Query) => ask<Page<Message>>("/notifications" + queryString(query)),
  testMessage: (channel: string, to: string, language: string) => send<Message>("/notifications", "POST", { channel, to, language }),
  retryMessage: (id: string) => ask<Message>(`/notifications/${part(id)}/retry`, { method: "POST" }),
  settings: () => ask<{ items: Setting[] }>("/notifications/settings"),
  setSettings: (items: { name: string; value: string }[]) => send<{ items: Setting[] }>("/notifications/settings", "POST", { items }),
  erasures: (query: Query) => ask<Page<Erasure>>("/erasures" + queryString(query)),
  askErasure: (reference: string, reason: string) => send<Erasure>("/erasures", "POST", { reference, reason }),
  confirmErasure: (id: string) => ask<Erasure>(`/erasures/${part(id)}/confirmation`, { method: "POST" }),
  refuseErasure: (id: string) => ask<Erasure>(`/erasures/${part(id)}/refusal`, { method: "POST" }),
};
