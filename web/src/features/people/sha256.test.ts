import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { sha256After } from "./sha256";

it("is SHA-256, wherever the text is parted and its blocks end", () => {
  for (let head = 0; head <= 130; head += 13) {
    const digest = sha256After("头a".repeat(head).slice(0, head));
    for (let rest = 0; rest <= 130; rest++) {
      const text = "头a".repeat(head).slice(0, head) + "9".repeat(rest);
      const wanted = createHash("sha256").update(text).digest();
      expect([...digest("9".repeat(rest))]).toEqual(Array.from({ length: 8 }, (_, i) => wanted.readInt32BE(4 * i)));
    }
  }
});
