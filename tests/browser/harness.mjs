// The real program in a real browser: starts `firegrid demo`, opens pages as a phone or a desk, and watches for what no
// page may do: errors in the console, breaches of the content policy, requests to elsewhere, barriers that axe finds.

import { spawn, execFileSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import assert from "node:assert/strict";

const root = fileURLToPath(new URL("../..", import.meta.url));
const require = createRequire(new URL("../../web/package.json", import.meta.url));
const { chromium } = require("playwright-core");
const AXE = require.resolve("axe-core/axe.min.js");

/** Where pictures go; look at them. */
export const PICTURES = join(root, "target/browser");

const BINARY = process.env.FIREGRID_BINARY ?? join(root, "target/debug/firegrid");
const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);

/** Chromium calls home at every start unless told not to. */
const QUIET = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];

export const PHONE = { width: 390, height: 844 };
export const DESK = { width: 1440, height: 900 };

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  return port;
}

/** A demonstration of a fixed day, with its database beside it so that commands can be run on it. */
export class Demo {
  /** `configured` writes another configuration than the project's own. */
  static async start(configured) {
    const folder = mkdtempSync(join(tmpdir(), "firegrid-browser-"));
    const port = await freePort();
    const env = {
      ...process.env,
      FIREGRID_LISTEN: `127.0.0.1:${port}`,
      FIREGRID_DATABASE: join(folder, "demo.sqlite"),
      FIREGRID_REGION: join(root, "regions/baicheng"),
    };
    // Fires enough that alerts of each kind are there on any date: the date decides, with the seed, what burns.
    const args = ["demo", "--seed", "7", "--fires", "120"];
    if (configured) {
      const config = join(folder, "firegrid.toml");
      writeFileSync(config, configured(folder));
      args.unshift("--config", config);
    }
    const child = spawn(BINARY, args, { cwd: root, env, stdio: ["ignore", "ignore", "pipe"] });
    const demo = new Demo();
    Object.assign(demo, { folder, env, child, url: `http://127.0.0.1:${port}`, log: "" });
    child.stderr.setEncoding("utf8").on("data", (text) => (demo.log += text));
    await demo.until("the service runs and has alerts", async () => {
      if (child.exitCode !== null) throw new Error(`the demo ended: ${demo.log}`);
      return demo.isRead() && (await fetch(`${demo.url}/livez`).catch(() => null))?.ok;
    });
    return demo;
  }

  /** Every feed was read once: no alert of the first reading is missing, and none comes while a page is looked at. */
  isRead() {
    const feeds = new Set([...this.log.matchAll(/source\.id="([^"]+)" outcome="[a-z_]+"/g)].map(([, feed]) => feed));
    return feeds.size >= 3 && /new alerts from/.test(this.log);
  }

  async until(what, holds, patience = 60_000) {
    const end = Date.now() + patience;
    while (!(await holds())) {
      if (Date.now() > end) throw new Error(`${what}: not within ${patience} ms\n${this.log}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** Runs a command on the demonstration's database; what it printed. */
  firegrid(...args) {
    return execFileSync(BINARY, args, { cwd: root, env: this.env, encoding: "utf8" }).trim();
  }

  /** The local day that has the most alerts of the ban zone: soon after midnight it is not today. */
  day() {
    const days = JSON.parse(this.firegrid("alerts", "list", "--format", "json"))
      .filter((one) => one.verdict === "banned")
      .map((one) => new Date(one.first_seen_at).toLocaleDateString("sv-SE", { timeZone: "Asia/Shanghai" }));
    const count = (day) => days.filter((one) => one === day).length;
    return days.reduce((most, day) => (count(day) > count(most) ? day : most));
  }

  async stop() {
    this.child.kill("SIGTERM");
    if (this.child.exitCode === null) await once(this.child, "exit");
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** One browser for all. */
export async function browser() {
  if (!CHROMIUM) throw new Error("no Chromium: install Debian's package chromium");
  mkdirSync(PICTURES, { recursive: true });
  return chromium.launch({ executablePath: CHROMIUM, args: QUIET });
}

/** A person with a browser of her own. */
export class Person {
  static async at(engine, demo, { size = DESK, lang = "zh-CN", scripts = true, dark = false, more = {} } = {}) {
    const context = await engine.newContext({
      viewport: size,
      locale: lang,
      javaScriptEnabled: scripts,
      colorScheme: dark ? "dark" : "light",
      hasTouch: size === PHONE,
      isMobile: size === PHONE,
      baseURL: demo.url,
      ...more,
    });
    const person = new Person();
    Object.assign(person, { demo, context, scripts, faults: [], isOffline: false });
    if (scripts) {
      await context.addInitScript(() => {
        addEventListener("securitypolicyviolation", (event) =>
          console.error(`content policy: ${event.violatedDirective} ${event.blockedURI}`),
        );
      });
    }
    context.on("request", (request) => {
      const url = new URL(request.url());
      const isAllowed = url.origin === demo.url || person.mayAsk?.test(url.origin);
      if (/^https?:$/.test(url.protocol) && !isAllowed) person.faults.push(`request to ${url.origin}`);
    });
    person.page = await context.newPage();
    person.page.on("console", (message) => {
      // A browser logs every request that fails; offline that is what is tested.
      const isExpected = person.isOffline || /status of (401|403|404|409|422|429)/.test(message.text());
      if (message.type() === "error" && !isExpected) person.faults.push(`console: ${message.text()}`);
    });
    person.page.on("pageerror", (error) => person.faults.push(`script: ${error.message}`));
    return person;
  }

  /** Signs in by a button of the demonstration. */
  async signIn(name) {
    await this.page.goto("/sign-in");
    await Promise.all([this.page.waitForNavigation(), this.page.click(`form:has(input[value="${name}"]) button`)]);
    assert.ok(!this.page.url().includes("/sign-in"), `${name} is in`);
  }

  async open(path) {
    const answer = await this.page.goto(path);
    assert.equal(answer.status(), 200, path);
    return this.page;
  }

  /** Presses something that leads to a page. */
  async press(selector) {
    await Promise.all([this.page.waitForNavigation(), this.page.click(selector)]);
  }

  async picture(name) {
    await this.page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true });
  }

  /** No barrier that axe knows (WCAG 2.2 A and AA). */
  async isAccessible(name) {
    // As the developer tools would: the content policy forbids scripts put into the page.
    await this.page.evaluate(readFileSync(AXE, "utf8"));
    const found = await this.page.evaluate(async () => {
      const run = await window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] });
      return run.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(" ")).slice(0, 5).join(" | ")}`);
    });
    assert.deepEqual(found, [], `${name}: axe`);
  }

  async offline(isOffline) {
    this.isOffline = isOffline;
    await this.context.setOffline(isOffline);
  }

  /** Nothing went wrong that a person would not see. */
  isClean() {
    assert.deepEqual(this.faults, []);
  }

  async leave() {
    await this.context.close();
    this.isClean();
  }
}
