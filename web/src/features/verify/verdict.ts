// The answer as one sentence, then evidence: four forms, so that weak evidence never looks strong.
import type { FourthField, InvoiceState, VerifyAnswer } from "@/api/types";

export type VerdictForm = "match" | "unsigned" | "mismatch" | "not_found";
export type VerdictTone = "good" | "info" | "warn" | "bad" | "violet";

export interface Verdict {
  form: VerdictForm;
  tone: VerdictTone;
  icon: "check" | "circle" | "cross" | "question" | "warning";
  title: string; // key of the words
  asides: string[]; // keys: 未经验签, the state
  notes: string[]; // keys
}

const STRONG = ["issued_here", "official", "seal_valid", "signature_valid"];

export function isStrong(basis: string): boolean {
  return STRONG.includes(basis);
}

function stateTone(state: InvoiceState | ""): { tone: VerdictTone; note: string } | null {
  if (state === "voided") return { tone: "bad", note: "verify.noteVoided" };
  if (state === "red_full" || state === "red_partial") return { tone: "violet", note: "verify.noteRed" };
  return state === "red" ? { tone: "violet", note: "" } : null;
}

const HINTS: Record<string, string> = { issue_date: "verify.hintDate", check_code: "verify.hintCheck" };

function hintsOf(answer: VerifyAnswer, fourth: FourthField): string[] {
  const hints = answer.mismatch.map((field) => {
    if (field === "amount" && fourth === "amount") return "verify.hintAmount";
    if (field === "total" && fourth === "total") return "verify.hintTotal";
    return HINTS[field] ?? "";
  });
  return hints.filter((hint) => hint !== "");
}

export function verdictOf(answer: VerifyAnswer, fourth: FourthField): Verdict {
  const conflict = answer.conflict ? ["verify.conflict"] : [];
  if (answer.result === "not_found") {
    return { form: "not_found", tone: "warn", icon: "question", title: "verify.notFound", asides: [], notes: conflict };
  }
  if (answer.result === "mismatch") {
    const notes = [...hintsOf(answer, fourth), ...conflict];
    return { form: "mismatch", tone: "bad", icon: "cross", title: "verify.mismatch", asides: [], notes };
  }
  const state = stateTone(answer.state);
  const noted = state && state.note !== "" ? [state.note] : [];
  if (!isStrong(answer.basis)) {
    const notes = [...noted, ...conflict, "verify.official"];
    const asides = ["verify.matchUnsigned", ...(state ? [`state.${answer.state}`] : [])];
    return { form: "unsigned", tone: state?.tone ?? "info", icon: "circle", title: "verify.match", asides, notes };
  }
  return {
    form: "match",
    tone: state?.tone ?? (answer.conflict ? "warn" : "good"),
    icon: state || answer.conflict ? "warning" : "check",
    title: "verify.match",
    asides: answer.state === "" ? [] : [`state.${answer.state}`],
    notes: [...noted, ...conflict],
  };
}

// How long to wait, in words' terms.
export function waitOf(seconds: number): { word: string; value: number } {
  if (seconds <= 3600) return { word: "verify.wait", value: Math.max(1, Math.ceil(seconds / 60)) };
  return { word: "verify.waitHours", value: Math.ceil(seconds / 3600) };
}
