// What people do in a day, in a real browser against the real program: sign in by a personal link, work an alert to its end with
// a photo, work without a network and come back, review, close, filter the map, apply for a plan and approve it.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { browser, Demo, DESK, Person, PHONE } from "./harness.mjs";

let demo;
let engine;
let cases;

before(async () => {
  demo = await Demo.start();
  engine = await browser();
  const open = JSON.parse(demo.firegrid("alerts", "list", "--state", "open", "--format", "json"));
  // An alert of a cell: somebody of the cell goes there. Those whose township's own alert it is, are others.
  cases = open.filter((one) => one.owner_code !== one.township_code && one.verdict === "banned");
  assert.ok(cases.length >= 4, `the demonstration has cases to work: ${open.length} open`);
});
after(async () => {
  await engine?.close();
  await demo?.stop();
});

/** An inspector of an alert's cell, by command. */
function inspectorOf(one, name) {
  demo.firegrid("user", "add", name, "--role", "inspector", "--unit", one.owner_code, "--person", `网格员${name}`);
  return demo.firegrid("user", "link", name);
}

function stateOf(number) {
  return JSON.parse(demo.firegrid("alerts", "show", number, "--json")).alert.state;
}

function eventsOf(number) {
  return JSON.parse(demo.firegrid("alerts", "show", number, "--json")).events;
}

/** Signs in on a phone by a personal link. */
async function byLink(link, options) {
  const person = await Person.at(engine, demo, { size: PHONE, ...options });
  await person.page.goto(link);
  await person.picture(`flow-link-${options.scripts === false ? "plain" : "scripts"}`);
  await person.press("main form button");
  assert.match(person.page.url(), /\/my/);
  return person;
}

/** A real photo, as large as a phone's, drawn by the browser itself. */
async function photo() {
  const page = await engine.newPage({ viewport: { width: 2400, height: 1800 } });
  await page.setContent("<body style='background:linear-gradient(#87a,#a63);font:120px sans-serif'>秸秆焚烧现场</body>");
  const bytes = await page.screenshot({ type: "jpeg", quality: 95 });
  await page.close();
  return { name: "IMG_0001.jpg", mimeType: "image/jpeg", buffer: bytes };
}

/** Presses the act whose hidden field names it. */
const act = (name) => `form:has(input[name=act][value=${name}]) button:not([type=button])`;

/** Waits until the phone keeps the page of an alert. */
async function isKept(phone, number) {
  const keeps = (number) =>
    (async () => {
      for (const name of await caches.keys()) {
        const keys = await (await caches.open(name)).keys();
        if (keys.some((key) => key.url.endsWith(`/alerts/${number}`))) return true;
      }
      return false;
    })();
  await demo.until("the case is kept", () => phone.page.evaluate(keeps, number));
}

for (const scripts of [true, false]) {
  const how = scripts ? "with scripts" : "without scripts";
  test(`an inspector works a case by thumb, ${how}; the county reviews and closes it`, async () => {
    const one = cases[scripts ? 0 : 1];
    const name = scripts ? "bydata" : "plain";
    const phone = await byLink(inspectorOf(one, name), { scripts });
    await phone.press(`a[href*="/alerts/${one.number}"]`);
    for (const [step, state] of [["acknowledge", "acknowledged"], ["arrive", "on_site"], ["put_out", "on_site"]]) {
      await phone.press(act(step));
      assert.equal(stateOf(one.number), state, step);
    }
    await phone.picture(`flow-worked-${name}`);
    await phone.press(`a[href*="/alerts/${one.number}/report"]`);
    await phone.page.check("input[name=kind][value=straw]");
    await phone.page.fill("input[name=burnt_mu]", "3.5");
    await phone.page.setInputFiles("#photo-3", [await photo()]);
    if (scripts) {
      await phone.page.waitForSelector(".made-photos img");
      await phone.picture(`flow-report-${name}`);
    }
    await phone.press("main form[enctype] button:not([type=button])");
    assert.equal(stateOf(one.number), "reported");
    const finding = eventsOf(one.number).find((event) => event.kind === "reported").detail.finding;
    assert.equal(finding.photos.length, 1, JSON.stringify(finding));
    await phone.picture(`flow-reported-${name}`);
    await phone.leave();

    demo.firegrid("user", "add", `county-${name}`, "--role", "county", "--unit", one.county_code, "--person", "县值班员");
    const desk = await Person.at(engine, demo, { size: DESK, scripts });
    await desk.page.goto(demo.firegrid("user", "link", `county-${name}`));
    await desk.press("main form button");
    await desk.open(`/alerts/${one.number}`);
    await desk.page.check("input[name=review][value=confirmed]");
    await desk.press(act("review"));
    assert.equal(stateOf(one.number), "confirmed");
    await desk.page.click("details:has(input[name=act][value=close]) summary");
    await desk.press(act("close"));
    assert.equal(stateOf(one.number), "closed");
    await desk.picture(`flow-closed-${name}`);
    await desk.leave();
    const seen = await fetch(`${demo.url}/api/v1/photos/${finding.photos[0]}`);
    assert.equal(seen.status, 401, "photos are for those who see the case");
  });
}

