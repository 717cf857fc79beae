// Bundles web/src into web/dist: plain names for what pages name, a hash for parts that scripts load later.
// Nothing written here is committed; the program embeds it.
import { build } from "esbuild";
import { readFile, readdir, rm, writeFile } from "node:fs/promises";

const out = new URL("./dist/", import.meta.url);
for (const name of await readdir(out)) {
  if (!name.startsWith(".")) await rm(new URL(name, out));
}
const result = await build({
  entryPoints: [{ in: "src/day_map.ts", out: "day_map" }, { in: "src/phone/phone.ts", out: "phone" }, { in: "src/plot_draw.ts", out: "plot_draw" }],
  outdir: "dist",
  bundle: true,
  splitting: true,
  format: "esm",
  target: ["es2022", "chrome90", "firefox90", "safari15"],
  minify: true,
  legalComments: "none",
  chunkNames: "part-[hash]",
  metafile: true,
});
// The worker is one file at an address of its own: what it keeps must not depend on parts that change their names.
await build({
  entryPoints: ["src/worker/sw.ts"],
  outfile: "dist/sw.js",
  bundle: true,
  format: "iife",
  target: ["es2022", "chrome90", "firefox90", "safari15"],
  minify: true,
  legalComments: "none",
});
const ol = await readFile(new URL("node_modules/ol/ol.css", import.meta.url), "utf8");
const own = await readFile(new URL("src/day_map.css", import.meta.url), "utf8");
await writeFile(new URL("day_map.css", out), `${ol}\n${own}`);

// The licences of every package whose code is in the bundle go with it.
const packages = new Set();
for (const path of Object.keys(result.metafile.inputs)) {
  const found = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path);
  if (found) packages.add(found[1]);
}
// Two packages come without their text, which their licence asks for: it stands in licences/.
const kept = { pmtiles: "pmtiles.txt", "ol-pmtiles": "pmtiles.txt" };
const texts = [];
for (const name of [...packages].sort()) {
  const folder = new URL(`node_modules/${name}/`, import.meta.url);
  const { version, license } = JSON.parse(await readFile(new URL("package.json", folder), "utf8"));
  const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
  if (!file && !kept[name]) throw new Error(`${name} has no licence file: put its text into licences/`);
  const place = file ? new URL(file, folder) : new URL(`licences/${kept[name]}`, import.meta.url);
  const text = await readFile(place, "utf8");
  texts.push(`${name} ${version} (${license})\n\n${text}`);
}
await writeFile(new URL("third-party.txt", out), texts.join(`\n${"-".repeat(80)}\n\n`));
for (const [path, { bytes }] of Object.entries(result.metafile.outputs)) console.log(`${path} ${bytes} bytes`);
