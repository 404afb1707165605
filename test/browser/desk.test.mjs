// 工作台: what is dropped is followed to its outcome; the equation holds.
import { equal, has, holds } from "./expect.mjs";
import { einvoice, FIRST, junk, SECOND } from "./fixtures.mjs";

export default function add(test, { page, context, drop, outcome, row, open, api }) {
  const numbers = async () => {
    const { received, accepted, duplicate, conflict, quarantined, rejected, in_progress } = await api("/today");
    equal(received, accepted + duplicate + conflict + quarantined + rejected + in_progress);
    return { received, accepted, duplicate, conflict, quarantined };
  };

  test("an empty desk says what to do, and whom the server listens to", async () => {
    await open("/");
    has(await page.locator("main").innerText(), "收到", "等式成立", "第一次用", "还没有发票");
    has(await page.locator("footer").innerText(), "只在本机可用");
  });

  test("a dropped invoice goes 已收到 → 识别 → 入库 and gets a reference", async () => {
    await drop(["a.xml", einvoice({ number: FIRST })]);
    const text = await outcome("a.xml", "查看");
    has(text, "已收到", "识别", "入库");
    holds(/R-\d{4}-\d+/.test(text), text);
    has(await page.locator("[data-test=spoken]").innerText(), "a.xml", "已入库");
    await page.getByText("收到 1", { exact: false }).first().waitFor();
    equal(await numbers(), { received: 1, accepted: 1, duplicate: 0, conflict: 0, quarantined: 0 });
  });

  test("the reference is copied with one click", async () => {
    await row("a.xml").getByRole("button", { name: /复制编号/ }).click();
    holds(/^R-\d{4}-\d+$/.test(await page.evaluate(() => navigator.clipboard.readText())));
  });

  test("the same bytes are named a duplicate, with a way to the first", async () => {
    await drop(["again.xml", einvoice({ number: FIRST })]);
    has(await outcome("again.xml", "已有"), "内容完全相同", "打开那一张");
  });

  test("what is no invoice is kept, with a plain reason in both languages", async () => {
    await drop(["letter.xml", "<letter>Dear all</letter>"]);
    await outcome("letter.xml", "详情");
    const { items } = await api("/documents?state=quarantined");
    has(await row("letter.xml").innerText(), items[0].reason.zh);
    await page.getByRole("button", { name: "中文 / English" }).click();
    has(await row("letter.xml").innerText(), items[0].reason.en, "Received", "Details");
    await page.getByRole("button", { name: "中文 / English" }).click();
  });

  test("an empty file is refused before it is sent", async () => {
    const before = await numbers();
    await drop(["empty.pdf", ""]);
    has(await outcome("empty.pdf", "空的"), "重新导出");
    equal(await numbers(), before);
  });

  test("other content under the same number is stored and said to conflict", async () => {
    await drop(["other.xml", einvoice({ number: FIRST, net: "2000.00", tax: "120.00", total: "2120.00" })]);
    has(await outcome("other.xml", "号码相同内容不同"), "去比对");
  });

  test("several at once, each with its own outcome", async () => {
    await drop(
      ["b.xml", einvoice({ number: SECOND, date: "2024-06-03", net: "300.00", tax: "18.00", total: "318.00" })],
      ["notes.txt", "hello"],
      ["c.xml", einvoice({ number: "24312000000048540001", date: "2024-07-01", net: "10.00", tax: "0.60", total: "10.60" })],
    );
    await outcome("b.xml", "查看");
    await outcome("c.xml", "查看");
    await outcome("notes.txt", "详情");
  });

  test("a large file goes in 4 MiB chunks by tus, and goes on after a break", async () => {
    let patches = 0;
    let broken = 0;
    await context.route("**/api/v1/uploads/*", async (route) => {
      if (route.request().method() === "PATCH" && ++patches === 2 && broken++ === 0) await route.abort("connectionreset");
      else await route.continue();
    });
    await drop(["large.pdf", junk(9 * 1024 * 1024)]);
    await outcome("large.pdf", "详情");
    await context.unroute("**/api/v1/uploads/*");
    equal(broken, 1);
    holds(patches >= 4, `three chunks and one again, not ${patches}`);
  });

  test("an answer lost on the way makes no second copy", async () => {
    const before = await numbers();
    let lost = 0;
    await context.route("**/api/v1/documents", async (route) => {
      if (route.request().method() !== "POST" || lost++ > 0) return route.continue();
      await route.fetch();
      await route.abort("connectionreset");
    });
    await drop(["lost.xml", einvoice({ number: "24112000000048540077" })]);
    await outcome("lost.xml", "查看");
    await context.unroute("**/api/v1/documents");
    equal(lost, 1);
    equal((await numbers()).received, before.received + 1);
  });

  test("without a server the row says so and goes on by itself", async () => {
    await context.setOffline(true);
    await drop(["offline.xml", einvoice({ number: "24112000000048540088" })]);
    await outcome("offline.xml", "连接中断");
    await context.setOffline(false);
    await outcome("offline.xml", "查看");
  });

  test("of many at once those to look at come first, and the desk is not asked for each", async () => {
    await open("/");
    let asked = 0;
    const ask = (request) => (asked += request.url().endsWith("/api/v1/today"));
    page.on("request", ask);
    const again = Array.from({ length: 40 }, (_, i) => [`again${i}.xml`, einvoice({ number: FIRST })]);
    await drop(...again, ["late.xml", "<letter>Dear none</letter>"]);
    const foot = page.locator(".zone .foot");
    await foot.filter({ hasText: "41 / 41" }).waitFor();
    page.off("request", ask);
    has(await foot.innerText(), "41 份要看一看");
    has(await page.locator("ul.rows li.item").first().innerText(), "late.xml");
    const seconds = await page.evaluate(() => performance.now() / 1000);
    holds(asked <= 2 + seconds, `the desk's numbers were asked for ${asked} times in ${seconds} s`);
    const { height } = await page.locator("ul.rows").boundingBox();
    holds(height < 450, `the rows are ${height} px high`);
  });

  test("the numbers of the equation are links to what they count", async () => {
    await open("/");
    const { quarantined } = await numbers();
    await page.locator(".equation").getByRole("link", { name: /隔离/ }).click();
    await page.waitForURL(/\/documents\?.*state=quarantined/);
    await page.locator(".card-table tbody tr").first().waitFor();
    equal(await page.locator(".card-table tbody tr").count(), quarantined);
  });

  test("files may be dropped on any page", async () => {
    await open("/verify");
    await drop(["anywhere.xml", einvoice({ number: "24112000000048540099", date: "2024-08-08" })]);
    await page.locator(".tray", { hasText: "1 / 1" }).click();
    await outcome("anywhere.xml", "查看");
  });
}
