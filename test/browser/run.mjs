// Runs every *.test.mjs in order, each group against one server and one browser: later files find
// what earlier ones put in. `node run.mjs [WORD]` runs only tests whose name holds WORD.
import { openBrowser } from "./browser.mjs";
import { startServer } from "./server.mjs";

const GROUPS = [
  { trust: true, files: ["desk", "lists", "detail", "receipt", "sync", "verify", "shape"] },
  { trust: false, files: ["people"] },
  { trust: false, demo: true, files: ["admin"] },
];
const only = process.argv[2] ?? "";
const counts = { passed: 0, failed: 0, skipped: 0 };

async function runOne(test, browser) {
  if (test.run === null) {
    counts.skipped++;
    console.log(`skipped: ${test.name}: the folder of real samples is not here`);
    return;
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

async function runGroup({ trust, demo = false, files }) {
  const server = await startServer({ trust, demo });
  if (server === null) {
    console.log("skipped: there is no program to test; build it first, or name its folder in FAPIAO_BUILD");
    counts.skipped++;
    return;
  }
  const browser = await openBrowser(server.url);
  const tests = [];
  try {
    for (const file of files) {
      const { default: add } = await import(`./${file}.test.mjs`);
      add((name, run) => tests.push({ name: `${file}: ${name}`, run }), browser, server);
    }
    for (const test of tests) if (test.name.includes(only)) await runOne(test, browser);
  } finally {
    await browser.close();
    await server.stop();
  }
}

for (const group of GROUPS) {
  // A server that is there already has its own people.
  if (group.trust || !process.env.FAPIAO_URL) await runGroup(group);
  else console.log(`skipped: ${group.files.join(", ")}: they want a server of their own`);
}
console.log(`${counts.passed} passed, ${counts.failed} failed${counts.skipped ? `, ${counts.skipped} skipped` : ""}`);
process.exit(counts.failed === 0 ? 0 : 1);
