import { createPinia, setActivePinia } from "pinia";
import { beforeEach, expect, it, vi } from "vitest";
import { ask, whenStale } from "@/api/client";
import { ApiError } from "@/api/problem";
import { useSure } from "./sure";

const STALE = { status: 403, body: { code: "confirmation_wanted", detail: "再确认", detail_en: "Confirm" } };
const DONE = { status: 200, body: { good: true } };

function answering(...answers: { status: number; body: unknown }[]) {
  const fetching = vi.fn(() => {
    const next = answers.shift() ?? DONE;
    return Promise.resolve(new Response(JSON.stringify(next.body), { status: next.status }));
  });
  vi.stubGlobal("fetch", fetching);
  return fetching;
}
beforeEach(() => setActivePinia(createPinia()));

it("a request that wants a confirmation is repeated, as it was, once that is given", async () => {
  const sure = useSure();
  whenStale(sure.ask);
  const fetching = answering(STALE, DONE);
  const asked = ask("/account", { method: "PATCH", body: "{}" });
  await vi.waitFor(() => expect(sure.open).toBe(true));
  expect(fetching).toHaveBeenCalledTimes(1);
  sure.answer(true);
  expect(await asked).toEqual({ good: true });
  expect(sure.open).toBe(false);
  expect(fetching.mock.calls[1]).toEqual(fetching.mock.calls[0]);
});

it("whoever will not confirm gets the refusal, and so does who is asked a second time", async () => {
  const sure = useSure();
  whenStale(sure.ask);
  answering(STALE);
  const asked = ask("/account", { method: "DELETE" });
  await vi.waitFor(() => expect(sure.open).toBe(true));
  sure.answer(false);
  await expect(asked).rejects.toBeInstanceOf(ApiError);
  answering(STALE, STALE);
  const again = ask("/account", { method: "DELETE" });
  await vi.waitFor(() => expect(sure.open).toBe(true));
  sure.answer(true);
  await expect(again).rejects.toMatchObject({ code: "confirmation_wanted" });
});
