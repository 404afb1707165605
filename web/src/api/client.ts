// The typed door to /api/v1. Everything that fails comes out as an ApiError.
import { ApiError, noAnswer, problemOf } from "./problem";
import type {
  Arrival,
  DayEquation,
  Health,
  InvoiceDetail,
  InvoicePage,
  KindRow,
  Ledger,
  Page,
  Sync,
  SyncRun,
  Today,
  VerifyAnswer,
  VerifyNeeds,
  VerifyQuestion,
} from "./types";

export const API = "/api/v1";

export type Query = Record<string, string | number | undefined>;

export function queryString(query: Query): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== "") params.set(name, String(value));
  }
  const text = params.toString();
  return text === "" ? "" : "?" + text;
}

// Who must hear that somebody has to sign in first.
let onStranger: () => void = () => {};
export function whenStranger(then: () => void): void {
  onStranger = then;
}

// Who asks the person to confirm that it is still them; false when they would not.
let onStale: () => Promise<boolean> = () => Promise.resolve(false);
export function whenStale(then: () => Promise<boolean>): void {
  onStale = then;
}

export async function ask<T>(path: string, init: RequestInit = {}): Promise<T> {
  try {
    return await once<T>(path, init);
  } catch (wrong) {
    if (!(wrong instanceof ApiError) || wrong.code !== "confirmation_wanted" || !(await onStale())) throw wrong;
    return once<T>(path, init);
  }
}

async function once<T>(path: string, init: RequestInit): Promise<T> {
  let response: Response;
  let body: string;
  try {
    response = await fetch(API + path, { headers: { Accept: "application/json" }, ...init });
    body = await response.text();
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw noAnswer();
  }
  if (response.status === 401 && !path.startsWith("/session")) onStranger();
  if (!response.ok) throw problemOf(response.status, body, response.headers.get("Retry-After"));
  if (body === "") return null as T;
  try {
    return JSON.parse(body) as T;
  } catch {
    throw problemOf(response.status, "", null);
  }
}

const part = encodeURIComponent;

export const api = {
  today: () => ask<Today>("/today"),
  health: () => ask<Health>("/health"),
  kinds: () => ask<{ items: KindRow[] }>("/kinds"),
  documents: (query: Query) => ask<Page<Arrival>>("/documents" + queryString(query)),
  // `entries`: of a zip, where its page of files begins.
  document: (reference: string, entries = "") => ask<Arrival>("/documents/" + part(reference) + queryString({ entries })),
  ledger: () => ask<Ledger>("/ledger"),
  sync: () => ask<Sync>("/sync"),
  syncNow: () => ask<Sync>("/sync", { method: "POST" }),
  syncRuns: (query: Query) => ask<Page<SyncRun>>("/sync/runs" + queryString(query)),
  days: (query: Query) => ask<Page<DayEquation>>("/days" + queryString(query)),
  retry: (reference: string) => ask<Arrival>(`/documents/${part(reference)}/retry`, { method: "POST" }),
  invoices: (query: Query, signal?: AbortSignal) =>
    ask<InvoicePage>("/invoices" + queryString(query), { signal: signal ?? null }),
  invoice: (id: string) => ask<InvoiceDetail>("/invoices/" + part(id)),
  needs: (code: string, number: string) =>
    ask<VerifyNeeds>("/verifications/needs" + queryString({ code, number })),
  verify: (question: VerifyQuestion) =>
    ask<VerifyAnswer>("/verifications", {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify(question),
    }),
};

export function originalUrl(reference: string): string {
  return `${API}/documents/${part(reference)}/original`;
}

export type ReceiptForm = "proof" | "public" | "promise";

export function receiptUrl(reference: string, form: ReceiptForm, which: "received" | "outcome" = "received", sm2 = false): string {
  const query = { form: form === "proof" ? "" : form, which: which === "received" ? "" : which, sm2: sm2 ? "true" : "" };
  return `${API}/documents/${part(reference)}/receipt${queryString(query)}`;
}

export function receiptPictureUrl(reference: string): string {
  return `${API}/documents/${part(reference)}/receipt.svg`;
}
