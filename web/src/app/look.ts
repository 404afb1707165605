// How the page looks for this person: dark or light, large type. public/look.js applies the same
// before the first paint.
import { defineStore } from "pinia";
import { ref, watchEffect } from "vue";

function keep(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Nothing is kept in private windows; the choice lasts for this page.
  }
}

export const useLook = defineStore("look", () => {
  const root = document.documentElement;
  const dark = ref(root.classList.contains("dark"));
  const large = ref(root.classList.contains("large"));
  watchEffect(() => {
    root.classList.toggle("dark", dark.value);
    root.classList.toggle("large", large.value);
  });
  function toggleDark(): void {
    dark.value = !dark.value;
    keep("fapiao.theme", dark.value ? "dark" : "light");
  }
  function toggleLarge(): void {
    large.value = !large.value;
    keep("fapiao.large", large.value ? "1" : "0");
  }
  return { dark, large, toggleDark, toggleLarge };
});
