// The shape of every screen: fits 320 px, readable for all, nothing inline, nothing from elsewhere.
import { equal, has, holds } from "./expect.mjs";
import { PHONE, WIDE } from "./browser.mjs";
import { FIRST } from "./fixtures.mjs";

export default function add(test, { page, context, look, open, drop, outcome, serious, api, complaints }, server) {
  async function addresses() {
    const { items } = await api(`/invoices?number=${FIRST}`);
    const arrivals = await api("/documents?state=quarantined");
    return [
      "/", "/invoices", "/invoices?number=99999999", `/invoices/${items[0].id}`, "/verify?number=24112000000048542163", "/documents", "/sync",
      `/documents/${arrivals.items[0].reference}`, "/no/such/page",
    ];
  }
  const wide = () =>
    page.evaluate(() => {
      const root = document.documentElement;
      if (root.scrollWidth <= root.clientWidth) return [];
      return [...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > root.clientWidth + 1).slice(0, 4).map((one) => `${one.tagName}.${one.className}`);
    });

  const rootSize = () => page.evaluate(() => getComputedStyle(document.documentElement).fontSize);

  for (const kind of [{}, { locale: "en" }, { large: true }, { large: true, locale: "en" }]) {
    test(`nothing is wider than a phone of 320 px ${JSON.stringify(kind)}`, async () => {
      await page.setViewportSize(PHONE);
      await look(kind);
      for (const address of await addresses()) {
        await open(address);
        await page.waitForTimeout(150);
        equal([address, ...(await wide())], [address]);
      }
    });
  }

  // Twice the size: those who see little set it in the browser, or have a style of their own.
  for (const [name, size] of [["wide", WIDE], ["phone", PHONE]]) {
    for (const kind of [{ letters: 32 }, { letters: 32, locale: "en" }]) {
      test(`with type at twice its size nothing is wider than the window: ${name} ${JSON.stringify(kind)}`, async () => {
        await page.setViewportSize(size);
        await look(kind);
        for (const address of await addresses()) {
          await open(address);
          await page.waitForTimeout(150);
          equal([address, await rootSize(), ...(await wide())], [address, "28px"]);
        }
      });
    }
  }
  test("with a style of one's own that makes type large nothing is wider than the window", async () => {
    await page.setViewportSize(WIDE);
    await look({});
    for (const address of await addresses()) {
      await open(address);
      await page.evaluate(() => document.documentElement.style.setProperty("font-size", "32px"));
      await page.waitForTimeout(150);
      equal([address, await rootSize(), ...(await wide())], [address, "32px"]);
    }
  });

  test("what is chosen from is as large as what is typed, whatever the size of type", async () => {
    await page.setViewportSize(WIDE);
    await look({ letters: 32 });
    await open("/invoices");
    const opener = page.getByRole("button", { name: "筛选" });
    if (await opener.isVisible()) await opener.click();
    const sizeOf = (what) => page.locator(what).first().evaluate((one) => getComputedStyle(one).fontSize);
    equal([await sizeOf("form .el-select__wrapper"), await sizeOf("form .el-input__inner")], ["28px", "28px"]);
    await page.locator("form .el-select").first().click();
    equal(await sizeOf(".el-select-dropdown__item"), "28px");
    await look({});
  });

  test("the names of files that wait are shown whole", async () => {
    await page.setViewportSize(WIDE);
    await look({});
    await open("/");
    const name = "杭州某某科技有限公司-办公用品-2026年11月-第一批报销-26332000000000459302-银行回单.xml";
    await drop([name, "<receipt/>"]);
    await outcome(name, "不是发票");
    await open("/");
    const link = page.getByRole("region", { name: "待我处理" }).getByRole("link", { name });
    await link.waitFor();
    equal(await link.evaluate((one) => one.scrollWidth > one.clientWidth), false);
  });

  test("on a phone the bar of five is at hand", async () => {
    await page.setViewportSize(PHONE);
    await look({});
    await open("/");
    const bar = page.locator("nav.bar");
    equal(await bar.isVisible(), true);
    equal((await bar.innerText()).split(/\s+/).filter(Boolean), ["工作台", "发票", "拍照", "收件", "查验"]);
    equal(await page.locator("nav.nav").isVisible(), false);
  });

  test("large type is one and a half times the size", async () => {
    await page.setViewportSize(WIDE);
    await open("/");
    const size = () => page.evaluate(() => parseFloat(getComputedStyle(document.body).fontSize));
    const before = await size();
    await page.getByRole("button", { name: /大字/ }).click();
    equal(await size(), before * 1.5);
    await page.getByRole("button", { name: /大字/ }).click();
  });

  for (const theme of ["light", "dark"]) {
    for (const [name, size] of [["wide", WIDE], ["phone", PHONE]]) {
      test(`axe finds nothing serious: ${theme}, ${name}`, async () => {
        await page.setViewportSize(size);
        await look({ theme });
        for (const address of await addresses()) {
          await open(address);
          await page.waitForTimeout(150);
          equal([address, ...(await serious())], [address]);
        }
      });
    }
  }

  test("English says the same with its own words", async () => {
    await page.setViewportSize(WIDE);
    await look({ locale: "en" });
    await open("/");
    has(await page.locator("main").innerText(), "Today", "Received", "Drop invoices");
    equal(await page.evaluate(() => document.documentElement.lang), "en");
    const chinese = await page.locator("nav.nav, .equation, .zone .call").allInnerTexts();
    holds(!/[\u4e00-\u9fff]/.test(chinese.join("")), chinese.join(" "));
    await look({});
  });

  test("with less motion wished, nothing moves", async () => {
    await page.emulateMedia({ reducedMotion: "reduce" });
    await open("/");
    equal(await page.evaluate(() => getComputedStyle(document.querySelector("a")).transitionDuration), "0s");
    await page.emulateMedia({ reducedMotion: null });
  });

  test("the page's policy stands, and nothing was refused or failed in the whole run", async () => {
    const response = await fetch(`${server.url}/`);
    const policy = response.headers.get("content-security-policy") ?? "";
    has(policy, "default-src 'self'");
    holds(!/unsafe-(inline|eval)/.test(policy), policy);
    equal(response.headers.get("x-content-type-options"), "nosniff");
    equal(complaints, []);
  });

  test("nothing was asked of any other host", async () => {
    const hosts = new Set();
    page.on("request", (request) => hosts.add(new URL(request.url()).origin));
    for (const address of await addresses()) await open(address);
    equal([...hosts].filter((host) => host !== "null" && host !== server.url), []);
    await context.clearCookies();
  });
}
