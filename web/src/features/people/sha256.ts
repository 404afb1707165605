// SHA-256 of many texts that begin alike: the blocks they share are mixed once. The browser's own
// digest is asked one text at a time and costs some twenty times as much for one so short.
const K = new Int32Array([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
]);
const START = new Int32Array([0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19]);

const turn = (x: number, n: number): number => (x >>> n) | (x << (32 - n));

function spread(words: Int32Array, block: Uint8Array, from: number): void {
  for (let i = 0; i < 16; i++) {
    const at = from + 4 * i;
    words[i] = (block[at]! << 24) | (block[at + 1]! << 16) | (block[at + 2]! << 8) | block[at + 3]!;
  }
  for (let i = 16; i < 64; i++) {
    const early = words[i - 15]!;
    const late = words[i - 2]!;
    const small = turn(early, 7) ^ turn(early, 18) ^ (early >>> 3);
    words[i] = (words[i - 16]! + small + words[i - 7]! + (turn(late, 17) ^ turn(late, 19) ^ (late >>> 10))) | 0;
  }
}

const words = new Int32Array(64);

function mix(state: Int32Array, block: Uint8Array, from: number): void {
  spread(words, block, from);
  let a = state[0]!, b = state[1]!, c = state[2]!, d = state[3]!;
  let e = state[4]!, f = state[5]!, g = state[6]!, h = state[7]!;
  for (let i = 0; i < 64; i++) {
    const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K[i]! + words[i]!) | 0;
    const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + one) | 0;
    d = c;
    c = b;
    b = a;
    a = (one + two) | 0;
  }
  state[0]! += a;
  state[1]! += b;
  state[2]! += c;
  state[3]! += d;
  state[4]! += e;
  state[5]! += f;
  state[6]! += g;
  state[7]! += h;
}

// The eight words of the digest of `prefix` and what is asked for. They are overwritten by the next.
export function sha256After(prefix: string): (rest: string) => Int32Array {
  const head = new TextEncoder().encode(prefix);
  const whole = head.length - (head.length % 64);
  const middle = START.slice();
  for (let at = 0; at < whole; at += 64) mix(middle, head, at);
  const state = new Int32Array(8);
  return (rest) => {
    const tail = new TextEncoder().encode(rest);
    const kept = head.length - whole;
    const size = kept + tail.length;
    const blocks = new Uint8Array(64 * Math.ceil((size + 9) / 64));
    blocks.set(head.subarray(whole));
    blocks.set(tail, kept);
    blocks[size] = 0x80;
    new DataView(blocks.buffer).setUint32(blocks.length - 4, 8 * (whole + size));
    state.set(middle);
    for (let at = 0; at < blocks.length; at += 64) mix(state, blocks, at);
    return state;
  };
}
