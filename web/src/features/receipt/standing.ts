// What can be said of a receipt in one sentence.
import type { DocumentState, Ledger, LedgerPlace } from "@/api/types";
import { formatMoment } from "@/ui/dates";
import type { IconName } from "@/ui/icons";

export interface Standing {
  sealed: boolean; // a checkpoint covers it: there is a receipt
  tone: string;
  icon: IconName;
  word: string; // key of i18n
  values: Record<string, string | number>;
}

// A checkpoint is signed about once a second; after this the log is late, and that is said.
export const LATE_SECONDS = 60;

export function standingOf(place: LedgerPlace | null, ledger: Ledger, now: Date): Standing {
  if (place === null) return { sealed: false, tone: "warn", icon: "question", word: "receipt.none", values: {} };
  const values = {
    n: place.index + 1,
    size: ledger.size,
    time: formatMoment(ledger.time ?? "", now),
    signed: ledger.witnesses.signed,
    asked: ledger.witnesses.asked,
    age: ledger.age_seconds ?? 0,
  };
  if (ledger.time !== null && place.index < ledger.size) {
    const witnessed = place.index < ledger.witnesses.size;
    const word = witnessed ? "receipt.sealedWitnessed" : ledger.witnesses.asked > 0 ? "receipt.sealedAsked" : "receipt.sealed";
    return { sealed: true, tone: "good", icon: "shield", word, values };
  }
  const late = ledger.age_seconds !== null && ledger.age_seconds > LATE_SECONDS;
  return { sealed: false, tone: late ? "warn" : "busy", icon: late ? "warning" : "clock", word: late ? "receipt.late" : "receipt.promised", values };
}

// What was decided has a receipt of its own; a duplicate was decided with its first.
export function hasOutcome(state: DocumentState): boolean {
  return state === "accepted" || state === "conflict" || state === "quarantined" || state === "unpacked";
}

// How to check it at one's own computer, with nothing of ours but the program: every byte. Lines of witnesses,
// whose keys are not given, are passed over.
export function checkCommand(vkeys: string[], witnesses: number, reference: string, fileName: string): string {
  const quoted = `'${fileName.replaceAll("'", "'\\''")}'`;
  const keys = vkeys.map((vkey) => `--vkey '${vkey}'`).join(" ");
  return `fapiao-check ${witnesses > 0 ? "--allow-unknown " : ""}${keys} ${reference}.tlog-proof ${quoted}`;
}
