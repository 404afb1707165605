import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { search, zeroBits } from "./search";

it("counts the zero bits that a digest begins with", () => {
  expect(zeroBits(new Uint8Array([0xff, 0]))).toBe(0);
  expect(zeroBits(new Uint8Array([1, 0]))).toBe(7);
  expect(zeroBits(new Uint8Array([0, 0x10, 0xff]))).toBe(11);
  expect(zeroBits(new Uint8Array([0, 0]))).toBe(16);
});

it("finds the first number that does, keeps the text, and goes on where it was", () => {
  const text = "a".repeat(64);
  const digests = Array.from({ length: 5000 }, (_, n) => createHash("sha256").update(`${text}.${n}`).digest());
  const first = digests.findIndex((digest) => digest.readUInt16BE() < 64);
  expect(first).toBeGreaterThan(100);
  const go = search({ text, bits: 10 });
  for (let n = 0; n + 100 <= first; n += 100) expect(go(100)).toBeNull();
  expect(go(100)).toBe(`${text}.${first}`);
});
