// That it is still the person who signed in: asked before what a thief of a session must not do.
// One dialog, whoever waits for it.
import { defineStore } from "pinia";
import { ref } from "vue";

export const useSure = defineStore("sure", () => {
  const open = ref(false);
  let waiting: ((sure: boolean) => void)[] = [];

  function ask(): Promise<boolean> {
    open.value = true;
    return new Promise((resolve) => waiting.push(resolve));
  }
  function answer(sure: boolean): void {
    const all = waiting;
    waiting = [];
    open.value = false;
    for (const resolve of all) resolve(sure);
  }
  return { open, ask, answer };
});
