// Lists: filters that say what they hide, sums, order, keys, and words where nothing is found.
import { equal, has, holds } from "./expect.mjs";
import { FIRST, group, SECOND } from "./fixtures.mjs";

export default function add(test, { page, open, api }) {
  const rows = () => page.locator("[data-test=invoices] tbody tr");
  const settled = async (count) => {
    await page.waitForFunction((n) => document.querySelectorAll("[data-test=invoices] tbody tr").length === n, count);
  };

  test("the list shows all with their sum, numbers in groups of four", async () => {
    await open("/invoices");
    const { items, total } = await api("/invoices");
    await settled(items.length);
    has(await page.locator("[data-test=invoices]").innerText(), group(SECOND), "318.00");
    has(await page.locator("tfoot").innerText(), `合计 ${total.count} 张`, total.total.replace(/\B(?=(\d{3})+\.)/g, ","));
  });

  test("one click copies the whole number", async () => {
    await page.getByRole("button", { name: `复制号码 ${SECOND}` }).click();
    equal(await page.evaluate(() => navigator.clipboard.readText()), SECOND);
  });

  test("a filter says how many it hides, stands in the address, and comes off again", async () => {
    const all = (await api("/invoices")).total.count;
    await page.getByLabel("发票号码", { exact: true }).fill("2431");
    await page.keyboard.press("Enter");
    await settled(1);
    holds(page.url().includes("number=2431"), page.url());
    has(await page.locator("main").innerText(), `已应用 1 个筛选，另有 ${all - 1} 张未显示`);
    await page.reload();
    await settled(1);
    await page.getByRole("button", { name: "清除筛选" }).click();
    await settled(all);
  });

  test("two characters of a seller's name are enough; amounts are checked before asking", async () => {
    await open("/invoices");
    await page.getByLabel("销方", { exact: true }).fill("示例");
    await page.keyboard.press("Enter");
    await page.waitForURL(/seller=/);
    await rows().first().waitFor();
    await page.getByRole("button", { name: "更多条件" }).click();
    await page.getByLabel("价税合计从").fill("很多");
    await page.keyboard.press("Enter");
    await page.getByText("这里要填金额").waitFor();
    await page.getByLabel("价税合计从").fill("2,000");
    await page.keyboard.press("Enter");
    await page.waitForURL(/total_min=2000.00/);
    await settled(1);
  });

  test("a column's head orders by it", async () => {
    await open("/invoices");
    await page.getByRole("button", { name: "价税合计" }).click();
    await page.waitForURL(/sort=-total/);
    await page.waitForFunction(() => document.querySelector("tbody tr")?.textContent?.includes("2,120.00"));
    await page.getByRole("button", { name: "价税合计" }).click();
    await page.waitForURL(/sort=total/);
    await page.waitForFunction(() => document.querySelector("tbody tr")?.textContent?.includes("10.60"));
  });

  test("keys go on where a box was ticked by the mouse", async () => {
    await open("/invoices?sort=total");
    await rows().first().waitFor();
    await rows().first().getByRole("checkbox").click();
    await page.getByText("已选 1 张").waitFor();
    await page.keyboard.press("Escape");
    await page.getByText("已选").waitFor({ state: "detached" });
  });

  test("keys: j k move, x selects and sums, Esc lets go, Enter opens, / searches, ? explains", async () => {
    await open("/invoices?sort=total");
    await rows().first().waitFor();
    await page.keyboard.press("j");
    await page.keyboard.press("x");
    await page.getByText("已选 1 张，价税合计 10.60 元").waitFor();
    await page.keyboard.press("j");
    await page.keyboard.press("x");
    await page.getByText("已选 2 张，价税合计 328.60 元").waitFor();
    await page.keyboard.press("Escape");
    await page.getByText("已选").waitFor({ state: "detached" });
    await page.keyboard.press("k");
    await page.keyboard.press("Shift+?");
    has(await page.locator("dialog[open]").innerText(), "下一张 / 上一张", "搜索");
    await page.keyboard.press("Escape");
    await page.keyboard.press("/");
    equal(await page.evaluate(() => document.activeElement?.getAttribute("name")), "q");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/invoices\/.+/);
    await page.getByRole("heading", { level: 1 }).waitFor();
    has(await page.getByRole("heading", { level: 1 }).innerText(), group("24312000000048540001"));
  });

  test("the search box finds by number, in groups or not", async () => {
    await open("/");
    await page.keyboard.press("Control+k");
    await page.keyboard.type(group(SECOND));
    await page.keyboard.press("Enter");
    await page.waitForURL(/number=/);
    await settled(1);
  });

  test("one digit off: the list names the one that may be meant", async () => {
    await open(`/invoices?number=${FIRST.slice(0, -2)}36`);
    await page.getByText("可能输错了一位").first().waitFor();
    const text = await page.locator("main").innerText();
    has(text, `没有找到 ${group(FIRST.slice(0, -2) + "36")}`, group(FIRST), "清除筛选", "看隔离的收件");
    await page.getByRole("link", { name: "看这一张" }).first().click();
    await page.waitForURL(/\/invoices\/.+/);
  });

  test("arrivals: every file with its outcome; a quarantined one can be read again", async () => {
    await open("/documents?state=quarantined");
    await page.locator(".card-table tbody tr").first().waitFor();
    has(await page.locator(".card-table").innerText(), "letter.xml", "隔离");
    await page.locator("tr", { hasText: "letter.xml" }).getByRole("button", { name: "重新识别" }).click();
    await page.locator("tr", { hasText: "letter.xml" }).locator("[aria-live]", { hasText: "隔离" }).waitFor();
    await page.locator("tr", { hasText: "letter.xml" }).getByRole("link").first().click();
    await page.getByRole("link", { name: "下载原件" }).waitFor();
    has(await page.locator("main").innerText(), "letter.xml", "SHA-256", "接下来可以");
  });
}
