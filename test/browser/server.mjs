// A server of our own on an empty folder, or the one that FAPIAO_URL names.
import { spawn, spawnSync } from "node:child_process";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const READY_MS = 20_000;

function freePort() {
  return new Promise((resolve) => {
    const probe = net.createServer();
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

async function ready(url, child) {
  for (const until = Date.now() + READY_MS; Date.now() < until; ) {
    if (child && child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}`);
    try {
      if ((await fetch(`${url}/api/v1/health`)).ok) return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  throw new Error("the server did not answer in time");
}

// What the demo writes beside its folder: "xitong  …: SECRET", for whom needs two factors.
function secretsOf(data) {
  const lines = fs.existsSync(`${data}.demo.txt`) ? fs.readFileSync(`${data}.demo.txt`, "utf8").split("\n") : [];
  return Object.fromEntries(lines.map((line) => /^(\w+) .*: ([A-Z2-7]{32})$/.exec(line)).filter(Boolean).map((found) => [found[1], found[2]]));
}

// `trust`: whoever is at this machine need not sign in. `demo`: invoices, and one login a role.
export async function startServer({ trust = true, demo = false } = {}) {
  if (process.env.FAPIAO_URL) {
    await ready(process.env.FAPIAO_URL, null);
    return { url: process.env.FAPIAO_URL, stop: async () => {} };
  }
  const program = path.join(path.resolve(ROOT, process.env.FAPIAO_BUILD ?? "build"), "fapiao");
  if (!fs.existsSync(program)) return null;
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "fapiao-browser-"));
  const url = `http://127.0.0.1:${await freePort()}`;
  const log = fs.openSync(path.join(folder, "server.log"), "w");
  const data = path.join(folder, "data");
  const child = spawn(program, ["serve", "--data", data, "--listen", url.slice(7), ...(trust ? ["--trust-loopback"] : []), ...(demo ? ["--demo"] : [])], {
    stdio: ["ignore", log, log],
  });
  try {
    await ready(url, child);
  } catch (error) {
    child.kill("SIGKILL");
    throw new Error(`${error.message}\n${fs.readFileSync(path.join(folder, "server.log"), "utf8").slice(-2000)}`);
  }
  async function stop() {
    const ended = new Promise((resolve) => child.once("exit", resolve));
    if (child.exitCode === null) {
      child.kill("SIGTERM");
      await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 5000))]);
      if (child.exitCode === null) child.kill("SIGKILL");
    }
    fs.rmSync(folder, { recursive: true, force: true });
  }
  // The local administrator's commands, on this server's folder.
  function command(words, input = "") {
    const done = spawnSync(program, [...words, "--data", data], { input, encoding: "utf8" });
    if (done.status !== 0) throw new Error(`fapiao ${words.join(" ")}: ${done.stderr}`);
    return done.stdout.trim();
  }
  return { url, stop, command, secrets: secretsOf(data) };
}
