import { createI18n } from "vue-i18n";
import { en } from "./en";
import { zh } from "./zh";

export type Locale = "zh" | "en";
const KEY = "fapiao.locale";

function stored(): Locale {
  try {
    return localStorage.getItem(KEY) === "en" ? "en" : "zh";
  } catch {
    return "zh";
  }
}

export const i18n = createI18n({ legacy: false, locale: stored(), fallbackLocale: "zh", messages: { zh, en } });

export function setLocale(locale: Locale): void {
  i18n.global.locale.value = locale;
  document.documentElement.lang = locale === "zh" ? "zh-CN" : "en";
  try {
    localStorage.setItem(KEY, locale);
  } catch {
    // Private windows may keep nothing; the choice then lasts for this page.
  }
}
