// 收到 = 入库 + 重复 + 冲突 + 隔离 + 拒收 + 处理中: a promise, so it is checked, not assumed.
import type { Equation } from "@/api/types";

export const TERMS = [
  { name: "accepted", state: "accepted", word: "home.accepted" },
  { name: "duplicate", state: "duplicate", word: "home.duplicate" },
  { name: "conflict", state: "conflict", word: "home.conflict" },
  { name: "quarantined", state: "quarantined", word: "home.quarantined" },
  { name: "rejected", state: "rejected", word: "home.rejected" },
  { name: "in_progress", state: "received", word: "home.inProgress" },
] as const;

export function isBalanced(today: Pick<Equation, "received" | (typeof TERMS)[number]["name"]>): boolean {
  return today.received === TERMS.reduce((sum, term) => sum + today[term.name], 0);
}
