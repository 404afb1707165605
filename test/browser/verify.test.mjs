// 查验: the form asks for what the number's kind needs; one sentence first, then evidence.
import { equal, has, holds } from "./expect.mjs";
import { FIRST, group, SECOND } from "./fixtures.mjs";

export default function add(test, { page, open }) {
  const verdict = () => page.locator("[data-form]");
  async function fill({ number, date, fourth }) {
    await open("/verify");
    await page.getByLabel("发票号码").fill(number);
    await page.getByLabel("开票日期").waitFor();
    await page.getByLabel("开票日期").fill(date);
    await page.locator("#verify-fourth").fill(fourth);
    await page.keyboard.press("Enter");
  }

  test("asks for exactly what the number needs, and says why", async () => {
    await open("/verify");
    has(await page.locator("[data-test=why]").innerText(), "先填号码");
    equal(await page.locator("form.card input").count(), 1);
    await page.getByLabel("发票号码").fill(group(SECOND));
    await page.getByLabel("价税合计").waitFor();
    has(await page.locator("[data-test=why]").innerText(), "不需要发票代码", "填价税合计");
    equal(await page.locator("form.card input").count(), 3);
    await page.getByLabel("发票号码").fill("31471858");
    await page.getByLabel("发票代码").waitFor();
    has(await page.locator("[data-test=why]").innerText(), "发票代码");
    await page.getByLabel("发票代码").fill("032001600511");
    await page.getByLabel("校验码").waitFor();
    has(await page.locator("[data-test=why]").innerText(), "需要发票代码", "校验码");
  });

  test("names what is missing, at its field", async () => {
    await open("/verify");
    await page.getByRole("button", { name: "查验", exact: true }).click();
    await page.getByText("请填发票号码").waitFor();
    equal(await page.evaluate(() => document.activeElement?.id), "verify-number");
  });

  test("○ an upload without a checked seal agrees, and is never called genuine", async () => {
    await fill({ number: group(SECOND), date: "20240603", fourth: "318" });
    await verdict().waitFor();
    equal(await verdict().getAttribute("data-form"), "unsigned");
    has(await verdict().innerText(), "一致 · 未经验签", "不等于真票", "官方", "未经验签的上传件");
  });

  test("✕ a mismatch names the field and asks the likely question", async () => {
    await fill({ number: SECOND, date: "2024-06-03", fourth: "300.00" });
    await verdict().waitFor();
    equal(await verdict().getAttribute("data-form"), "mismatch");
    has(await verdict().innerText(), "不一致", "价税合计", "您填的是不含税金额吗");
  });

  test("？ what is not on record is said with reasons", async () => {
    await fill({ number: "24990000000000000001", date: "2024-06-03", fourth: "1" });
    await verdict().waitFor();
    equal(await verdict().getAttribute("data-form"), "not_found");
    has(await verdict().innerText(), "查无此票", "可能的原因", "拖到这个页面");
  });

  test("the text of a QR code fills the form", async () => {
    await open("/verify");
    await page.getByLabel("发票号码").fill(`01,32,,${FIRST},1060.00,20240528,,0000,`);
    await page.getByLabel("价税合计").waitFor();
    equal(await page.getByLabel("价税合计").inputValue(), "1060.00");
    equal(await page.getByLabel("开票日期").inputValue(), "2024-05-28");
    has(await page.locator("[data-test=why]").innerText(), "二维码");
    await page.keyboard.press("Enter");
    await verdict().waitFor();
    has(await verdict().innerText(), "内容不同的另一份");
  });

  test("after five tries of one number it says how long to wait", async () => {
    await fill({ number: "24990000000000000002", date: "2024-06-03", fourth: "1" });
    await verdict().waitFor();
    for (let i = 0; i < 6 && (await page.locator(".problem").count()) === 0; i++) {
      const answered = page.waitForResponse((response) => response.url().endsWith("/verifications"));
      await page.getByRole("button", { name: "查验", exact: true }).click();
      await answered;
      await page.waitForTimeout(50);
    }
    const text = await page.locator(".problem").innerText();
    holds(/已查五次。请在 \d+ (分钟|小时)后再试/.test(text), text);
  });

  test("works by the keyboard alone", async () => {
    await open("/verify");
    await page.locator("#verify-number").focus();
    await page.keyboard.type(SECOND);
    await page.getByLabel("价税合计").waitFor();
    await page.keyboard.press("Tab");
    await page.keyboard.type("20240603");
    await page.keyboard.press("Tab");
    await page.keyboard.type("318.00");
    await page.keyboard.press("Enter");
    await verdict().waitFor();
    holds(await page.evaluate(() => document.activeElement?.classList.contains("result")), "the focus goes to the answer");
  });
}
