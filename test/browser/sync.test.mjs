// 同步与完整性: one sentence first, a button that does it, and what was found; lag and reasons are shown.
import { PHONE, WIDE } from "./browser.mjs";
import { equal, has, holds } from "./expect.mjs";

export default function add(test, { page, open, api, serious, picture }) {
  const region = (name) => page.getByRole("region", { name });

  test("the page says how everything stands, by source, and that nobody witnesses", async () => {
    const sync = await api("/sync");
    await open("/sync");
    await page.getByText("一切就绪").waitFor();
    has(await page.locator("main, body").first().innerText(), "没有见证方", "还没有见证或镜像", "还没有过完的日子");
    const sources = await region("来源").innerText();
    has(sources, "网页与接口");
    const failed = sync.sources.find((one) => one.source === "http").reasons;
    for (const reason of failed) has(sources, reason.zh);
  });

  test("sync now runs every part, and leaves what it found", async () => {
    const before = (await api("/sync/runs")).items.length;
    await page.getByRole("button", { name: "现在同步" }).click();
    await region("历次核对").getByText("没有问题").first().waitFor({ timeout: 60_000 });
    const { items } = await api("/sync/runs");
    equal(items.length, before + 1);
    equal(items[0].result.parts.map((part) => part.part), ["documents", "ledger", "nodes", "days", "erasures", "audit"]);
    has(await region("历次核对").innerText(), "手动", ...items[0].result.parts.map((part) => part.zh));
  });

  test("a mirror that lags and a witness that fails are named, with how far and why", async () => {
    const sync = await api("/sync");
    const node = { kind: "mirror", url: "", size: 3, behind: 0, ok_at: "2026-11-21T01:02:03Z", tried_at: "2026-11-21T01:02:03Z", error: "" };
    const nodes = [
      { ...node, name: "hq.example/east", behind: 1214 },
      { ...node, name: "accountant.example/w", kind: "witness", error: "没有应答 no answer", ok_at: "" },
      { ...node, name: "well.example/m" },
    ];
    await page.route("**/api/v1/sync", (route) => route.fulfill({ json: { ...sync, nodes, witnesses: { count: 1, need: 1, cosigned: 0 } } }));
    await open("/sync");
    await page.getByText("2 个见证或镜像落后或出错").waitFor();
    const table = await region("见证与镜像").innerText();
    has(table, "hq.example/east", "1,214 条", "没有应答 no answer", "还没有", "无滞后");
    equal(await serious(), []);
    await page.setViewportSize(PHONE);
    equal(await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth), false);
    await picture("sync phone");
    await page.setViewportSize(WIDE);
    await page.unroute("**/api/v1/sync");
  });

  test("days that are over are listed with their equation, a broken one in red", async () => {
    const day = { signed: true, received: 42, handed_in: 42, carried: 0, released: 0, accepted: 37, duplicate: 2, conflict: 1, quarantined: 1, rejected: 0, in_progress: 1, sources: [] };
    const items = [{ ...day, day: "2026-11-20" }, { ...day, day: "2026-11-19", accepted: 36 }];
    await page.route("**/api/v1/days?*", (route) => route.fulfill({ json: { items, next_cursor: "" } }));
    await open("/sync");
    const row = (name) => region("每日等式").getByRole("row", { name });
    await row(/2026-11-20/).waitFor();
    has(await row(/2026-11-20/).innerText(), "42", "37", "已签名");
    holds((await row(/2026-11-19/).locator(".tone-bad").count()) === 1, "it is marked");
    await page.unroute("**/api/v1/days?*");
  });

  test("the desk leads there", async () => {
    await open("/");
    await page.getByRole("link", { name: /记录 .* 条/ }).click();
    await page.getByRole("heading", { name: "同步与完整性" }).waitFor();
  });
}
