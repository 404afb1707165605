// Settings as the server has them, name and text, and how each is typed.
export type FieldKind = "text" | "number" | "switch" | "tick" | "secret" | "lines" | "roles" | "choice";
export interface Field {
  name: string;
  kind: FieldKind;
  choices?: readonly string[];
}
export interface Group {
  name: string;
  fields: Field[];
}
// What is set already and never shown again.
export type Kept = Record<string, boolean>;

const field = (name: string, kind: FieldKind, choices?: readonly string[]): Field => (choices ? { name, kind, choices } : { name, kind });

export const POLICY: Group[] = [
  { name: "registration", fields: [field("registration.open", "switch"), field("site.url", "text")] },
  {
    name: "password",
    fields: [field("password.length", "number"), field("password.composition", "switch"), field("password.rotation_days", "number"), field("password.breached_file", "text")],
  },
  { name: "session", fields: [field("session.idle_minutes", "number"), field("session.absolute_hours", "number"), field("factor.roles", "roles")] },
  { name: "fields", fields: [field("fields.crypto", "choice", ["aes", "sm"])] },
  { name: "erasure", fields: [field("erasure.days", "number")] },
];

export const OIDC: Group[] = [
  {
    name: "oidc",
    fields: [
      field("issuer", "text"), field("client_id", "text"), field("client_secret", "secret"), field("scopes", "text"), field("label_zh", "text"), field("label_en", "text"),
      field("register", "switch"), field("link_mail", "switch"), field("trust_mfa", "switch"), field("ca_file", "text"),
    ],
  },
];

export const CHANNELS: Group[] = [
  {
    name: "mail",
    fields: [field("mail.url", "text"), field("mail.from", "text"), field("mail.user", "text"), field("mail.password", "secret"), field("mail.ca", "text"), field("mail.insecure", "tick")],
  },
  {
    name: "sms",
    fields: [field("sms.url", "secret"), field("sms.method", "choice", ["", "POST", "GET"]), field("sms.headers", "lines"), field("sms.body", "lines"), field("sms.expect", "text"), field("sms.ca", "text")],
  },
  { name: "wecom", fields: [field("wecom.url", "secret")] },
  { name: "dingtalk", fields: [field("dingtalk.url", "secret"), field("dingtalk.secret", "secret")] },
  { name: "feishu", fields: [field("feishu.url", "secret"), field("feishu.secret", "secret")] },
];

export const ROLES_WITH_CHOICE = ["person", "issuer", "reviewer", "accountant", "reader"] as const;

// What the server has and no group knows: shown as it is, so that nothing is hidden.
export function others(groups: Group[], values: Record<string, string>): Group[] {
  const known = new Set(groups.flatMap((group) => group.fields.map((one) => one.name)));
  const rest = Object.keys(values).filter((name) => !known.has(name));
  return rest.length > 0 ? [{ name: "other", fields: rest.map((name) => field(name, "text")) }] : [];
}

// Names of settings are no keys of words: a full stop leads deeper there.
export const wordKey = (name: string): string => name.replaceAll(".", "_");

// What differs. A secret that was left empty stays as it is, unless it is to go.
export function changesOf(fields: Field[], before: Record<string, string>, typed: Record<string, string>, dropped: string[]): Record<string, string> {
  const changes: Record<string, string> = {};
  for (const { name, kind } of fields) {
    const now = kind === "lines" ? (typed[name] ?? "") : (typed[name] ?? "").trim();
    if (dropped.includes(name)) changes[name] = "";
    else if (now !== (before[name] ?? "")) changes[name] = now;
  }
  return changes;
}
