// A proof of work (GET /api/v1/challenge): a number so that SHA-256(text "." number) begins with
// `bits` zero bits. Done in slices, so that the page stays awake.
import { people } from "@/api/people";

export function zeroBits(digest: Uint8Array): number {
  let bits = 0;
  for (const byte of digest) {
    if (byte !== 0) return bits + Math.clz32(byte) - 24;
    bits += 8;
  }
  return bits;
}

export async function solve(text: string, bits: number): Promise<string> {
  const encoder = new TextEncoder();
  for (let n = 0; ; n += 256) {
    const tries = Array.from({ length: 256 }, (_, i) => `${text}.${n + i}`);
    const digests = await Promise.all(tries.map((one) => crypto.subtle.digest("SHA-256", encoder.encode(one))));
    const found = digests.findIndex((digest) => zeroBits(new Uint8Array(digest)) >= bits);
    if (found >= 0) return tries[found] ?? "";
  }
}

export async function proofOfWork(): Promise<string> {
  const challenge = await people.challenge();
  return solve(challenge.text, challenge.bits);
}
