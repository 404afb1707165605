// Debian's chromium, told to talk to nobody but us; what every test may need of it.
import { chromium } from "playwright-core";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const HERE = path.dirname(fileURLToPath(import.meta.url));
const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const ARGS = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
];
export const WIDE = { width: 1440, height: 900 };
export const PHONE = { width: 320, height: 640 };
const WAIT_MS = 15_000;

export async function openBrowser(url) {
  const profile = fs.mkdtempSync(path.join(os.tmpdir(), "fapiao-chromium-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: CHROMIUM, headless: true, args: ARGS, viewport: WIDE, locale: "zh-CN", baseURL: url,
  });
  context.setDefaultTimeout(WAIT_MS);
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: url });
  const page = context.pages()[0] ?? (await context.newPage());
  const complaints = []; // what the page's policy refused, and errors of scripts
  page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
  page.on("console", (message) => {
    const text = message.text();
    if (/Content Security Policy|Refused to/.test(text)) complaints.push(text);
    else if (message.type() === "warning" && text.includes("[Vue")) complaints.push(text);
  });
  await page.goto("/");
  const axe = fs.readFileSync(path.join(HERE, "node_modules/axe-core/axe.min.js"), "utf8");

  // Drops files on the middle of the page, wherever it is: [name, text or bytes].
  async function drop(...files) {
    const packed = files.map(([name, data]) => [name, Buffer.from(data).toString("base64")]);
    await page.evaluate((list) => {
      const transfer = new DataTransfer();
      for (const [name, data] of list) {
        const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
        transfer.items.add(new File([bytes], name));
      }
      const target = document.elementFromPoint(innerWidth / 2, innerHeight / 2) ?? document.body;
      for (const type of ["dragenter", "dragover", "drop"]) {
        target.dispatchEvent(new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true }));
      }
    }, packed);
  }
  const row = (name) => page.locator("ul.rows li.item", { hasText: name });
  // What became of a dropped file, once it is decided.
  async function outcome(name, expected) {
    await row(name).filter({ hasText: expected }).first().waitFor();
    return row(name).first().innerText();
  }
  // `letters`: the size of type that this person has set in the browser, where 16 is usual.
  const settings = await context.newCDPSession(page);
  async function look({ theme = "light", large = false, locale = "zh", letters = 16 } = {}) {
    await settings.send("Page.setFontSizes", { fontSizes: { standard: letters } });
    await page.evaluate(
      ([t, l, e]) => {
        localStorage.setItem("fapiao.theme", t);
        localStorage.setItem("fapiao.large", l ? "1" : "0");
        localStorage.setItem("fapiao.locale", e);
      },
      [theme, large, locale],
    );
  }
  async function open(address) {
    await page.goto(address);
    await page.waitForFunction(() => document.querySelector("#main") && !document.querySelector(".el-skeleton"));
  }
  async function serious() {
    await page.evaluate(axe);
    const found = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
    return found.violations
      .filter((one) => one.impact === "serious" || one.impact === "critical")
      .map((one) => `${one.id}: ${one.nodes.slice(0, 3).map((node) => node.target.join(" ") + " " + (node.any[0]?.message ?? "")).join(" | ")}`);
  }
  async function picture(name) {
    const folder = process.env.FAPIAO_PICTURES;
    if (!folder) return;
    fs.mkdirSync(folder, { recursive: true });
    await page.screenshot({ path: path.join(folder, name.replace(/\W+/g, "_").slice(0, 80) + ".png"), fullPage: true });
  }
  async function close() {
    await context.close();
    fs.rmSync(profile, { recursive: true, force: true });
  }
  const api = async (where, init) => (await fetch(`${url}/api/v1${where}`, init)).json();
  return { page, context, complaints, drop, row, outcome, look, open, serious, picture, close, api };
}
