// One invoice: the original beside its fields, each with its source; what contradicts, side by side.
import fs from "node:fs";
import path from "node:path";
import { equal, has, holds } from "./expect.mjs";
import { einvoice, FIRST, group, samples, SECOND } from "./fixtures.mjs";

export default function add(test, { page, open, api, drop, outcome, row }) {
  const find = async (number) => (await api(`/invoices?number=${number}`)).items;

  test("fields, each with where it comes from; a redrawn face that says it is one", async () => {
    const [invoice] = await find(SECOND);
    await open(`/invoices/${invoice.id}`);
    const text = await page.locator("main").innerText();
    has(text, group(SECOND), "318.00", "示例甲科技有限公司", "按读出的字段重绘，非原件版式", "叁佰壹拾捌圆整");
    equal((await page.locator("[data-field=total]").innerText()).trim(), "318.00");
    has(await page.locator(".field", { has: page.locator("[data-field=number]") }).innerText(), "XML");
  });

  test("the original is handed back byte for byte", async () => {
    const [invoice] = await find(SECOND);
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.locator(".view").getByRole("link", { name: "下载原件" }).click(),
    ]);
    const chunks = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk);
    const sent = einvoice({ number: SECOND, date: "2024-06-03", net: "300.00", tax: "18.00", total: "318.00" });
    equal(Buffer.concat(chunks).toString(), sent);
    equal(download.suggestedFilename(), "b.xml");
    holds(invoice.id !== "");
  });

  test("tabs: lines, files, seal, related, receipt, history; by the keyboard", async () => {
    await page.getByRole("tab", { name: /明细/ }).focus();
    has(await page.locator(".el-tab-pane:visible").innerText(), "软件服务费", "300.00");
    for (const [name, part] of [["载体", "b.xml"], ["签章", "签章"], ["关联", "没有红字"], ["凭据", "已写入账本"], ["历史", "入库"]]) {
      await page.keyboard.press("ArrowRight");
      equal((await page.getByRole("tab", { selected: true }).innerText()).startsWith(name), true);
      await page.locator(".el-tab-pane:visible", { hasText: part }).waitFor();
    }
  });

  test("号码相同内容不同: both stand side by side, what differs is marked", async () => {
    const twins = await find(FIRST);
    equal(twins.length, 2);
    await open(`/invoices/${twins[0].id}`);
    await page.getByText("另有 1 份与这一份矛盾").waitFor();
    await page.locator("tr.differs").first().waitFor();
    const text = await page.locator("details table").innerText();
    has(text, "1,060.00", "2,120.00", "示例甲科技有限公司");
  });

  test("n and p go through the list, Esc goes back to it", async () => {
    await open("/invoices?sort=total");
    await page.locator("tbody tr").first().waitFor();
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/invoices\/.+/);
    await page.getByText(/第 1 \/ \d+ 张/).waitFor();
    await page.keyboard.press("n");
    await page.getByText(/第 2 \/ \d+ 张/).waitFor();
    await page.keyboard.press("p");
    await page.getByText(/第 1 \/ \d+ 张/).waitFor();
    await page.keyboard.press("Escape");
    await page.waitForURL(/\/invoices\?sort=total/);
  });

  test("what is not there is said, with ways to go on", async () => {
    await open("/invoices/no-such-invoice");
    await page.getByText("没有这张发票").waitFor();
    await open("/documents/R-1999-000001");
    await page.getByText("没有这个编号").waitFor();
    await open("/no/such/page");
    await page.getByRole("heading", { name: "没有这个页面" }).waitFor();
  });

  const folder = samples();
  const real = (name, run) => test(name, folder === null ? null : run);
  real("a real PDF is shown from its bytes, though the server locks originals away", async () => {
    await open("/");
    await drop(["real.pdf", fs.readFileSync(path.join(folder, "pdf/vmxmy_31_24942000000003727672.pdf"))]);
    await outcome("real.pdf", "查看");
    await row("real.pdf").getByRole("link", { name: "查看" }).click();
    await page.locator("iframe[src^='blob:']").waitFor();
    has(await page.locator(".view").innerText(), "PDF", "票面", "下载原件");
  });

  real("a real picture can be zoomed and turned, in view only", async () => {
    await open("/");
    await drop(["real.jpg", fs.readFileSync(path.join(folder, "image/x_book1_scan150.jpg"))]);
    await outcome("real.jpg", "查看");
    await row("real.jpg").getByRole("link", { name: "查看" }).click();
    const picture = page.locator(".image-view img");
    await picture.waitFor();
    holds(await picture.evaluate((image) => image.decode().then(() => image.naturalWidth > 0)), "it is shown");
    const before = (await picture.boundingBox()).width;
    await page.getByRole("button", { name: "放大" }).click();
    holds((await picture.boundingBox()).width > before, "zoomed");
    await page.getByRole("button", { name: "旋转视图" }).click();
    has(await picture.getAttribute("style"), "rotate(90deg)");
  });

  test("a picture without a QR code is kept, and a new photo is asked for", async () => {
    await open("/");
    const png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==";
    await drop(["dot.png", Buffer.from(png, "base64")]);
    await outcome("dot.png", "详情");
  });
}
