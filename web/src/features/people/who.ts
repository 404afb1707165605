// Who has signed in, and what they may: asked of the server, never guessed. A server that trusts
// its own machine answers everybody, so that only a refusal (401) tells that somebody must sign in.
import { defineStore } from "pinia";
import { ref, shallowRef } from "vue";
import { ApiError } from "@/api/problem";
import { api } from "@/api/client";
import { people } from "@/api/people";
import type { Session } from "@/api/people-types";

const KEPT = ["fapiao.theme", "fapiao.large", "fapiao.locale"];

// Signing out empties the browser's store; how the page looks is nobody's secret and stays.
async function keepingLook(work: () => Promise<unknown>): Promise<void> {
  const kept = KEPT.map((key) => [key, localStorage.getItem(key)] as const);
  await work();
  for (const [key, value] of kept) if (value !== null) localStorage.setItem(key, value);
}

export const useWho = defineStore("who", () => {
  const session = shallowRef<Session | null>(null);
  const stranger = ref(false); // was refused, and has not signed in since
  const accounts = ref(false); // there are some, so that signing in makes sense
  let asked: Promise<void> | null = null;
  let last = "";

  function may(act: string): boolean {
    return session.value?.acts.includes(act) ?? false;
  }
  // Whether to show what needs this act: to whom nobody has said no, everything.
  function offered(act: string): boolean {
    return session.value ? may(act) : !stranger.value;
  }
  function take(fresh: Session | null): void {
    session.value = fresh;
    if (fresh) {
      stranger.value = false;
      accounts.value = true;
    }
  }
  async function load(): Promise<void> {
    try {
      take(await people.session());
    } catch (wrong) {
      if (!(wrong instanceof ApiError)) throw wrong;
      take(null);
      const setup = await people.setup().catch(() => ({ wanted: true }));
      accounts.value = !setup.wanted;
      if (accounts.value) await doubted();
    }
  }
  // Nobody has signed in: whether that makes a stranger is told by what strangers are refused, and
  // the refusal itself is heard by `refused`.
  async function doubted(): Promise<void> {
    await api.today().catch(() => null);
  }
  // Asked once; later calls wait for the same answer.
  function known(): Promise<void> {
    return (asked ??= load());
  }
  function refused(): void {
    last = session.value?.account ?? last;
    session.value = null;
    stranger.value = true;
  }
  // Whether what this page still remembers is another person's.
  function isAnother(fresh: Session): boolean {
    return last !== "" && last !== fresh.account;
  }
  async function leave(): Promise<void> {
    await keepingLook(people.signOut);
    take(null);
  }
  return { session, stranger, accounts, may, offered, take, load, known, refused, isAnother, leave };
});
