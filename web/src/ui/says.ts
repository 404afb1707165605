// Sentences that come in two languages, in the reader's.
import { useI18n } from "vue-i18n";

export function useSays(): (sentence: { zh: string; en: string } | null | undefined) => string {
  const { locale } = useI18n();
  return (sentence) => (sentence ? (locale.value === "en" ? sentence.en : sentence.zh) : "");
}
