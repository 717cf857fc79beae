// Every page of every role, phone and desk, both languages, light and dark, with and without scripts: it opens, has no
// error, no breach of the content policy, nothing from elsewhere, and no barrier. Pictures go to target/browser.

import { after, before, test } from "node:test";
import { browser, Demo, DESK, Person, PHONE } from "./harness.mjs";

const PAGES = {
  inspector: ["/my", "/patrol", "/plots", "/", "/map", "/account", "/status", "ALERT", "ALERT/report"],
  township: ["/my", "/problems", "/duty", "/duty/handover", "/review", "/plans", "/plans/new", "/users", "ALERT"],
  county: ["/", "/map", "/problems", "/duty", "/review", "/plans/progress", "/people", "/people/duty", "/complaints", "ALERT"],
  city: ["/", "/wall?refresh=off", "/problems", "/plans/orders", "/heat-sources", "/regions", "/audit", "/users", "/api", "/ogc"],
  admin: ["/users", "/users/new", "/users/inspector", "/audit", "/status"],
  viewer: ["/", "/problems", "/review", "ALERT"],
};

let demo;
let engine;
before(async () => {
  demo = await Demo.start();
  engine = await browser();
});
after(async () => {
  await engine?.close();
  await demo?.stop();
});

/** The first alert that a person finds in a list of his. */
async function alertOf(person) {
  for (const list of ["/my", "/problems", "/"]) {
    await person.page.goto(list);
    const link = await person.page.$('main a[href^="/alerts/"]');
    if (link) return new URL(await link.evaluate((one) => one.href)).pathname;
  }
  throw new Error("no case in any list");
}

async function walk(role, options, label, check) {
  const person = await Person.at(engine, demo, options);
  await person.signIn(role);
  const alert = await alertOf(person);
  for (const path of PAGES[role]) {
    const page = await person.open(path.replace("ALERT", alert));
    const width = await page.evaluate?.(() => document.documentElement.scrollWidth - innerWidth).catch(() => 0);
    if (width > 0) person.faults.push(`${path} is ${width} px wider than the screen`);
    const name = `${label}-${role}-${path.replace(/[^a-zA-Z]+/g, "_").replace(/^_|_$/g, "") || "home"}`;
    await person.picture(name);
    await check?.(person, name);
  }
  await person.leave();
}

for (const role of Object.keys(PAGES)) {
  test(`${role}: pages on a desk, Chinese, light`, () => walk(role, { size: DESK }, "desk-zh", (person, name) => person.isAccessible(name)));
  test(`${role}: pages on a phone, English, dark`, () =>
    walk(role, { size: PHONE, lang: "en-GB", dark: true }, "phone-en-dark", (person, name) => person.isAccessible(name)));
  test(`${role}: pages without scripts`, () => walk(role, { size: PHONE, scripts: false }, "phone-zh-plain"));
}

test("the sign-in page is clean for whoever is not in", async () => {
  const person = await Person.at(engine, demo, { size: PHONE });
  await person.open("/sign-in");
  await person.picture("sign-in");
  await person.isAccessible("sign-in");
  await person.leave();
});