test("what one account did without a network is not sent by the next one on the same phone", async () => {
  const one = cases[3];
  const phone = await byLink(inspectorOf(one, "first"), {});
  const second = inspectorOf(one, "second");
  await phone.open(`/alerts/${one.number}`);
  await phone.offline(true);
  await phone.page.click(act("acknowledge"));
  await phone.page.waitForSelector("#outbox:not([hidden]) li");
  // Put out from elsewhere; somebody else comes in on the same phone.
  await phone.page.context().clearCookies();
  await phone.offline(false);
  await phone.page.goto(second);
  assert.equal(await phone.page.evaluate(async () => (await caches.keys()).includes("pages-1")), false, "kept pages are gone");
  await phone.press("main form button");
  await phone.open(`/alerts/${one.number}`);
  await phone.page.waitForSelector("#outbox:not([hidden]) p");
  assert.equal(await phone.page.locator("#outbox li").count(), 0, "nor does he read what it is");
  await new Promise((resolve) => setTimeout(resolve, 1500));
  assert.equal(stateOf(one.number), "open");
  await phone.page.context().clearCookies();
  await phone.page.goto(demo.firegrid("user", "link", "first"));
  await phone.press("main form button");
  await phone.page.waitForFunction(() => document.getElementById("outbox").hidden, null, { timeout: 20_000 });
  const done = eventsOf(one.number).filter((event) => event.kind === "acknowledged");
  assert.deepEqual(done.map((event) => event.actor), ["网格员first"]);
  await phone.leave();
});

test("what is done without a network is sent when it is back, once, with both times", async () => {
  const one = cases[2];
  const phone = await byLink(inspectorOf(one, "offline"), {});
  await phone.open("/my");
  // The worker keeps the list and the alerts it links.
  await isKept(phone, one.number);
  await phone.offline(true);
  await phone.page.goto(`/alerts/${one.number}`);
  assert.match(await phone.page.textContent("h1"), /禁烧区火点/);
  await phone.page.waitForSelector("#offline:not([hidden])");
  await phone.page.click(act("acknowledge"));
  await phone.page.waitForSelector("#outbox:not([hidden]) li");
  await phone.page.click(act("arrive"));
  await phone.page.waitForFunction(() => document.querySelectorAll("#outbox li").length === 2);
  await phone.picture("flow-offline");
  assert.equal(stateOf(one.number), "open", "nothing has come through");
  await phone.page.reload();
  await phone.page.waitForFunction(() => document.querySelectorAll("#outbox li").length === 2);
  await new Promise((resolve) => setTimeout(resolve, 1500));
  await phone.offline(false);
  await phone.page.waitForFunction(() => document.getElementById("outbox").hidden, null, { timeout: 20_000 });
  assert.equal(stateOf(one.number), "on_site");
  const done = eventsOf(one.number).filter((event) => ["acknowledged", "arrived"].includes(event.kind));
  assert.deepEqual(done.map((event) => event.kind), ["acknowledged", "arrived"], "once each, in order");
  for (const event of done) {
    assert.ok(Date.parse(event.claimed_at) < Date.parse(event.at), `${event.claimed_at} was before ${event.at}`);
  }
  // What was kept goes with whoever signs out.
  await phone.open("/account");
  await phone.press('form[action^="/sign-out"] button');
  const left = await phone.page.evaluate(async () => (await caches.keys()).length);
  assert.equal(left, 0, "no page stays on the phone");
  await phone.leave();
});

