// The search in a thread of its own; says how far it is some ten times a second.
import type { Challenge } from "@/api/people-types";
import { search } from "./search";

const ROUND = 1024;
const TELL_MS = 100;

self.onmessage = ({ data }: MessageEvent<Challenge>) => {
  const go = search(data);
  let told = performance.now();
  for (let tries = ROUND; ; tries += ROUND) {
    const answer = go(ROUND);
    if (answer !== null) return self.postMessage({ answer });
    if (performance.now() - told < TELL_MS) continue;
    told = performance.now();
    self.postMessage({ tries });
  }
};
