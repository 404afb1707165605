// A proof of work (GET /api/v1/challenge): a number so that SHA-256(text "." number) begins with
// `bits` zero bits. Tries the next `count` numbers each time it is called, until one will do.
// The browser's own digest is asked for one text at a time and costs five times as much for one so
// short as a library that mixes their common beginning once.
import type { Challenge } from "@/api/people-types";
import { sha256 } from "@noble/hashes/sha2";

export function zeroBits(digest: Uint8Array): number {
  const first = digest.findIndex((byte) => byte !== 0);
  return first < 0 ? 8 * digest.length : 8 * first + Math.clz32(digest[first]!) - 24;
}

export function search({ text, bits }: Challenge): (count: number) => string | null {
  const encoder = new TextEncoder();
  const begun = sha256.create().update(encoder.encode(`${text}.`));
  let next = 0;
  return (count) => {
    for (const end = next + count; next < end; next++) {
      const digest = begun.clone().update(encoder.encode(`${next}`)).digest();
      if (zeroBits(digest) >= bits) return `${text}.${next}`;
    }
    return null;
  };
}
