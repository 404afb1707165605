// The last crumb, when only the page knows it (the number of an invoice).
import { defineStore } from "pinia";
import { ref } from "vue";

export const useCrumb = defineStore("crumb", () => {
  const last = ref("");
  return { last };
});
