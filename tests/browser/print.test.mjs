// Paper and wide screens: one sheet a unit of meaning, the wall on one A3, no table cut on an office's screen.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { browser, Demo, DESK, Person, PICTURES } from "./harness.mjs";

let demo;
let engine;
let desk;
let number;
let home;
let wall;

before(async () => {
  demo = await Demo.start();
  engine = await browser();
  desk = await Person.at(engine, demo, { size: DESK });
  await desk.signIn("city");
  const open = JSON.parse(demo.firegrid("alerts", "list", "--state", "open", "--format", "json"));
  number = open.find((one) => one.verdict === "banned").number;
  home = `/?date=${demo.day()}`;
  wall = `/wall?date=${demo.day()}&refresh=off`;
});
after(async () => {
  await desk?.leave();
  await engine?.close();
  await demo?.stop();
});

/** Millimetres of the sheets that a page prints on, as [width, height] of each; `change` is done to it before. */
async function sheets(name, path, change) {
  await desk.open(path);
  if (change) await desk.page.evaluate(change);
  const pdf = await desk.page.pdf({ preferCSSPageSize: true });
  writeFileSync(join(PICTURES, `print-${name}.pdf`), pdf);
  const boxes = [...pdf.toString("latin1").matchAll(/\/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]/g)];
  return boxes.map(([, width, height]) => [width, height].map((points) => Math.round((Number(points) * 25.4) / 72)));
}

const A4 = [210, 297];
const A4_ACROSS = [297, 210];
const A3_ACROSS = [420, 297];

/** How far down its first sheet a page begins and ends something, as parts of the sheet's height. */
async function onFirstSheet(path, [width, height], margin, selector) {
  await desk.page.setViewportSize({ width: Math.round(((width - 2 * margin) * 96) / 25.4), height: DESK.height });
  await desk.page.emulateMedia({ media: "print" });
  await desk.open(path);
  const sheet = ((height - 2 * margin) * 96) / 25.4;
  const { top, bottom } = await desk.page.locator(selector).first().evaluate((one) => {
    const { top, bottom } = one.getBoundingClientRect();
    return { top: top + scrollY, bottom: bottom + scrollY };
  });
  await desk.page.emulateMedia({ media: null });
  await desk.page.setViewportSize(DESK);
  return { top: top / sheet, bottom: bottom / sheet };
}

test("the wall prints on exactly one A3", async () => {
  assert.deepEqual(await sheets("wall", wall), [A3_ACROSS]);
  // A bad day: a dozen silent feeds, and every kind of verdict in every table.
  const bad = () => {
    const feeds = Array.from({ length: 12 }, (_, i) => `<li><b>feed ${i}</b> <span class="chip">无数据</span> 已超过预计过境时间六小时未收到任何数据，请核查网络</li>`);
    document.querySelector(".banners").insertAdjacentHTML("beforeend", `<div class="banner alarm"><p><strong>数据不完整</strong></p><ul>${feeds.join("")}</ul></div>`);
    for (const row of document.querySelectorAll(".wall .counts:not(.progress) tr")) for (let i = 0; i < 4; i += 1) row.append(row.lastElementChild.cloneNode(true));
    for (const table of document.querySelectorAll(".wall .counts tbody")) for (let i = 0; i < 6; i += 1) table.append(table.lastElementChild.cloneNode(true));
  };
  assert.deepEqual(await sheets("wall-bad-day", wall, bad), [A3_ACROSS]);
});

test("the day's map and table are one A4, its alerts begin on the next", async () => {
  const printed = await sheets("home", home);
  assert.ok(printed.length >= 2 && printed.every((sheet) => `${sheet}` === `${A4}`), JSON.stringify(printed));
  const counts = await onFirstSheet(home, A4, 11, ".counts");
  assert.ok(counts.top < 1 && counts.bottom <= 1, JSON.stringify(counts));
});

test("a case is one A4 until its table of pixels, the day's orders are one", async () => {
  const printed = await sheets("case", `/alerts/${number}`);
  assert.ok(printed.length <= 2 && printed.every((sheet) => `${sheet}` === `${A4}`), JSON.stringify(printed));
  assert.deepEqual(await sheets("orders", "/plans/orders"), [A4]);
});

test("lists and the handover sheet are A4 across and begin at the top of their first sheet", async () => {
  for (const [name, path] of [["problems", "/problems"], ["handover", "/duty/handover"], ["complaints", "/complaints"]]) {
    const printed = await sheets(name, path);
    assert.ok(printed.every((sheet) => `${sheet}` === `${A4_ACROSS}`), `${name}: ${JSON.stringify(printed)}`);
    const first = await onFirstSheet(path, A4_ACROSS, 9, "main .card");
    assert.ok(first.top < 0.25, `${name}: what is printed first begins ${first.top} of a sheet down`);
  }
});

test("no page begins with a sheet of banners", async () => {
  for (const path of [home, `/alerts/${number}`, "/plans/orders", "/people/duty", "/duty", "/review"]) {
    const title = await onFirstSheet(path, A4, 11, "h1");
    assert.ok(title.top < 0.2, `${path}: the title stands ${title.top} of a sheet down`);
  }
});

test("text in big tables is text, not a button's", async () => {
  await desk.open("/problems");
  const look = await desk.page.locator("table.big td").first().evaluate((cell) => {
    const { fontSize, fontWeight, textAlign } = getComputedStyle(cell);
    return { size: parseFloat(fontSize), fontWeight, textAlign };
  });
  assert.ok(look.size < 16 && look.fontWeight === "400" && ["left", "start"].includes(look.textAlign), JSON.stringify(look));
});

const tables = () => [home, wall, "/map", "/problems", "/duty", "/duty/handover", "/review", "/complaints", "/plans", "/plans/orders", "/plans/progress", "/status", "/people", "/heat-sources", "/users", "/audit", `/alerts/${number}`];

for (const width of [1440, 1920]) {
  test(`no table is cut on a screen of ${width}`, async () => {
    await desk.page.setViewportSize({ width, height: 1080 });
    const cut = [];
    for (const path of tables()) {
      await desk.open(path);
      const found = await desk.page.$$eval(".scroll", (boxes) =>
        boxes.filter((box) => box.scrollWidth > box.clientWidth + 1).map((box) => `${box.getAttribute("aria-labelledby")} ${box.scrollWidth} > ${box.clientWidth}`),
      );
      cut.push(...found.map((one) => `${path}: ${one}`));
    }
    await desk.page.setViewportSize(DESK);
    assert.deepEqual(cut, []);
  });
}
