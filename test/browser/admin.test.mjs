// Administration: each role of the demo does its main work on its own pages, and is shown no other.
import { PHONE, WIDE } from "./browser.mjs";
import { equal, has, holds } from "./expect.mjs";
import { totp } from "./totp.mjs";

const PASSWORD = "yanshi-fapiao-2026";
const STEP_MS = 30_000;

export default function add(test, { page, context, complaints, look, open, serious, picture }, server) {
  const field = (name) => page.getByLabel(name, { exact: true });
  const button = (name) => page.getByRole("button", { name, exact: true });
  const region = (name) => page.getByRole("region", { name, exact: true });
  const dialog = () => page.locator("dialog[open]");
  const sure = (name) => dialog().getByRole("button", { name, exact: true }).click();
  const item = (text) => page.locator("main li").filter({ hasText: text });

  // The step that made the factor is used up: then the next one is taken.
  async function signIn(login) {
    await context.clearCookies();
    await open("/sign-in");
    await field("用户名、邮箱或手机号").fill(login);
    await field("密码").fill(PASSWORD);
    await page.keyboard.press("Enter");
    const menu = page.locator(".menu .who");
    for (const ahead of server.secrets[login] ? [0, STEP_MS] : []) {
      await field("验证码").fill(totp(server.secrets[login], Date.now() + ahead));
      await page.keyboard.press("Enter");
      await menu.or(page.getByRole("alert")).first().waitFor();
      if (await menu.count()) break;
    }
    await menu.waitFor();
  }
  async function shape(address) {
    for (const [size, kind] of [[WIDE, {}], [WIDE, { theme: "dark" }], [WIDE, { locale: "en" }], [PHONE, {}], [PHONE, { large: true }], [WIDE, { letters: 32 }], [PHONE, { letters: 32 }]]) {
      await page.setViewportSize(size);
      await look(kind);
      await open(address);
      await page.waitForTimeout(150);
      equal([address, size.width, kind, ...(await serious())], [address, size.width, kind]);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
      equal([address, size.width, kind, wide], [address, size.width, kind, false]);
      await picture(`${address} ${size.width} ${kind.theme ?? ""}${kind.locale ?? ""}${kind.large ? "large" : ""}${kind.letters ?? ""}`);
    }
    await page.setViewportSize(WIDE);
    await look({});
    await open(address);
  }
  const offered = async () => (await page.locator("main nav .chip").allInnerTexts()).join(" ");

  test("the administrator of the system begins with the accounts, and finds one by part of a name", async () => {
    await signIn("xitong");
    await page.waitForURL("**/admin/accounts");
    equal(await offered(), "账号 通知");
    await shape("/admin/accounts");
    await field("找谁").fill("KUAI");
    await page.keyboard.press("Enter");
    await item("shenji").waitFor({ state: "detached" });
    holds((await item("kuaiji").count()) === 1, "one is found");
    await field("找谁").fill("nobody at all");
    await page.keyboard.press("Enter");
    await page.getByText("没有符合条件的账号").waitFor();
    equal(await serious(), []);
  });

  test("an account is made, disabled by a second key that says what happens, and enabled", async () => {
    await open("/admin/accounts");
    await button("新建账号").click();
    await dialog().getByLabel("用户名", { exact: true }).fill("xiaochen");
    await dialog().getByLabel("姓名", { exact: true }).fill("小陈");
    await dialog().getByLabel("密码", { exact: true }).fill("short");
    await sure("新建账号");
    await dialog().getByText("太短了").waitFor();
    await picture("account new");
    equal(await serious(), []);
    await dialog().getByLabel("密码", { exact: true }).fill(PASSWORD);
    await sure("新建账号");
    await dialog().getByText("已建立 小陈").waitFor();
    await page.keyboard.press("Escape");
    const one = item("xiaochen");
    await one.getByRole("button", { name: "停用", exact: true }).click();
    has(await dialog().innerText(), "小陈 立即退出，不能再登录");
    equal(await serious(), []);
    await sure("停用");
    await one.getByText("已停用。").waitFor();
    await one.getByRole("button", { name: "启用", exact: true }).click();
    await one.getByText("已启用。").waitFor();
    // Administrators are not theirs to see to.
    equal(await item("shenji").getByRole("button").count(), 0);
    equal(complaints, []);
  });

  test("messages: a way is set, a test fails aloud, and is sent again", async () => {
    await shape("/admin/messages");
    const mail = page.locator("details").filter({ hasText: "邮件" });
    await mail.locator("summary").click();
    await mail.getByLabel("邮件服务器", { exact: true }).fill("smtp://127.0.0.1:9");
    await mail.getByLabel("发件人", { exact: true }).fill("no-reply@example.org");
    await mail.getByLabel("不用 TLS", { exact: true }).check();
    await mail.getByRole("button", { name: "保存改动" }).click();
    has(await dialog().innerText(), "邮件服务器：（空） → smtp://127.0.0.1:9", "不用 TLS：否 → 是");
    equal(await serious(), []);
    await sure("保存改动");
    await mail.getByText("已生效。").waitFor();
    await mail.getByText("已设置", { exact: true }).waitFor();
    await mail.getByLabel("发给", { exact: true }).fill("reader@example.org");
    await mail.getByRole("button", { name: "发送测试" }).click();
    await mail.getByText("测试消息已放入发件箱").waitFor();
    const sent = item("测试消息").filter({ hasText: "r***@example.org" }).first();
    await sent.waitFor();
    await picture("messages set");
    equal(await serious(), []);
    await sent.getByRole("button", { name: /再发一次/ }).click();
    await sent.getByText("已放回待发。").waitFor();
    await field("状态").selectOption("sent");
    await page.getByText("没有这个状态的消息").waitFor();
    equal(complaints, []);
  });

  let reference = "";
  test("the organisation's administrator asks for a document to be erased", async () => {
    await signIn("guanli");
    reference = await page.evaluate(async () => (await (await fetch("/api/v1/documents?limit=1")).json()).items[0].reference);
    await page.locator(".menu .who").click();
    await page.getByRole("link", { name: "永久删除" }).click();
    await page.waitForURL("**/admin/erasures");
    await page.getByText("没有申请").waitFor();
    await shape("/admin/erasures");
    await field("收件编号").fill("R-1999-000001");
    await button("申请删除").click();
    await sure("申请删除");
    await page.getByText("没有这个编号的文件").waitFor();
    await field("收件编号").fill(reference);
    await field("原因").selectOption("wrong_upload");
    await button("申请删除").click();
    has(await dialog().innerText(), reference, "不能恢复");
    await sure("申请删除");
    await page.getByText("申请已提出").waitFor();
    has(await item(reference).innerText(), "等待决定", "误传");
    equal(await item(reference).getByRole("button").count(), 0);
    equal(complaints, []);
  });

  test("the administrator of security gives a role, and takes it back", async () => {
    await signIn("anquan");
    await page.waitForURL("**/admin/accounts");
    equal(await offered(), "账号 策略 网络地址 永久删除");
    equal(await button("新建账号").count(), 0);
    const one = item("xiaochen");
    await one.getByRole("button", { name: "平台角色" }).click();
    await one.getByLabel("系统管理员").check();
    await one.getByLabel("审计管理员").check();
    await one.getByRole("button", { name: "保存" }).click();
    await one.getByText("管理员由三个人分任").first().waitFor();
    await picture("account roles");
    await one.getByLabel("系统管理员").uncheck();
    equal(await serious(), []);
    await one.getByRole("button", { name: "保存" }).click();
    await one.getByText("已保存").waitFor();
    await one.getByText("审计管理员").waitFor();
    equal(complaints, []);
  });

  test("the policy: what is changed is told back before it counts", async () => {
    await shape("/admin/policy");
    const passwords = region("密码");
    await passwords.getByLabel("密码至少几个字符").fill("3");
    await passwords.getByRole("button", { name: "保存改动" }).click();
    await sure("保存改动");
    await passwords.getByRole("alert").waitFor();
    await passwords.getByLabel("密码至少几个字符").fill("12");
    await passwords.getByRole("button", { name: "保存改动" }).click();
    has(await dialog().innerText(), "密码至少几个字符：8 → 12");
    equal(await serious(), []);
    await picture("policy sure");
    await sure("保存改动");
    await passwords.getByText("已生效。").waitFor();
    await passwords.getByRole("button", { name: "按等保设置" }).click();
    await sure("按等保设置");
    await passwords.getByText("已按所选设置").waitFor();
    equal(await field("密码几天后要换").inputValue(), "90");
    await passwords.getByRole("button", { name: "恢复标准设置" }).click();
    await sure("恢复标准设置");
    await page.waitForFunction(() => document.querySelector("#s-password_rotation_days")?.value === "0");
    await region("会话与两步验证").getByRole("button", { name: "保存改动" }).click();
    await region("会话与两步验证").getByText("没有改动").waitFor();
    equal(complaints, []);
  });

  test("addresses: a block is kept out and let be; one's own can't be shut out", async () => {
    await open("/admin/addresses");
    await page.getByText("没有规则").waitFor();
    await field("地址段").fill("203.0.113.0/24");
    await field("备注").fill("演示");
    await button("加上这条").click();
    has(await dialog().innerText(), "203.0.113.0/24 来的访问立即被拒");
    await sure("加上这条");
    await item("203.0.113.0/24").waitFor();
    await shape("/admin/addresses");
    await field("地址段").fill("127.0.0.0/8");
    await button("加上这条").click();
    await sure("加上这条");
    await page.getByText("这样会把您自己的地址挡在外面").waitFor();
    await picture("address own");
    await button("去掉 203.0.113.0/24").click();
    await sure("去掉");
    await page.getByText("没有规则").waitFor();
    equal(complaints, []);
  });

  test("the second person erases for good, and is told what happens before", async () => {
    await open("/admin/erasures");
    const one = item(reference);
    has(await one.innerText(), "等待决定", "演示·企业管理员 申请于");
    await one.getByRole("button", { name: "同意并删除" }).click();
    has(await dialog().innerText(), "内容密钥立即销毁", "不能恢复");
    equal(await serious(), []);
    await picture("erasure sure");
    await sure("同意并删除");
    await one.getByText("已永久删除").waitFor();
    await one.getByText("已删除", { exact: true }).waitFor();
    await shape("/admin/erasures");
    equal(complaints, []);
  });

  test("a tax officer chooses whose records to read, and is told where they are", async () => {
    await signIn("shuiwu");
    await page.getByText("您还没有选择单位").waitFor();
    await page.getByText("还没有发票。", { exact: true }).waitFor();
    equal(await region("拖入发票").count(), 0); // nor is who may not hand in asked to
    await page.locator("main").getByRole("link", { name: "选择单位" }).click();
    await page.waitForURL("**/admin/organisations");
    await shape("/admin/organisations");
    await field("统一社会信用代码").fill("91110108MA00000099");
    await page.keyboard.press("Enter");
    await page.getByText("没有这个代码的单位").waitFor();
    await field("统一社会信用代码").fill("");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: /^进入 / }).first().waitFor();
    await page.locator("main li").filter({ hasText: "· local ·" }).getByRole("button").click();
    await page.getByText("只读，已记入审计日志").waitFor();
    await open("/invoices");
    await page.locator("tbody tr").first().waitFor();
    await picture("officer looks in");
    equal(await serious(), []);
    equal(complaints, []);
  });

  test("the audit log names people", async () => {
    await signIn("shenji");
    await open("/audit");
    const role = item("改平台角色").first();
    await role.locator("summary").click();
    has(await role.innerText(), "小陈");
    holds(!(await role.locator("summary").innerText()).includes("u-"), "no pseudonym");
    await picture("audit names");
    equal(await serious(), []);
    equal(await page.locator("main nav .chip").count(), 0);
    await open("/admin/policy");
    await page.getByRole("alert").first().waitFor();
    equal(complaints, []);
  });
}
