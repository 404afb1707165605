// Something read from the server: what came, whether it is on its way, what went wrong. Of two
// answers the one asked for last counts.
import { ref, shallowRef, type Ref, type ShallowRef } from "vue";

export interface Load<T> {
  data: ShallowRef<T | null>;
  error: ShallowRef<unknown>;
  busy: Ref<boolean>;
  run: () => Promise<void>;
}

export function useLoad<T>(read: () => Promise<T>): Load<T> {
  const data = shallowRef<T | null>(null);
  const error = shallowRef<unknown>(null);
  const busy = ref(false);
  let asked = 0;
  async function run(): Promise<void> {
    const mine = ++asked;
    busy.value = true;
    try {
      const came = await read();
      if (mine !== asked) return;
      data.value = came;
      error.value = null;
    } catch (wrong) {
      if (mine === asked) error.value = wrong;
    } finally {
      if (mine === asked) busy.value = false;
    }
  }
  return { data, error, busy, run };
}