/** Acts that wait, as the phone keeps them: names and kinds of their fields. */
function keptActs(phone) {
  return phone.page.evaluate(async () => {
    const db = await new Promise((resolve) => {
      const request = indexedDB.open("firegrid", 1);
      request.onsuccess = () => resolve(request.result);
    });
    const acts = await new Promise((resolve) => {
      const request = db.transaction("acts").objectStore("acts").getAll();
      request.onsuccess = () => resolve(request.result);
    });
    db.close();
    const kind = (value) => (typeof value === "string" ? "text" : value.bytes instanceof ArrayBuffer ? value.bytes.byteLength : "handle");
    return acts.map((act) => ({ refused: act.refused ?? null, files: act.fields.map(([, value]) => kind(value)).filter((it) => it !== "text") }));
  });
}

test("what a proxy answers in the server's place ends no act, and one that it stops holds up no other case", async () => {
  const one = cases.find((one) => stateOf(one.number) === "open");
  // Another alert of the same cell.
  const at = ["--lon", String(one.longitude), "--lat", String(one.latitude)];
  const other = JSON.parse(demo.firegrid("alerts", "add", "--source", "problem", ...at, "--as", "值班员@2208", "--json"));
  const phone = await byLink(inspectorOf(one, "proxied"), {});
  await phone.context.addInitScript(() => {
    window.asked = 0;
    navigator.storage.persist = async () => (window.asked += 1) < 0;
  });
  // The browser logs refusals; here they are what is tested.
  phone.isOffline = true;
  let status = 413;
  let page = "<html><h1>413 Request Entity Too Large</h1><p>nginx</p></html>";
  const stop = (route) =>
    route.request().method() === "POST" ? route.fulfill({ status, body: page, contentType: "text/html" }) : route.fallback();
  await phone.context.route(`**/alerts/${one.number}/**`, stop);
  await phone.open(`/alerts/${one.number}`);
  await phone.page.click(act("acknowledge"));
  await phone.page.waitForSelector("#outbox li");
  assert.match(await phone.page.textContent("#outbox li"), /网络中的设备拦下了这次上报（413）/);
  assert.equal(await phone.page.evaluate(() => window.asked), 1, "the browser was asked to keep it");
  assert.match(await phone.page.textContent("#not-lasting"), /可能被清除/, "and its refusal is said");
  await phone.picture("flow-proxy");
  for (const [next, body] of [[404, "<h1>Not Found</h1>"], [408, "<h1>Request Timeout</h1>"], [403, "blocked"], [407, "proxy"], [511, "portal"], [401, "proxy"], [200, "<form>portal</form>"]]) {
    [status, page] = [next, body];
    await phone.page.click("#outbox button");
    await phone.page.waitForFunction((n) => document.querySelector("#outbox li")?.textContent.includes(`（${n}）`), next);
  }
  assert.deepEqual(await keptActs(phone), [{ refused: null, files: [] }]);
  assert.equal(stateOf(one.number), "open");
  await phone.open(`/alerts/${other.number}`);
  await phone.page.click(act("acknowledge"));
  await demo.until("the other alert is not held up", () => stateOf(other.number) !== "open");
  await phone.page.waitForFunction(() => document.querySelectorAll("#outbox li").length === 1);
  await phone.context.unroute(`**/alerts/${one.number}/**`, stop);
  await phone.page.click("#outbox button");
  await phone.page.waitForFunction(() => document.getElementById("outbox").hidden, null, { timeout: 20_000 });
  assert.equal(stateOf(one.number), "acknowledged");
  assert.equal(eventsOf(one.number).filter((event) => event.kind === "acknowledged").length, 1);
  phone.isOffline = false;
  await phone.leave();
});

