// The door: the first start, signing in with two factors, and what each may see.
import { PHONE, WIDE } from "./browser.mjs";
import { equal, has, holds } from "./expect.mjs";
import { totp } from "./totp.mjs";

const PASSWORD = "correct horse battery";

export default function add(test, { page, context, complaints, look, open, serious, picture }, server) {
  const field = (name) => page.getByLabel(name, { exact: true });
  const button = (name) => page.getByRole("button", { name, exact: true });
  const main = () => page.locator("main").innerText();
  let secret = "";
  let codes = [];

  async function signIn(login, password = PASSWORD) {
    await open("/sign-in");
    await field("用户名、邮箱或手机号").fill(login);
    await field("密码").fill(password);
    await page.keyboard.press("Enter");
  }
  // As after five minutes: the next request to this address is answered so, once.
  async function stale(address) {
    const body = JSON.stringify({ code: "confirmation_wanted", detail: "这件事要再输入一次密码（和验证码）", detail_en: "Once more" });
    await page.route(`**/api/v1/${address}`, (route) => route.fulfill({ status: 403, contentType: "application/problem+json", body }), { times: 1 });
  }
  async function shape(address) {
    for (const [size, kind] of [[WIDE, {}], [WIDE, { theme: "dark" }], [PHONE, {}], [PHONE, { large: true }], [WIDE, { letters: 32 }], [PHONE, { letters: 32 }]]) {
      await page.setViewportSize(size);
      await look(kind);
      await open(address);
      await page.waitForTimeout(200);
      equal([address, size.width, kind, ...(await serious())], [address, size.width, kind]);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
      equal([address, size.width, kind, wide], [address, size.width, kind, false]);
      if (!kind.large && !kind.letters) await picture(`${address} ${size.width} ${kind.theme ?? ""}`);
    }
    await page.setViewportSize(WIDE);
    await look({});
    await open(address);
  }

  test("without accounts whoever comes is led to the first start", async () => {
    await open("/");
    await page.waitForURL("**/setup");
    await shape("/setup");
    await field("启动码").fill(server.command(["user", "setup-code"]));
    await field("用户名").fill("root");
    await field("姓名").fill("李管理");
    await field("密码").fill("short");
    await button("建立账号").click();
    await page.getByText("太短了").waitFor();
    await field("密码").fill(PASSWORD);
    await button("建立账号").click();
    await page.waitForURL(/\/sign-in/);
    server.command(["user", "add", "zhang", "--name", "张三", "--role", "accountant", "--organisation", "local", "--password-stdin"], PASSWORD + "\n");
  });

  test("a stranger verifies, and is asked to sign in for all else, and comes back", async () => {
    await open("/verify");
    await field("发票号码").waitFor();
    await page.waitForTimeout(300);
    has(page.url(), "/verify");
    equal((await page.locator("nav.nav").innerText()).trim(), "查验");
    await page.locator("header").getByRole("link", { name: "登录" }).waitFor();
    await page.goto("/invoices?number=12345678");
    await page.waitForURL(/\/sign-in\?to=/);
    await page.getByText("看这一页要先登录").waitFor();
    equal((await page.locator("nav.nav").innerText()).trim(), "查验");
    await shape("/sign-in");
    await page.goto("/invoices?number=12345678");
    await page.waitForURL(/\/sign-in\?to=/);
    await field("用户名、邮箱或手机号").fill("zhang");
    await field("密码").fill("not the password");
    await page.keyboard.press("Enter");
    await page.getByText("用户名或密码不对").waitFor();
    await field("密码").fill(PASSWORD);
    await page.keyboard.press("Enter");
    await page.waitForURL(/:\d+\/invoices\?number=12345678$/);
    await open("/verify");
    await page.locator("header").getByText("张三").waitFor();
  });

  test("the session's cookie is out of reach for scripts and other sites", async () => {
    const cookies = await context.cookies();
    const cookie = cookies.find((one) => one.name === "__Host-fapiao");
    equal([cookie.secure, cookie.httpOnly, cookie.sameSite, cookie.path], [true, true, "Strict", "/"]);
    equal(await page.evaluate(() => document.cookie), "");
  });

  test("the policy of the page runs no script that is written into it", async () => {
    const before = complaints.length;
    await page.evaluate(() => {
      const script = document.createElement("script");
      script.textContent = "window.ran = true";
      document.body.append(script);
    });
    equal(await page.evaluate(() => window.ran), undefined);
    await page.waitForTimeout(100);
    holds(complaints.length > before, "it was refused aloud");
    complaints.length = before;
  });

  test("by keys alone: the account menu opens, leads on, closes", async () => {
    const menu = page.getByRole("button", { name: "张三 的账号菜单" });
    await menu.focus();
    await page.keyboard.press("Enter");
    await page.getByRole("link", { name: "我的账号" }).waitFor();
    await picture("menu wide");
    equal(await serious(), []);
    equal(await page.getByRole("link", { name: "审计日志" }).count(), 0);
    await page.keyboard.press("Escape");
    equal(await page.getByRole("link", { name: "我的账号" }).count(), 0);
    await page.keyboard.press("Enter");
    await page.getByRole("link", { name: "我的账号" }).focus();
    await page.keyboard.press("Enter");
    await page.waitForURL("**/account");
  });

  test("a second factor is set up with a first code, and its recovery codes are shown once", async () => {
    await shape("/account");
    await stale("account/factor");
    await button("启用两步验证").click();
    const dialog = page.getByRole("dialog", { name: "请再确认一次是您本人" });
    await dialog.getByLabel("现在的密码").waitFor();
    equal(await dialog.getByLabel("六位数字或恢复码").count(), 0);
    holds(await page.evaluate(() => document.activeElement?.id === "sure-password"), "the field has the focus");
    await picture("sure 1440");
    equal(await serious(), []);
    await page.setViewportSize(PHONE);
    await picture("sure 320");
    await page.setViewportSize(WIDE);
    await dialog.getByRole("button", { name: "取消" }).click();
    await page.getByText("这件事要再输入一次密码").waitFor();
    await stale("account/factor");
    await button("启用两步验证").click();
    await dialog.getByLabel("现在的密码").fill("wrong password");
    await page.keyboard.press("Enter");
    await dialog.getByText("不对").first().waitFor();
    await dialog.getByLabel("现在的密码").fill(PASSWORD);
    await page.keyboard.press("Enter");
    const qr = page.getByRole("img", { name: /两步验证的二维码/ });
    await qr.waitFor();
    holds(await qr.evaluate((img) => img.complete && img.naturalWidth > 0), "the picture is drawn");
    await picture("factor qr");
    equal(await serious(), []);
    secret = (await page.locator(".copy .digits").first().innerText()).trim();
    await field("验证器现在显示的六位数字").fill(totp(secret));
    await page.keyboard.press("Enter");
    const box = page.getByRole("group", { name: "恢复码" });
    await box.waitFor();
    codes = await box.locator("li").allInnerTexts();
    equal(codes.length, 10);
    await picture("recovery codes");
    await button("我已保存好").click();
    equal(await box.count(), 0);
    await page.getByText("恢复码还剩 10 个").waitFor();
    equal(complaints, []);
  });

  test("signing out ends it, and signing in wants the second factor, or a recovery code once", async () => {
    await look({ theme: "dark" });
    await page.getByRole("button", { name: "张三 的账号菜单" }).click();
    await button("退出登录").click();
    await page.waitForURL("**/sign-in");
    equal((await context.cookies()).filter((one) => one.name === "__Host-fapiao"), []);
    equal(await page.evaluate(() => localStorage.getItem("fapiao.theme")), "dark");
    await look({});
    await signIn("zhang");
    await field("验证码").fill("000000");
    await picture("second factor");
    equal(await serious(), []);
    await page.keyboard.press("Enter");
    await page.getByRole("alert").waitFor();
    await field("验证码").fill(codes[0]);
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "张三 的账号菜单" }).waitFor();
    await open("/account");
    await page.getByText("恢复码还剩 9 个").waitFor();
  });

  test("a token is shown once, lists what it may, and is revoked by a second key", async () => {
    const tokens = page.getByRole("region", { name: "访问令牌" });
    await tokens.getByLabel("名称").fill("报销系统");
    await tokens.getByLabel("看发票").check();
    await tokens.getByRole("button", { name: "新建令牌" }).click();
    const token = await tokens.locator("code.token").innerText();
    holds(/^fp_[\w-]{30,}$/.test(token), token);
    const asked = await fetch(`${server.url}/api/v1/invoices`, { headers: { Authorization: `Bearer ${token}` } });
    equal(asked.status, 200);
    await picture("token");
    equal(await serious(), []);
    await open("/account");
    has(await tokens.innerText(), "报销系统", "看发票");
    equal((await main()).includes(token), false);
    await tokens.getByRole("button", { name: "作废" }).click();
    const dialog = page.getByRole("dialog");
    has(await dialog.innerText(), "“报销系统”立即失效");
    equal(await serious(), []);
    await dialog.getByRole("button", { name: "作废" }).click();
    await tokens.getByText("还没有令牌").waitFor();
    equal((await fetch(`${server.url}/api/v1/invoices`, { headers: { Authorization: `Bearer ${token}` } })).status, 401);
  });

  test("another device is listed, and signed out by a second key", async () => {
    const other = await fetch(`${server.url}/api/v1/session`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ login: "zhang", password: PASSWORD }),
    });
    const { ticket } = await other.json();
    const second = await fetch(`${server.url}/api/v1/session/factor`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "User-Agent": "Mozilla/5.0 (iPhone) Safari/604" },
      body: JSON.stringify({ ticket, code: codes[1] }),
    });
    const cookie = second.headers.get("set-cookie").split(";")[0];
    await open("/account");
    const devices = page.getByRole("region", { name: "登录中的设备" });
    has(await devices.innerText(), "Safari · iOS", "本机，就是这一次");
    await devices.getByRole("listitem").filter({ hasText: "Safari · iOS" }).getByRole("button").first().click();
    await page.getByRole("dialog").getByRole("button", { name: "退出它" }).click();
    await devices.getByText("Safari · iOS").waitFor({ state: "detached" });
    equal((await fetch(`${server.url}/api/v1/session`, { headers: { Cookie: cookie } })).status, 401);
  });

  test("a forgotten password says the same whoever asks, and a reset wants its code", async () => {
    await context.clearCookies();
    await shape("/forgot");
    await shape("/reset");
    await open("/reset#t=nothing");
    await field("新密码").fill(PASSWORD + "2");
    await field("再输一遍").fill(PASSWORD);
    await button("设置新密码").click();
    await page.getByText("两遍不一样").waitFor();
    await field("再输一遍").fill(PASSWORD + "2");
    await button("设置新密码").click();
    await page.getByText("没有这个地址或这条记录").waitFor();
    has(await main(), "设置新密码");
    equal(complaints, []);
  });

  // What an administrator of the organisation needs before anything else, done without the page.
  async function withFactor(login) {
    const ask = async (where, body, cookie = "") => {
      const headers = { "Content-Type": "application/json", ...(cookie ? { Cookie: cookie } : {}) };
      const answer = await fetch(`${server.url}/api/v1${where}`, { method: "POST", headers, body: JSON.stringify(body) });
      const set = answer.headers.get("set-cookie");
      return { json: await answer.json(), cookie: set ? set.split(";")[0] : cookie };
    };
    const { cookie } = await ask("/session", { login, password: PASSWORD });
    const begun = await ask("/account/factor", {}, cookie);
    return (await ask("/account/factor/confirmation", { code: totp(begun.json.secret) }, cookie)).json.recovery_codes;
  }
  async function enter(login, code) {
    await context.clearCookies();
    await signIn(login);
    await field("验证码").fill(code);
    await page.keyboard.press("Enter");
    await page.locator(".menu .who").waitFor();
  }

  test("who must have a second factor is told so, and sees their account alone", async () => {
    server.command(["user", "add", "wang", "--name", "王主管", "--role", "org_admin", "--organisation", "local", "--password-stdin"], PASSWORD + "\n");
    await context.clearCookies();
    await signIn("wang");
    await page.getByText("您的角色要求两步验证").waitFor();
    await page.waitForURL("**/account");
    equal((await page.locator("nav.nav").innerText()).trim(), "查验");
    equal(await serious(), []);
  });

  test("the organisation: its name, its members, an invitation; removing wants a second key", async () => {
    const [code] = await withFactor("wang");
    await enter("wang", code);
    await open("/organisation");
    await field("名称").first().fill("测试公司");
    await page.getByRole("region", { name: "名称与税号" }).getByRole("button", { name: "保存" }).click();
    await page.getByText("已保存").waitFor();
    const members = page.getByRole("region", { name: "成员" });
    has(await members.innerText(), "张三", "会计", "王主管", "企业管理员");
    await members.getByRole("button", { name: "改角色 张三" }).click();
    await members.getByLabel("审核员").check();
    await members.getByRole("button", { name: "保存" }).click();
    await members.getByText("审核员、会计").waitFor();
    await members.getByRole("button", { name: "移出 张三" }).click();
    has(await page.getByRole("dialog").innerText(), "张三 立即看不到这个组织的任何内容");
    await page.getByRole("dialog").getByRole("button", { name: "取消" }).click();
    await shape("/organisation");
  });

  test("the audit log says what was done, before and after, and that it is part of the ledger", async () => {
    await open("/audit");
    await page.getByText("每一条都是账本里的一个事件").waitFor();
    const change = page.getByRole("listitem").filter({ hasText: "改成员角色" }).first();
    await change.locator("summary").click();
    has(await change.innerText(), "王主管", "之前", "之后", "accountant", "reviewer");
    await picture("audit open");
    equal(await serious(), []);
    await shape("/audit");
    await field("结果").selectOption("failed");
    await page.getByRole("button", { name: "查询" }).click();
    await page.getByText("这个条件下没有记录").waitFor();
    const download = page.waitForEvent("download");
    await page.getByRole("link", { name: "导出 CSV" }).click();
    equal((await download).suggestedFilename(), "audit.csv");
  });

  async function register(login) {
    await field("用户名").fill(login);
    await field("姓名").fill("小李");
    await field("密码").fill(PASSWORD);
    await button("注册").click();
  }
  const progress = () => page.getByRole("progressbar", { name: "计算验证的进度" });
  const tries = async () => Number((await page.getByText(/^已试 /).innerText()).replace(/次.*|\D/g, ""));
  // The share of its time for which the page's own thread works while the proof goes on.
  async function busyShare() {
    const devtools = await context.newCDPSession(page);
    await devtools.send("Performance.enable");
    const read = async () => Object.fromEntries((await devtools.send("Performance.getMetrics")).metrics.map((one) => [one.name, one.value]));
    const [before, tried] = [await read(), await tries()];
    await page.waitForFunction((n) => Number(document.querySelector("progress + span").innerText.replace(/次.*|\D/g, "")) > n, tried + 400_000, { timeout: 60_000 });
    const after = await read();
    await devtools.detach();
    return (after.TaskDuration - before.TaskDuration) / (after.Timestamp - before.Timestamp);
  }
  // A key and a click come through, whatever is being computed.
  async function typeAndClick() {
    await field("姓名").fill("");
    await field("姓名").pressSequentially("Li Ming");
    equal(await field("姓名").inputValue(), "Li Ming");
    const large = page.locator("header").getByTitle(/^大字模式/);
    await large.click();
    equal(await large.getAttribute("aria-pressed"), "true");
    await large.click();
  }

  test("while a proof of work that never ends is under way the page stays awake; stopping or leaving ends it", async () => {
    const sent = [];
    const note = (request) => request.method() === "POST" && sent.push(request.url());
    const begin = async () => {
      await register("patient");
      await progress().waitFor();
      equal(page.workers().length, 1);
      const [worker] = page.workers();
      return { worker, ended: new Promise((resolve) => worker.once("close", resolve)) };
    };
    page.on("request", note);
    await context.clearCookies();
    await page.route("**/api/v1/challenge", (route) => route.fulfill({ json: { text: "a".repeat(64), bits: 40 } }));
    try {
      await open("/register");
      const first = await begin();
      const file = await fetch(first.worker.url());
      equal([file.status, file.headers.get("content-type")], [200, "text/javascript; charset=utf-8"]);
      has(file.headers.get("content-security-policy"), "default-src 'self'", "worker-src 'self';");
      await typeAndClick();
      const share = await busyShare();
      holds(share < 0.6, `the page's own thread works ${share} of the time`);
      await picture("proof wide");
      await page.setViewportSize(PHONE);
      equal(await serious(), []);
      await picture("proof phone");
      await page.setViewportSize(WIDE);
      await button("不等了").click();
      await progress().waitFor({ state: "detached" });
      await first.ended;
      const second = await begin();
      await page.locator("nav.nav").getByRole("link", { name: "查验" }).click();
      await page.waitForURL("**/verify");
      await second.ended;
      equal([sent, complaints], [[], []]);
    } finally {
      await page.unroute("**/api/v1/challenge");
      page.off("request", note);
    }
  });

  test("where no thread can be started the page does the proof itself, and still answers", async () => {
    await open("/register");
    await page.evaluate(() => (window.Worker = undefined));
    await register("old");
    await page.getByText("注册好了，请登录").waitFor({ timeout: 60_000 });
    equal([page.workers().length, complaints], [0, []]);
  });

  test("a stranger registers with a proof of work, signs in, and has a space of their own", async () => {
    await context.clearCookies();
    await shape("/register");
    await register("guest");
    await page.getByText("注册好了，请登录").waitFor({ timeout: 60_000 });
    await signIn("guest");
    await page.locator(".menu .who").click();
    await page.getByText("个人空间").waitFor();
    await shape("/confirm");
    await open("/invitation#nothing");
    await page.getByRole("button", { name: "接受邀请" }).click();
    await page.getByRole("alert").waitFor();
    await shape("/invitation");
    equal(complaints, []);
  });
}
