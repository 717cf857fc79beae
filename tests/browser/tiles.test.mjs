// What lies under the live map where the operator set it: a PMTiles file from this server, or Tianditu by the browser.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { browser, Demo, DESK, Person } from "./harness.mjs";

/** Nothing on our own map has this colour. */
const PAINT = [0, 160, 90];

let engine;
let tile;
/** Labels alone are mostly nothing. */
let clear;

before(async () => {
  engine = await browser();
  const page = await engine.newPage({ viewport: { width: 256, height: 256 } });
  await page.setContent(`<body style="background:rgb(${PAINT})">`);
  tile = await page.screenshot();
  await page.setContent("");
  clear = await page.screenshot({ omitBackground: true });
  await page.close();
});
after(() => engine?.close());

/** A PMTiles file (version 3) of zooms 0 to 8 that has one picture everywhere. */
function pmtiles(picture) {
  const varint = (number) => {
    const bytes = [];
    for (; number > 127; number >>>= 7) bytes.push((number & 127) | 128);
    return [...bytes, number];
  };
  const tiles = (4 ** 9 - 1) / 3;
  // One entry: from tile 0, for all tiles, so long, at the beginning.
  const directory = Buffer.from([1, 0, tiles, picture.length, 1].flatMap(varint));
  const metadata = Buffer.from("{}");
  const header = Buffer.alloc(127);
  header.write("PMTiles");
  header[7] = 3;
  const beginsAt = [127, 127 + directory.length, 0, 127 + directory.length + metadata.length];
  const lengths = [directory.length, metadata.length, 0, picture.length];
  beginsAt.forEach((at, i) => {
    header.writeBigUInt64LE(BigInt(at), 8 + 16 * i);
    header.writeBigUInt64LE(BigInt(lengths[i]), 16 + 16 * i);
  });
  [tiles, 1, 1].forEach((count, i) => header.writeBigUInt64LE(BigInt(count), 72 + 8 * i));
  // Clustered, nothing compressed, PNG, zooms 0 to 8.
  header.set([1, 1, 1, 2, 0, 8], 96);
  [-180, -85, 180, 85].forEach((degrees, i) => header.writeInt32LE(degrees * 1e7, 102 + 4 * i));
  return Buffer.concat([header, directory, metadata, picture]);
}

/** The share of the map that shows the tile's colour. */
async function painted(person) {
  const map = await person.page.locator(".ol-viewport").screenshot();
  return person.page.evaluate(
    async ([picture, paint]) => {
      const image = await createImageBitmap(new Blob([Uint8Array.from(atob(picture), (c) => c.charCodeAt(0))]));
      const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d");
      canvas.drawImage(image, 0, 0);
      const { data } = canvas.getImageData(0, 0, image.width, image.height);
      let same = 0;
      for (let at = 0; at < data.length; at += 4) {
        // Base tiles are drawn a little pale.
        const [red, green, blue] = data.subarray(at, at + 3);
        if (Math.abs(red - (paint[0] * 0.85 + 38)) < 12 && green > 150 && Math.abs(blue - (paint[2] * 0.85 + 38)) < 12) same += 1;
      }
      return same / (data.length / 4);
    },
    [map.toString("base64"), PAINT],
  );
}

async function onMap(demo) {
  const desk = await Person.at(engine, demo, { size: DESK });
  await desk.signIn("city");
  return desk;
}

test("without a setting nothing lies under the map", async () => {
  const demo = await Demo.start();
  const desk = await onMap(demo);
  await desk.open("/map");
  await desk.page.waitForSelector("canvas");
  assert.equal(await painted(desk), 0);
  await desk.leave();
  await demo.stop();
});

test("a PMTiles file lies under the map, with the words that must stand on it", async () => {
  const demo = await Demo.start((folder) => {
    writeFileSync(join(folder, "base.pmtiles"), pmtiles(tile));
    return `[map]\ntiles = "pmtiles"\nfile = ${JSON.stringify(join(folder, "base.pmtiles"))}\nnotice = "示例底图 审图号：无"\n`;
  });
  const desk = await onMap(demo);
  await desk.open("/map");
  await demo.until("the file's picture is drawn", async () => (await painted(desk)) > 0.3);
  assert.match(await desk.page.textContent("main"), /示例底图 审图号：无/);
  await desk.picture("map-pmtiles");
  await desk.leave();
  await demo.stop();
});

test("Tianditu's tiles are asked for with the key and drawn, and the content policy lets them in", async () => {
  const demo = await Demo.start(() => `[map]\ntiles = "tianditu"\nkey = "browser-key"\nnotice = "天地图"\n`);
  const desk = await onMap(demo);
  const asked = [];
  // The provider cannot be reached from a test: its answer is given here, the browser's rules stay as they are.
  await desk.context.route("https://*.tianditu.gov.cn/**", (route) => {
    const url = new URL(route.request().url());
    asked.push(url);
    return route.fulfill({ contentType: "image/png", body: url.searchParams.get("LAYER") === "vec" ? tile : clear });
  });
  desk.mayAsk = /^https:\/\/t[0-7]\.tianditu\.gov\.cn$/;
  await desk.open("/map");
  await demo.until("the tiles are drawn", async () => (await painted(desk)) > 0.3);
  assert.deepEqual([...new Set(asked.map((url) => url.searchParams.get("LAYER")))].sort(), ["cva", "vec"]);
  assert.ok(asked.every((url) => url.searchParams.get("tk") === "browser-key" && /_w\/wmts$/.test(url.pathname)));
  await desk.picture("map-tianditu");
  await desk.leave();
  await demo.stop();
});
