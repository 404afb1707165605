// A page's proof of work: how far it is, and that it ends with the page.
import { onScopeDispose, ref } from "vue";
import { people } from "@/api/people";
import { solve } from "./work";

export function useWork() {
  const busy = ref(false);
  const tries = ref(0);
  const usual = ref(0); // tries that it takes on average
  let leave = new AbortController();
  const stop = (): void => leave.abort();

  // Null: it was stopped, and there is nothing to send.
  async function prove(): Promise<string | null> {
    stop();
    leave = new AbortController();
    const { signal } = leave;
    busy.value = true;
    tries.value = 0;
    try {
      const challenge = await people.challenge();
      usual.value = 2 ** challenge.bits;
      return await solve(challenge, signal, (n) => (tries.value = n));
    } finally {
      busy.value = false;
    }
  }
  onScopeDispose(stop);
  return { busy, tries, usual, prove, stop };
}
