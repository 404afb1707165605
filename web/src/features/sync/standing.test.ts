import { expect, it } from "vitest";
import type { Sync } from "@/api/types";
import { standingOf } from "./standing";

const sync: Sync = {
  ledger: { size: 7, events: 7, behind: 0, checkpoint_at: "" },
  sources: [],
  nodes: [],
  witnesses: { count: 0, need: 0, cosigned: 0 },
  mirror: null,
  halted: "",
  running: false,
  next_at: "",
};
const node = { name: "east", kind: "mirror" as const, url: "", size: 7, behind: 0, ok_at: "", tried_at: "", error: "" };

it("says the worst thing first", () => {
  expect(standingOf(sync).word).toBe("sync.fine");
  expect(standingOf({ ...sync, nodes: [node] }).tone).toBe("good");
  expect(standingOf({ ...sync, witnesses: { count: 3, need: 2, cosigned: 2 } }).word).toBe("sync.fineWitnessed");
  expect(standingOf({ ...sync, ledger: { ...sync.ledger, behind: 2 } }).word).toBe("sync.behind");
  expect(standingOf({ ...sync, nodes: [{ ...node, behind: 1 }] }).values).toEqual({ n: 1 });
  expect(standingOf({ ...sync, nodes: [{ ...node, error: "no answer" }] }).tone).toBe("warn");
  const mirror = { size: 5, primary_size: 7, behind: 2, ok_at: "", alarm: false, error: "" };
  expect(standingOf({ ...sync, mirror }).word).toBe("sync.follows");
  expect(standingOf({ ...sync, mirror: { ...mirror, alarm: true } }).tone).toBe("bad");
});
