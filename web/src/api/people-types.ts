// What the door for people says (OpenAPI: /api/v1/openapi.json).
export interface Membership {
  id: string;
  roles: string[];
}
export interface Session {
  account: string;
  login: string;
  name: string;
  language: string;
  organisation: string;
  roles: string[];
  acts: string[];
  factor_wanted: boolean;
  factors: number;
  confirmed: boolean; // password and code were shown in the last minutes
  organisations: Membership[];
}
export interface FactorWanted {
  factor: "totp";
  ticket: string;
}
export type SignedIn = Session | FactorWanted;
export interface Provider {
  offered: boolean;
  label_zh: string;
  label_en: string;
}
export interface Challenge {
  text: string;
  bits: number;
}
export interface Account {
  id: string;
  login: string;
  name: string;
  mail: string;
  phone: string;
  language: string;
  state: string;
  mail_confirmed_at: string | null;
  phone_confirmed_at: string | null;
  created_at: string | null;
  factor: boolean;
  recovery_codes_left: number;
  new_mail: string; // asked for, not confirmed yet
  new_phone: string;
  password: boolean; // there is one
  platform_roles: string[];
  organisations: Membership[];
}
export interface FactorSecret {
  secret: string;
  uri: string;
  svg: string;
}
export interface SessionRow {
  id: string;
  address: string;
  agent: string;
  organisation: string;
  factors: number;
  created_at: string;
  seen_at: string;
  current: boolean;
}
export interface TokenRow {
  id: string;
  name: string;
  acts: string;
  organisation: string;
  created_at: string;
  expires_at: string;
  used_at: string | null;
}
export interface NewToken {
  id: string;
  token: string;
  expires_at: string;
}
export interface Organisation {
  id: string;
  kind: string;
  state: string;
  name: string;
  tax_id: string;
  created_at: string;
  roles: string[];
}
export interface Member {
  id: string;
  login: string;
  name: string;
  mail: string;
  state: string;
  since: string;
  self: boolean;
  roles: string[];
}
export interface Invitation {
  id: string;
  mail: string;
  created_at: string;
  expires_at: string;
  roles: string[];
}
export interface AuditEntry {
  organisation: string;
  sequence: number;
  time: string;
  actor: string;
  actor_name: string;
  source: string;
  address: string;
  act: string;
  object_kind: string;
  object: string;
  object_name: string;
  result: string;
  before: string;
  after: string;
  erased: boolean;
}
export interface AuditPage {
  entries: AuditEntry[];
  erased: number;
  scanned: number;
  next: string;
}