test("photos that wait are kept as bytes and arrive whole, with the act that was kept by an earlier page", async () => {
  const one = cases.find((one) => stateOf(one.number) === "open");
  const phone = await byLink(inspectorOf(one, "bytes"), {});
  await phone.open(`/alerts/${one.number}`);
  await phone.press(act("acknowledge"));
  await phone.press(act("arrive"));
  await phone.open(`/alerts/${one.number}/report`);
  await phone.page.check("input[name=kind][value=straw]");
  await phone.page.fill("input[name=burnt_mu]", "3.5");
  await phone.page.setInputFiles("#photo-3", [await photo()]);
  await phone.page.waitForSelector(".made-photos img");
  await phone.offline(true);
  await phone.page.click("main form[enctype] button:not([type=button])");
  await phone.page.waitForSelector("#outbox li");
  const kept = await keptActs(phone);
  assert.equal(kept.length, 1);
  assert.equal(kept[0].files.length, 1);
  assert.ok(kept[0].files[0] > 10_000, `bytes, not a handle: ${kept[0].files}`);
  // A page of an earlier version kept the file itself.
  await phone.page.evaluate(async () => {
    const db = await new Promise((resolve) => (indexedDB.open("firegrid", 1).onsuccess = (event) => resolve(event.target.result)));
    const acts = db.transaction("acts", "readwrite").objectStore("acts");
    acts.getAll().onsuccess = ({ target }) => {
      const [act] = target.result;
      act.fields = act.fields.map(([name, value]) => [name, value.bytes ? new File([value.bytes], value.name, { type: value.type }) : value]);
      acts.put(act);
    };
    await new Promise((resolve) => (acts.transaction.oncomplete = resolve));
    db.close();
  });
  await phone.offline(false);
  await phone.page.waitForFunction(() => document.getElementById("outbox").hidden, null, { timeout: 20_000 });
  const finding = eventsOf(one.number).find((event) => event.kind === "reported").detail.finding;
  assert.equal(finding.photos.length, 1, JSON.stringify(finding));
  await phone.leave();
});

test("a portal's page takes the place of no page that the phone keeps", async () => {
  const one = cases.find((one) => stateOf(one.number) === "open");
  const phone = await byLink(inspectorOf(one, "portal"), {});
  await phone.open("/my");
  await isKept(phone, one.number);
  const kept = () =>
    phone.page.evaluate(async (number) => {
      for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        const found = (await cache.keys()).find((key) => key.url.endsWith(`/alerts/${number}`));
        if (found) return (await cache.match(found)).text();
      }
      return null;
    }, one.number);
  const before = await kept();
  assert.match(before, /data-account/);
  // What a worker asks is not seen by the test's own routes: the worker is given the portal's answers.
  const worker = phone.context.serviceWorkers()[0];
  assert.ok(worker, "the worker runs");
  for (const [status, type] of [[200, "text/html"], [404, "text/html"], [403, "text/html"], [401, "text/html"]]) {
    await worker.evaluate(
      ([status, type]) => {
        self.fetch = async () => new Response("<h1>Wi-Fi portal</h1>", { status, headers: { "content-type": type } });
      },
      [status, type],
    );
    await phone.page.goto(`/alerts/${one.number}`);
    assert.match(await phone.page.textContent("h1"), /禁烧区火点/, `the kept page is shown, not the portal's ${status}`);
    assert.equal(await kept(), before);
  }
  await phone.leave();
});

