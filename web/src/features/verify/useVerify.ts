// The verify form's life: what was typed, what that number needs, the answer.
import { computed, reactive, ref, watch } from "vue";
import { useI18n } from "vue-i18n";
import { api } from "@/api/client";
import { ApiError, NO_ANSWER } from "@/api/problem";
import type { VerifyAnswer, VerifyNeeds } from "@/api/types";
import { useKindName } from "@/features/invoice/kinds";
import { useSays } from "@/ui/says";
import { check, digitsOf, emptyForm, fromPaste, isWholeNumber, type Wrong } from "./question";
import { waitOf } from "./verdict";

const DEBOUNCE_MS = 250;
const WHY = { total: "verify.whyTotal", amount: "verify.whyAmount", check_code: "verify.whyCheck", none: "" };

export function useVerify() {
  const { t } = useI18n();
  const says = useSays();
  const kindName = useKindName();
  const form = reactive(emptyForm());
  const needs = ref<VerifyNeeds | null>(null);
  const wrong = ref<Wrong>({});
  const answer = ref<VerifyAnswer | null>(null);
  const problem = ref("");
  const busy = ref(false);
  const fromQr = ref(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asked = 0;

  const needCode = computed(() => /^\d{8}$/.test(digitsOf(form.number)));
  const whole = computed(() => isWholeNumber(form.number));

  // One sentence: which fields this kind wants, and why.
  const why = computed(() => {
    const typed = digitsOf(form.number).length;
    if (!whole.value) return typed === 0 ? t("verify.typeMore") : t("verify.typeMoreDigits", { n: typed });
    if (needCode.value && !/^(\d{10}|\d{12})$/.test(digitsOf(form.code))) return t("verify.needCode");
    if (!needs.value) return t("common.loading");
    const { kind, kind_name, code, fourth } = needs.value;
    const wants = fourth === "none" ? t("verify.needsNoFourth") : t("verify.needsFourth", { field: t(`verify.${fourth}`) });
    const name = kindName(kind, kind_name) || t("verify.digital");
    const sentence = t("verify.needs", { kind: name, code: t(code ? "verify.needsCode" : "verify.needsNoCode"), fourth: wants });
    return WHY[fourth] === "" ? sentence : t("verify.needsWhy", { sentence, why: t(WHY[fourth]) });
  });

  function explain(error: unknown): string {
    if (!(error instanceof ApiError)) return says(NO_ANSWER);
    if (error.status === 429) {
      const wait = waitOf(error.retryAfterSeconds);
      return t(wait.word, { minutes: wait.value, hours: wait.value });
    }
    return [error.says, ...Object.values(error.fields)].map(says).join(" ");
  }

  async function ask(): Promise<void> {
    const mine = ++asked;
    try {
      const came = await api.needs(digitsOf(form.code), digitsOf(form.number));
      if (mine === asked) needs.value = came;
    } catch (error) {
      if (mine === asked) problem.value = explain(error);
    }
  }

  watch([() => form.number, () => form.code], () => {
    const pasted = fromPaste(form.number);
    if (pasted) {
      Object.assign(form, pasted);
      fromQr.value = pasted.date !== "";
      return;
    }
    answer.value = null;
    problem.value = "";
    clearTimeout(timer);
    if (form.number === "") fromQr.value = false;
    if (whole.value) timer = setTimeout(ask, DEBOUNCE_MS);
    else needs.value = null;
  });

  async function submit(): Promise<void> {
    answer.value = null;
    problem.value = "";
    clearTimeout(timer);
    if (whole.value) await ask();
    const { question, wrong: missing } = check(form, needs.value ?? { kind: "", kind_name: "", code: needCode.value, fourth: "none" });
    wrong.value = missing;
    if (Object.keys(missing).length > 0 || problem.value !== "") return;
    busy.value = true;
    try {
      answer.value = await api.verify(question);
    } catch (error) {
      problem.value = explain(error);
    }
    busy.value = false;
  }

  function clear(): void {
    Object.assign(form, emptyForm());
    answer.value = needs.value = null;
    wrong.value = {};
    problem.value = "";
  }

  return { form, needs, wrong, answer, problem, busy, fromQr, needCode, whole, why, submit, clear };
}
