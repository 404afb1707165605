// A proof of work (GET /api/v1/challenge): a number so that SHA-256(text "." number) begins with
// `bits` zero bits. Tries the next `count` numbers each time it is called, until one will do.
import type { Challenge } from "@/api/people-types";
import { sha256After } from "./sha256";

export function zeroBits(words: Int32Array): number {
  const first = words.findIndex((word) => word !== 0);
  return first < 0 ? 32 * words.length : 32 * first + Math.clz32(words[first]!);
}

export function search({ text, bits }: Challenge): (count: number) => string | null {
  const digest = sha256After(`${text}.`);
  let next = 0;
  return (count) => {
    for (const end = next + count; next < end; next++) {
      if (zeroBits(digest(`${next}`)) >= bits) return `${text}.${next}`;
    }
    return null;
  };
}
