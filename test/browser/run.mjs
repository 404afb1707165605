// Runs every *.test.mjs in order against one server and one browser: later files find what earlier
// ones put in. `node run.mjs [WORD]` runs only tests whose name holds WORD.
import { openBrowser } from "./browser.mjs";
import { startServer } from "./server.mjs";

const FILES = ["desk", "lists", "detail", "receipt", "sync", "verify", "shape"];
const only = process.argv[2] ?? "";
const tests = [];
const counts = { passed: 0, failed: 0, skipped: 0 };

const server = await startServer();
if (server === null) {
  console.log("skipped: there is no program to test; build it first, or name its folder in FAPIAO_BUILD");
  console.log("0 passed, 0 failed, 1 skipped");
  process.exit(0);
}
const browser = await openBrowser(server.url);
try {
  for (const file of FILES) {
    const { default: add } = await import(`./${file}.test.mjs`);
    add((name, run) => tests.push({ name: `${file}: ${name}`, run }), browser, server);
  }
  for (const test of tests) {
    if (!test.name.includes(only)) continue;
    if (test.run === null) {
      counts.skipped++;
      console.log(`skipped: ${test.name}: the folder of real samples is not here`);
      continue;
    }
    try {
      await test.run();
      counts.passed++;
      console.log(`ok      ${test.name}`);
    } catch (error) {
      counts.failed++;
      console.log(`FAILED  ${test.name}\n        ${String(error?.stack ?? error).split("\n").slice(0, 20).join("\n        ")}`);
      await browser.picture(test.name);
    }
  }
} finally {
  await browser.close();
  await server.stop();
}
console.log(`${counts.passed} passed, ${counts.failed} failed${counts.skipped ? `, ${counts.skipped} skipped` : ""}`);
process.exit(counts.failed === 0 ? 0 : 1);
