// One sentence about how sync stands: the worst thing first.
import type { Sync } from "@/api/types";
import type { IconName } from "@/ui/icons";

export interface SyncStanding {
  tone: "good" | "warn" | "bad";
  icon: IconName;
  word: string;
  values: Record<string, string | number>;
}

export function isBehind(node: { behind: number; error: string }): boolean {
  return node.behind > 0 || node.error !== "";
}

export function standingOf(sync: Sync): SyncStanding {
  if (sync.mirror?.alarm) return { tone: "bad", icon: "warning", word: "sync.alarm", values: { size: sync.mirror.size } };
  if (sync.mirror)
    return {
      tone: sync.mirror.behind > 0 || sync.mirror.error !== "" ? "warn" : "good",
      icon: sync.mirror.behind > 0 ? "clock" : "check",
      word: "sync.follows",
      values: { size: sync.mirror.size, behind: sync.mirror.behind },
    };
  const late = sync.nodes.filter(isBehind).length;
  if (late > 0) return { tone: "warn", icon: "warning", word: "sync.nodesBehind", values: { n: late } };
  if (sync.ledger.behind > 0) return { tone: "warn", icon: "clock", word: "sync.behind", values: { behind: sync.ledger.behind } };
  const { count, cosigned } = sync.witnesses;
  if (count > 0) return { tone: "good", icon: "check", word: "sync.fineWitnessed", values: { size: sync.ledger.size, count, cosigned } };
  return { tone: "good", icon: "check", word: "sync.fine", values: { size: sync.ledger.size } };
}
