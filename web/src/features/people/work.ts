// A proof of work is found in a thread of its own, so that the page stays awake; where there is
// none, on the page's own, a few milliseconds at a time. Null: `signal` came first.
import type { Challenge } from "@/api/people-types";
import { search } from "./search";
import SearchWorker from "./search.worker?worker";

export type Told = (tries: number) => void;
type Message = { answer: string } | { tries: number };

const ROUND = 64;
const SLICE_MS = 8;

async function onThisThread(challenge: Challenge, signal: AbortSignal, told: Told): Promise<string | null> {
  const go = search(challenge);
  for (let tries = 0; !signal.aborted; ) {
    const end = performance.now() + SLICE_MS;
    do {
      const answer = go(ROUND);
      if (answer !== null) return answer;
      tries += ROUND;
    } while (performance.now() < end);
    told(tries);
    await new Promise((resolve) => setTimeout(resolve));
  }
  return null;
}

function inThread(worker: Worker, challenge: Challenge, signal: AbortSignal, told: Told): Promise<string | null> {
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => resolve(null));
    worker.onerror = reject;
    worker.onmessage = ({ data }: MessageEvent<Message>) => ("answer" in data ? resolve(data.answer) : told(data.tries));
    worker.postMessage(challenge);
  });
}

function start(): Worker | null {
  try {
    return new SearchWorker();
  } catch {
    return null; // an old browser, or one that was told so
  }
}

export async function solve(challenge: Challenge, signal: AbortSignal, told: Told): Promise<string | null> {
  const worker = signal.aborted ? null : start();
  if (worker === null) return onThisThread(challenge, signal, told);
  try {
    return await inThread(worker, challenge, signal, told);
  } catch {
    return onThisThread(challenge, signal, told); // its file did not arrive
  } finally {
    worker.terminate();
  }
}
