// What an inspector meets in a field: no network, no position, a small screen.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { browser, Demo, DESK, Person, PHONE } from "./harness.mjs";

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

async function inspector(options = {}) {
  const phone = await Person.at(engine, demo, { size: PHONE, ...options });
  await phone.signIn("inspector");
  return phone;
}

/** The paths that the phone keeps. */
function kept(phone) {
  return phone.page.evaluate(async () => {
    const all = [];
    for (const name of await caches.keys()) all.push(...(await (await caches.open(name)).keys()).map((key) => new URL(key.url).pathname));
    return all;
  });
}

test("after /my was opened once, its cases, their forms, patrol and plots open without a network, and an own page stands for the rest", async () => {
  const phone = await inspector();
  await phone.open("/my");
  const cases = await phone.page.$$eval(".mycards:not(.ended) a[href^='/alerts/']", (links) => links.map((link) => new URL(link.href).pathname));
  assert.ok(cases.length > 0, "the inspector has cases");
  const wanted = ["/my", "/patrol", "/plots", ...cases, ...cases.map((one) => `${one}/report`)];
  await demo.until("all is kept", async () => {
    const have = await kept(phone);
    return wanted.every((path) => have.includes(path));
  });
  await phone.offline(true);
  for (const path of wanted) {
    await phone.page.goto(path);
    assert.ok(await phone.page.$("body[data-account]"), `${path} is the kept page`);
  }
  await phone.page.goto(`${cases[0]}/report`);
  assert.ok(await phone.page.$("form[data-offline=report]"), "the form can be filled in");
  for (const path of ["/map", "/problems", "/alerts/20200101-0001"]) {
    await phone.page.goto(path);
    assert.match(await phone.page.textContent("h1"), /没有网络/, path);
    assert.deepEqual(await phone.page.$$eval(".mynav a", (links) => links.map((link) => link.pathname)), ["/my", "/patrol", "/plots"]);
  }
  await phone.picture("phone-offline");
  await phone.page.click(".mynav a[href='/patrol']");
  assert.match(await phone.page.textContent("h1"), /自查上报/);
  await phone.offline(false);
  await phone.leave();
});

test("two fires reported from one kept page are two reports, and one pressed twice is one", async () => {
  const phone = await inspector();
  await phone.open("/my");
  await demo.until("the form is kept", async () => (await kept(phone)).includes("/patrol"));
  await phone.offline(true);
  await phone.page.goto("/patrol");
  const report = async (cell, text) => {
    await phone.page.selectOption("#cell", { index: cell });
    await phone.page.check("input[name=kind][value=straw]");
    await phone.page.check("input[name=is_out][value=no]");
    await phone.page.fill("#description", text);
    await phone.page.click("form[data-offline=patrol] button.go");
  };
  await report(1, "沟边一处");
  await phone.page.waitForFunction(() => document.querySelectorAll("#outbox li").length === 1);
  assert.equal(await phone.page.inputValue("#description"), "", "the form is ready for the next fire");
  await report(1, "沟边一处");
  await report(1, "路边一处");
  await phone.page.waitForFunction(() => document.querySelectorAll("#outbox li").length === 2);
  await phone.offline(false);
  await phone.page.waitForFunction(() => document.getElementById("outbox").hidden, null, { timeout: 20_000 });
  await phone.leave();
});

test("a refusal says why, and a position that cannot be had says in Chinese what to do", async () => {
  const phone = await inspector();
  await phone.open("/patrol");
  await phone.page.selectOption("#cell", { index: 1 });
  await phone.page.check("input[name=kind][value=straw]");
  await phone.page.check("input[name=is_out][value=yes]");
  await phone.page.click("form[data-offline=patrol] button.go");
  await phone.page.waitForFunction(() => document.querySelector(".phone-note")?.textContent.startsWith("未被受理"));
  const said = await phone.page.textContent(".phone-note");
  assert.match(said, /^未被受理：.*照片/, "not its name in braces");
  assert.ok(await phone.page.locator("#outbox").isHidden(), "what was refused does not wait to be sent");
  await phone.page.click(".locate button");
  await phone.page.waitForFunction(() => document.querySelector(".locate [role=status]")?.textContent.startsWith("未能定位"));
  const why = await phone.page.textContent(".locate [role=status]");
  assert.match(why, /^未能定位：手机或浏览器不允许取位置.*允许浏览器.*再点一次/);
  assert.doesNotMatch(why, /[{}]|denied|Error/i);
  const [button, fields] = await Promise.all([phone.page.locator(".locate").boundingBox(), phone.page.locator(".two").boundingBox()]);
  assert.ok(button.y + button.height <= fields.y + 1, "the button stands above the pair of fields, not in it");
  await phone.picture("phone-patrol");
  await phone.leave();
});

test("the navigation shows where one is, however far to the right", async () => {
  const phone = await inspector();
  await phone.open("/status");
  const seen = await phone.page.evaluate(() => {
    const here = document.querySelector(".mainnav a[aria-current]").getBoundingClientRect();
    return here.left >= 0 && here.right <= innerWidth;
  });
  assert.ok(seen, "the present page's link is in sight");
  await phone.leave();
});

/** Notes what is written on the canvas of a map. */
const NOTE_TEXTS = () => {
  window.written = new Set();
  for (const name of ["fillText", "strokeText"]) {
    const plain = CanvasRenderingContext2D.prototype[name];
    CanvasRenderingContext2D.prototype[name] = function (text, ...rest) {
      window.written.add(text);
      return plain.call(this, text, ...rest);
    };
  }
};

test("on a phone the live map names the counties when all of the city is in sight", async () => {
  const phone = await Person.at(engine, demo, { size: PHONE });
  await phone.context.addInitScript(NOTE_TEXTS);
  await phone.signIn("city");
  await phone.open("/map");
  await phone.page.waitForSelector("canvas");
  await phone.page.waitForFunction(() => ["洮北区", "通榆县", "镇赉县"].every((name) => window.written.has(name)), null, { timeout: 10_000 });
  await phone.picture("phone-map");
  await phone.leave();
});

test("a wheel over the live map zooms it without a click first", async () => {
  const desk = await Person.at(engine, demo, { size: DESK });
  await desk.signIn("city");
  await desk.open("/map");
  const map = await desk.page.waitForSelector("#map canvas");
  await map.scrollIntoViewIfNeeded();
  assert.ok(!desk.page.url().includes("zoom="), "nobody has moved the map");
  const box = await map.boundingBox();
  await desk.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await desk.page.mouse.wheel(0, -400);
  await desk.page.waitForFunction(() => new URL(location.href).searchParams.has("zoom"), null, { timeout: 10_000 });
  await desk.leave();
});
