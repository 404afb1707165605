// RFC 6238 with SHA-1, six digits, thirty seconds: what an authenticator would show.
import { createHmac } from "node:crypto";

export function totp(secret, at = Date.now()) {
  let bits = "";
  for (const letter of secret.replace(/[\s=]/g, "")) bits += "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0");
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
  const count = Buffer.alloc(8);
  count.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
  const digest = createHmac("sha1", key).update(count).digest();
  const from = digest[19] & 15;
  return String((digest.readUInt32BE(from) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}
