// The queue of dropped files: a few at a time, each followed until it is decided.
import { defineStore } from "pinia";
import { computed, reactive, ref } from "vue";
import { api } from "@/api/client";
import { ApiError, NO_ANSWER } from "@/api/problem";
import type { Sentence } from "@/api/types";
import { paced } from "@/ui/paced";
import { decide, isFinished, newRow, pollDelayMs, refusal, type UploadRow } from "./row";
import { newKey, send } from "./transfer";

const AT_ONCE = 3;
const SLOW_AFTER_MS = 10_000;
const TELL_EVERY_MS = 1000; // hundreds of files at once, and each list is asked for anew

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

export const useUploads = defineStore("uploads", () => {
  const rows = ref<UploadRow[]>([]);
  const decided = ref(0); // grows with outcomes: lists watch it to look again
  const tell = paced(TELL_EVERY_MS, () => decided.value++);
  const notice = ref(""); // key of the words, about the last drop
  const files = new Map<number, File>();
  let running = 0;
  let nextId = 1;

  async function follow(row: UploadRow): Promise<void> {
    const began = Date.now();
    for (let asked = 0; !isFinished(row); asked++) {
      try {
        decide(row, await api.document(row.reference));
      } catch (error) {
        if (error instanceof ApiError && !error.passing && error.status !== 404) throw error;
      }
      row.slow = !isFinished(row) && Date.now() - began > SLOW_AFTER_MS;
      if (!isFinished(row)) await sleep(pollDelayMs(asked));
    }
    row.slow = false;
  }

  function fail(row: UploadRow, says: Sentence, retriable: boolean): void {
    row.stage = "failed";
    row.problem = says;
    row.retriable = retriable;
  }

  async function carry(row: UploadRow, file: File): Promise<void> {
    try {
      row.stage = "sending";
      row.reference = await send(file, row.key, {
        progress: (percent) => {
          row.stage = "sending";
          row.percent = percent;
        },
        paused: () => (row.stage = "paused"),
      });
      row.stage = "received";
      files.delete(row.id);
      running--; // the line is free: reading happens on the server
      next();
      await follow(row);
    } catch (error) {
      if (row.reference === "") {
        running--;
        next();
      }
      const known = error instanceof ApiError;
      fail(row, known ? error.says : NO_ANSWER, known ? error.passing || error.status === 429 : true);
    }
    tell();
  }

  function next(): void {
    while (running < AT_ONCE) {
      const row = rows.value.find((each) => each.stage === "waiting");
      const file = row && files.get(row.id);
      if (!row || !file) return;
      running++;
      void carry(row, file);
    }
  }

  function add(chosen: File[], refuse: (key: string) => Sentence): void {
    for (const file of chosen) {
      const row = reactive(newRow(nextId++, file.name, file.size, newKey()));
      const why = refusal(file.size);
      if (why) fail(row, refuse(why), false);
      else files.set(row.id, file);
      rows.value.unshift(row);
    }
    next();
  }

  function retry(row: UploadRow): void {
    row.problem = null;
    row.percent = 0;
    row.stage = row.reference === "" ? "waiting" : "received";
    if (row.reference === "") next();
    else void follow(row).then(tell);
  }

  function clear(): void {
    rows.value = rows.value.filter((row) => !isFinished(row));
  }

  const done = computed(() => rows.value.filter(isFinished).length);
  return { rows, decided, notice, done, add, retry, clear };
});
