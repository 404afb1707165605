// A list that comes page by page: the first again, or the next behind what is there.
import { ref, shallowRef } from "vue";

export function usePages<T>(read: (cursor: string) => Promise<{ items: T[]; next_cursor?: string | null }>) {
  const items = shallowRef<T[]>([]);
  const next = ref("");
  const busy = ref(false);
  const came = ref(false);
  const error = shallowRef<unknown>(null);
  async function turn(cursor: string): Promise<void> {
    busy.value = true;
    try {
      const page = await read(cursor);
      items.value = cursor === "" ? page.items : [...items.value, ...page.items];
      next.value = page.next_cursor ?? "";
      came.value = true;
      error.value = null;
    } catch (wrong) {
      error.value = wrong;
    } finally {
      busy.value = false;
    }
  }
  return { items, next, busy, came, error, load: () => turn(""), more: () => turn(next.value) };
}
