import { expect, it } from "vitest";
import { solve, zeroBits } from "./work";

it("counts the zero bits that a digest begins with", () => {
  expect(zeroBits(new Uint8Array([0x80]))).toBe(0);
  expect(zeroBits(new Uint8Array([0x01]))).toBe(7);
  expect(zeroBits(new Uint8Array([0, 0x10]))).toBe(11);
  expect(zeroBits(new Uint8Array([0, 0]))).toBe(16);
});

it("finds a number that does, and keeps the text", async () => {
  const answer = await solve("a".repeat(64), 8);
  expect(answer.startsWith("a".repeat(64) + ".")).toBe(true);
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(answer));
  expect(zeroBits(new Uint8Array(digest))).toBeGreaterThanOrEqual(8);
});
