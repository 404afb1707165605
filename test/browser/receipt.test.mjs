// 凭据: one sentence first, then what to download and how to check it; on paper, too.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { equal, has, holds } from "./expect.mjs";
import { PHONE, WIDE } from "./browser.mjs";
import { einvoice, SECOND } from "./fixtures.mjs";

export default function add(test, { page, open, api, look, serious, picture }) {
  const sent = einvoice({ number: SECOND, date: "2024-06-03", net: "300.00", tax: "18.00", total: "318.00" });
  const section = () => page.getByRole("region", { name: "凭据" });
  const invoiceOf = async () => (await api(`/invoices?number=${SECOND}`)).items[0];
  const referenceOf = async () => (await api(`/invoices/${(await invoiceOf()).id}`)).documents[0].reference;
  async function downloaded(name) {
    const [download] = await Promise.all([page.waitForEvent("download"), section().getByRole("link", { name, exact: true }).click()]);
    const chunks = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk);
    return { name: download.suggestedFilename(), bytes: Buffer.concat(chunks) };
  }

  test("a reference says in one sentence where it stands, and hands out three kinds", async () => {
    const reference = await referenceOf();
    const document = await api(`/documents/${reference}`);
    await open(`/documents/${reference}`);
    await section().getByText(`已写入账本第 ${document.ledger.index + 1} 条`).waitFor();
    has(await section().innerText(), "共 ", "检查点 ", "还没有见证", "它不证明发票本身是真的", "怎样自己核对", document.sha256, document.ledger.leaf_hash);
    const proof = await downloaded("凭据");
    equal(proof.name, `${reference}.tlog-proof`);
    has(proof.bytes.toString(), "c2sp.org/tlog-proof@v1\n", `\nindex ${document.ledger.index}\n`);
    const signatures = (bytes) => bytes.toString().split("\n").filter((line) => line.startsWith("— ")).length;
    const both = await downloaded("含国密签名");
    equal([both.name, signatures(proof.bytes), signatures(both.bytes)], [`${reference}.sm2.tlog-proof`, 1, 2]);
    const open_ = await downloaded("公开凭据");
    equal(open_.name, `${reference}.public.tlog-proof`);
    holds(!Buffer.from(open_.bytes.toString().split("\n")[1].slice(6), "base64").includes(reference), "it does not say whose it is");
    has((await downloaded("承诺")).bytes.toString(), "/promise\n");
    equal((await downloaded("处理结果凭据")).name, `${reference}.outcome.tlog-proof`);
  });

  const program = path.join(path.resolve(process.env.FAPIAO_BUILD ?? path.join(import.meta.dirname ?? ".", "../../build")), "fapiao-check");
  test("the command that is shown is the one that works", async () => {
    const command = await section().locator(".command code").innerText();
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "fapiao-receipt-"));
    const reference = await referenceOf();
    fs.writeFileSync(path.join(folder, `${reference}.tlog-proof`), (await downloaded("凭据")).bytes);
    fs.writeFileSync(path.join(folder, "b.xml"), sent);
    const typed = command.replace(/^fapiao-check/, `'${program}'`);
    has(execFileSync("/bin/sh", ["-c", typed], { cwd: folder }).toString(), "有效", reference, "file matches");
    await section().getByRole("button", { name: "复制命令" }).click();
    equal(await page.evaluate(() => navigator.clipboard.readText()), command);
    fs.rmSync(folder, { recursive: true });
  });

  test("keys can be copied whole; the QR code is a picture that was drawn", async () => {
    const { vkeys } = await api("/ledger");
    await section().getByRole("button", { name: "复制公钥 Ed25519" }).click();
    equal(await page.evaluate(() => navigator.clipboard.readText()), vkeys[0]);
    const code = section().getByRole("img", { name: /公开凭据二维码/ });
    holds(await code.evaluate((image) => image.decode().then(() => image.naturalWidth > 0)), "it is shown");
  });

  test("an invoice has a tab with the receipts of its files, on a phone as well", async () => {
    await open(`/invoices/${(await invoiceOf()).id}`);
    await page.getByRole("tab", { name: "凭据" }).click();
    await section().getByText("已写入账本第").waitFor();
    has(await section().innerText(), await referenceOf());
    await page.setViewportSize(PHONE);
    equal(await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth), false);
    await picture("receipt tab phone");
    await page.setViewportSize(WIDE);
  });

  test("a file that waits for its checkpoint has a promise, and what it waits for is said", async () => {
    const reference = await referenceOf();
    const ledger = await api("/ledger");
    let size = 0;
    await page.route("**/api/v1/ledger", (route) => route.fulfill({ json: { ...ledger, size } }));
    await open(`/documents/${reference}`);
    await section().getByText("正在等检查点").waitFor();
    equal(await section().getByRole("link").allInnerTexts(), ["承诺"]);
    size = ledger.size;
    await section().getByText("检查点 ").first().waitFor(); // it asks again by itself
    await section().getByRole("link", { name: "公开凭据", exact: true }).waitFor();
    await page.unroute("**/api/v1/ledger");
  });

  test("a server that does not answer is said, with a way to ask again", async () => {
    await page.route("**/api/v1/ledger", (route) => route.abort());
    await open(`/documents/${await referenceOf()}`);
    await section().getByRole("alert").waitFor();
    await page.unroute("**/api/v1/ledger");
    await section().getByRole("button").click();
    await section().getByText("已写入账本第").waitFor();
  });

  for (const [name, size] of [["wide", WIDE], ["phone", PHONE]]) {
    for (const kind of [{}, { theme: "dark" }, { locale: "en" }, { large: true }]) {
      test(`fits and reads well: ${name} ${JSON.stringify(kind)}`, async () => {
        await page.setViewportSize(size);
        await look(kind);
        await open(`/documents/${await referenceOf()}`);
        await page.locator(".receipt .check").waitFor();
        await page.locator(".receipt img").evaluate((image) => image.decode());
        equal(await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth), false);
        equal(await serious(), []);
        await picture(`receipt ${name} ${Object.entries(kind).join(" ")}`);
      });
    }
  }

  test("printed, it is the receipt and nothing else", async () => {
    await page.setViewportSize(WIDE);
    await look({});
    await open(`/documents/${await referenceOf()}`);
    await page.locator(".receipt .check").waitFor();
    await page.evaluate(() => (window.print = () => (window.printed = document.documentElement.className)));
    await section().getByRole("button", { name: "打印凭据" }).click();
    has(await page.evaluate(() => window.printed), "print-one");
    holds(!(await page.evaluate(() => document.documentElement.className)).includes("print-one"), "and back");
    await page.emulateMedia({ media: "print" });
    await page.evaluate(() => document.documentElement.classList.add("print-one"));
    const visible = (selector) => page.locator(selector).first().evaluate((one) => getComputedStyle(one).visibility);
    equal([await visible("nav"), await visible(".receipt img"), await visible(".receipt .standing")], ["hidden", "visible", "visible"]);
    has(await page.locator(".receipt h1").innerText(), await referenceOf(), "b.xml");
    equal(await section().getByRole("button").count(), 0);
    await picture("receipt printed");
    await page.evaluate(() => document.documentElement.classList.remove("print-one"));
    await page.emulateMedia({ media: null });
  });
}