test("a list that is open shows what happens elsewhere", async () => {
  const one = cases[3];
  const phone = await byLink(inspectorOf(one, "live"), {});
  await phone.open("/my");
  await phone.page.waitForSelector(`a[href*="/alerts/${one.number}"]`);
  demo.firegrid("alerts", "ack", one.number, "--as", `他人@${one.owner_code}`);
  await phone.page.waitForFunction(() => document.body.textContent.includes("已签收"), null, { timeout: 15_000 });
  await phone.leave();
});

test("the map is filtered, the filter stands in the address, a case opens from it", async () => {
  const desk = await Person.at(engine, demo, { size: DESK });
  await desk.signIn("city");
  await desk.open(`/map?date=${demo.day()}`);
  await desk.page.waitForSelector("canvas");
  const all = await desk.page.locator(".shownalerts tbody tr").count();
  await desk.page.check("input[name=verdict][value=banned]");
  await desk.page.waitForFunction((all) => document.querySelectorAll(".shownalerts tbody tr").length < all, all);
  assert.match(desk.page.url(), /verdict=banned/);
  await desk.picture("flow-map-filtered");
  const shared = await Person.at(engine, demo, { size: DESK });
  await shared.signIn("city");
  await shared.page.goto(desk.page.url());
  await shared.page.waitForSelector("canvas");
  const [here, there] = [desk, shared].map((one) => one.page.locator(".shownalerts tbody tr").count());
  await shared.page.waitForFunction((count) => document.querySelectorAll(".shownalerts tbody tr").length === count, await here);
  assert.equal(await there, await here, "a link shares the view");
  await desk.page.click(".shownalerts tbody tr a[href*='/alerts/']");
  await desk.page.waitForURL(/\/alerts\//);
  await desk.leave();
  await shared.leave();
});

test("a plan is applied for by the township and approved by the county", async () => {
  const one = cases[0];
  demo.firegrid("user", "add", "plan-town", "--role", "township", "--unit", one.township_code, "--person", "乡镇值班员");
  demo.firegrid("user", "add", "plan-county", "--role", "county", "--unit", one.county_code, "--person", "县值班员");
  const town = await Person.at(engine, demo, { size: DESK });
  await town.page.goto(demo.firegrid("user", "link", "plan-town"));
  await town.press("main form button");
  await town.open("/plans/new");
  const id = await town.page.inputValue("input[name=plan_id]");
  // The plot is drawn: three presses and a double one.
  const map = await town.page.waitForSelector(".drawmap canvas");
  await map.scrollIntoViewIfNeeded();
  const box = await map.boundingBox();
  const at = (x, y) => [box.x + box.width * x, box.y + box.height * y];
  await town.page.mouse.click(...at(0.45, 0.45));
  await town.page.mouse.click(...at(0.55, 0.45));
  await town.page.mouse.click(...at(0.55, 0.55));
  await town.page.mouse.dblclick(...at(0.45, 0.55));
  await town.page.waitForFunction(() => document.getElementById("plot").value.split("\n").length === 4);
  assert.match(await town.page.inputValue("#plot"), /^\d+\.\d{6},\d+\.\d{6}$/m);
  assert.ok(Number(await town.page.inputValue("input[name=area_mu]")) > 0, "the area comes from the drawing");
  await town.picture("flow-plan-drawn");
  await town.press("main form button:has-text('预览地块')");
  await town.page.fill("input[name=area_mu]", "120");
  await town.page.fill("input[name=responsible]", "李四");
  await town.press("main form button:has-text('提交申请')");
  await town.picture("flow-plan-applied");
  assert.match(town.page.url(), new RegExp(`/plans/${id}`));
  await town.leave();
  const county = await Person.at(engine, demo, { size: DESK });
  await county.page.goto(demo.firegrid("user", "link", "plan-county"));
  await county.press("main form button");
  await county.open(`/plans/${id}`);
  await county.press(act("approve"));
  await county.picture("flow-plan-approved");
  await county.leave();
  const plan = JSON.parse(demo.firegrid("plans", "show", id, "--json"));
  assert.equal(plan.status, "approved", JSON.stringify(plan).slice(0, 300));
});
