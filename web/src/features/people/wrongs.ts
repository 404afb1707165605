// What a form could not do, in the server's words: of the whole, and of each field. Told to come
// back later, it counts the seconds down.
import { computed, onBeforeUnmount, ref, shallowRef } from "vue";
import { useI18n } from "vue-i18n";
import { ApiError, NO_ANSWER } from "@/api/problem";
import { useSays } from "@/ui/says";

export function useForm() {
  const { t } = useI18n();
  const says = useSays();
  const busy = ref(false);
  const done = ref("");
  const error = shallowRef<ApiError | null>(null);
  const failed = ref(false);
  const left = ref(0);
  let timer = 0;
  const problem = computed(() => {
    if (!failed.value) return "";
    const text = says(error.value ? error.value.says : NO_ANSWER);
    return left.value > 0 ? `${text} ${t("people.wait", { n: left.value })}` : text;
  });
  const fields = computed(() => {
    const named = Object.entries(error.value?.fields ?? {});
    return Object.fromEntries(named.map(([name, sentence]) => [name, says(sentence)])) as Record<string, string | undefined>;
  });
  function count(seconds: number): void {
    clearInterval(timer);
    left.value = seconds;
    if (seconds > 0) timer = window.setInterval(() => --left.value <= 0 && clearInterval(timer), 1000);
  }
  async function run(work: () => Promise<unknown>, good = ""): Promise<boolean> {
    busy.value = true;
    failed.value = false;
    done.value = "";
    error.value = null;
    count(0);
    try {
      await work();
      done.value = good;
      return true;
    } catch (wrong) {
      error.value = wrong instanceof ApiError ? wrong : null;
      failed.value = true;
      count(error.value?.status === 429 ? error.value.retryAfterSeconds : 0);
      return false;
    } finally {
      busy.value = false;
    }
  }
  onBeforeUnmount(() => clearInterval(timer));
  return { busy, done, problem, error, fields, left, run };
}
