// How the state of an arrival looks: colour, icon, and the key of its word.
import type { DocumentState } from "@/api/types";
import type { IconName } from "@/ui/icons";

export const DOCUMENT_STATES: Record<DocumentState, { tone: string; icon: IconName }> = {
  received: { tone: "info", icon: "clock" },
  accepted: { tone: "good", icon: "check" },
  duplicate: { tone: "warn", icon: "copy" },
  conflict: { tone: "warn", icon: "warning" },
  quarantined: { tone: "bad", icon: "cross" },
  rejected: { tone: "bad", icon: "cross" },
  unpacked: { tone: "good", icon: "check" },
  erased: { tone: "warn", icon: "warning" },
};

export function formatSize(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const kib = bytes / 1024;
  return kib < 1024 ? `${kib.toFixed(kib < 10 ? 1 : 0)} KiB` : `${(kib / 1024).toFixed(1)} MiB`;
}
