// The HTTP API's shapes (v1). Amounts are strings "12.30", "" when unknown; dates YYYY-MM-DD.

export interface Sentence {
  zh: string;
  en: string;
}

export type DocumentState = "received" | "accepted" | "duplicate" | "conflict" | "quarantined" | "rejected" | "unpacked" | "erased";
export type Media = "xml" | "ofd" | "pdf" | "image" | "zip" | "unknown";

export interface InvoiceLink {
  id: string;
  kind: string;
  code: string;
  number: string;
  relation: "new" | "carrier" | "variant";
}

// Where a document's event stands in the ledger.
export interface LedgerPlace {
  index: number; // from 0
  leaf_hash: string;
  promise: string | null;
  receipt: string;
}

// A file of a zip: a document of its own.
export interface Entry {
  file_name: string;
  sha256: string;
  reference: string;
  first_reference: string;
  state: DocumentState;
  reason: (Sentence & { code: string }) | null;
  invoices: InvoiceLink[];
}

export interface Entries {
  count: number;
  skipped: number; // files that were left out
  skipped_names: string[];
  items: Entry[]; // a page of them; none in a list of documents
  next_cursor: string | null;
}

export interface Arrival {
  reference: string;
  first_reference: string;
  state: DocumentState;
  reason: (Sentence & { code: string }) | null;
  media: Media;
  file_name: string;
  sha256: string;
  size: number;
  source: string;
  received_at: string;
  decided_at: string | null;
  invoices: InvoiceLink[];
  container: { reference: string; file_name: string } | null; // the zip that it came in
  entries: Entries | null; // of a zip
  ledger: LedgerPlace | null;
}

// The log and its newest checkpoint; time null before the first one.
export interface Ledger {
  origin: string;
  vkeys: string[];
  size: number;
  root: string;
  time: string | null;
  age_seconds: number | null;
  witnesses: { asked: number; need: number; signed: number; size: number }; // size: of the checkpoint that they signed
  checkpoint: string;
}

export interface Page<T> {
  items: T[];
  next_cursor: string | null;
}

export interface PartyName {
  name: string;
  tax_id: string;
}

export type InvoiceState = "normal" | "voided" | "red_partial" | "red_full" | "red";

export interface InvoiceRow {
  id: string;
  kind: string;
  kind_name: string;
  code: string;
  number: string;
  issue_date: string;
  amount: string;
  tax: string;
  total: string;
  seller: PartyName;
  buyer: PartyName;
  state: InvoiceState;
  conflict: boolean;
  basis: string;
  carriers: number;
  findings: number;
  received_at: string;
}

export interface InvoicePage extends Page<InvoiceRow> {
  total: { count: number; exact: boolean; amount: string; tax: string; total: string }; // exact: false = that many and more, sums unknown
  hidden: number;
}

export interface Party extends PartyName {
  address_phone: string;
  bank_account: string;
}

export interface Line {
  name: string;
  spec: string;
  unit: string;
  quantity: string;
  price: string;
  amount: string;
  tax_rate: string;
  tax: string;
  tax_code: string;
}

export interface Finding {
  rule: string;
  severity: "info" | "warn" | "error";
  field: string;
  text: string;
}

export interface Origin {
  source: string;
  confidence: number;
}

// A value of a special business: 通行费, 建筑服务, 旅客运输 …
export interface Extra {
  name: string;
  label: string;
  value: string;
  source: string;
}

export type SealState = "valid" | "broken" | "absent" | "unchecked";

export interface Seal {
  state: SealState;
  signer: string;
  issuer: "trusted" | "unchecked";
  reasons: string[];
}

export interface Draft {
  kind: string;
  kind_name: string;
  code: string;
  number: string;
  issue_date: string;
  amount: string;
  tax: string;
  total: string;
  total_words?: string;
  check_code: string;
  machine_number: string;
  digital_number?: string; // 数电纸质发票: 20 digits, beside code and number
  seller: Party;
  buyer: Party;
  lines: Line[];
  remark: string;
  payee: string;
  reviewer: string;
  issuer: string;
  red: { is_red: boolean; original_code: string; original_number: string; confirmation_number: string };
  fields: Record<string, Origin>;
  extra?: Extra[];
  seal: Seal;
  findings: Finding[];
}

export interface Carrier {
  reference: string;
  media: Media;
  file_name: string;
  basis: string;
  seal: { state: SealState; signer: string };
  at: string;
}

export interface HistoryEvent {
  sequence: number;
  type: string;
  at: string;
  actor: string;
  source: string;
}

export interface InvoiceDetail extends InvoiceRow {
  draft: Draft;
  documents: Carrier[];
  variants: { id: string; differs: string[] }[];
  joined: { former_id: string; reference: string; at: string }[];
  history: HistoryEvent[];
}

export type FourthField = "amount" | "total" | "check_code" | "none";

export interface VerifyNeeds {
  kind: string;
  kind_name: string;
  code: boolean;
  fourth: FourthField;
}

export interface VerifyQuestion {
  kind?: string;
  code?: string;
  number: string;
  issue_date: string;
  amount?: string;
  total?: string;
  check_code?: string;
}

export interface VerifyAnswer {
  result: "match" | "mismatch" | "not_found";
  state: InvoiceState | "";
  basis: string;
  conflict: boolean;
  mismatch: string[];
  message: Sentence;
  signer: string;
  sequence: number;
}

export interface SyncNode {
  name: string;
  kind: "witness" | "mirror";
  url: string;
  size: number;
  behind: number;
  ok_at: string;
  tried_at: string;
  error: string;
}

export interface SyncSource {
  source: string;
  last_at: string;
  received: number;
  in_progress: number;
  failed: number;
  reasons: { reason: string; zh: string; en: string; count: number }[];
}

export interface Sync {
  ledger: { size: number; events: number; behind: number; checkpoint_at: string };
  sources: SyncSource[];
  nodes: SyncNode[];
  witnesses: { count: number; need: number; cosigned: number };
  mirror: { size: number; primary_size: number; behind: number; ok_at: string; alarm: boolean; error: string } | null;
  halted: string;
  running: boolean;
  next_at: string;
}

export interface SyncRun {
  id: string;
  cause: "nightly" | "now";
  started_at: string;
  ended_at: string;
  result: { ok: boolean; parts: { part: string; ok: boolean; count: number; zh: string; en: string }[] } | null;
}

export interface Equation {
  received: number;
  handed_in: number;
  carried: number;
  released: number;
  unpacked: number; // zips whose files count instead
  accepted: number;
  duplicate: number;
  conflict: number;
  quarantined: number;
  rejected: number;
  in_progress: number;
}

export interface DayEquation extends Equation {
  day: string;
  signed: boolean;
  sources: (Equation & { source: string })[];
}

export interface Today {
  day: string;
  received: number;
  accepted: number;
  duplicate: number;
  conflict: number;
  quarantined: number;
  rejected: number;
  in_progress: number;
  invoices: number;
  events: number;
}

export interface KindRow {
  code: string;
  name: string;
  name_en: string;
  has_code: boolean;
  fourth: FourthField;
}

export interface Health {
  status: string;
  version: string;
  listens: string;
}

export interface Problem {
  type: string;
  title: string;
  title_en: string;
  status: number;
  code: string;
  detail?: string;
  detail_en?: string;
  errors?: { field: string; zh: string; en: string }[];
}
