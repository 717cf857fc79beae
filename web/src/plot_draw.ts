// Draws the plot of a burn plan on a map: a press for each corner, a double press for the last. What is drawn goes into the field
// of corners, which works without any of this.

import Feature from "ol/Feature";
import OlMap from "ol/Map";
import View from "ol/View";
import { defaults as controls, ScaleLine } from "ol/control";
import { MultiPolygon, Polygon } from "ol/geom";
import { Draw, Modify } from "ol/interaction";
import VectorLayer from "ol/layer/Vector";
import { fromLonLat, toLonLat, transformExtent } from "ol/proj";
import VectorSource from "ol/source/Vector";
import { getArea } from "ol/sphere";
import { Fill, Stroke, Style } from "ol/style";
import type { StyleFunction } from "ol/style/Style";
import { fetchBase, polygon, type Shape } from "./data";
import { colours } from "./page";
import { looks, withAlpha } from "./styles";

/** Square metres of a mu (亩). */
const MU_M2 = 2000 / 3;

/** Digits of a corner: a tenth of a metre. */
const DIGITS = 6;

const isEnglish = document.documentElement.lang.startsWith("en");
const say = (zh: string, en: string) => (isEnglish ? en : zh);

function corners(ring: number[][]): string {
  return ring
    .slice(0, -1)
    .map((corner) => toLonLat(corner).map((degrees) => degrees.toFixed(DIGITS)).join(","))
    .join("\n");
}

/** The ring of a field, when it holds corners. */
function ringOf(text: string): number[][] | null {
  const lines = text.trim().split(/\s*\n\s*/);
  const read = lines.map((line) => line.split(/[,，\s]+/).map(Number));
  const isRing = read.length >= 3 && read.every((pair) => pair.length === 2 && pair.every(Number.isFinite));
  return isRing ? read.map((pair) => fromLonLat(pair)) : null;
}

function shapes(list: Shape[], style: StyleFunction): VectorLayer {
  const source = new VectorSource();
  for (const { rings, ...named } of list) {
    const geometry = new MultiPolygon(rings.map(polygon)).transform("EPSG:4326", "EPSG:3857");
    source.addFeature(new Feature({ ...named, geometry, inForce: true }));
  }
  return new VectorLayer({ source, style });
}

async function start(place: HTMLElement): Promise<void> {
  const field = document.querySelector<HTMLTextAreaElement>(`#${place.dataset["draw"] ?? "plot"}`);
  const datum = document.querySelector<HTMLSelectElement>("#datum");
  const area = document.querySelector<HTMLInputElement>("[name=area_mu]");
  if (!field || !datum) return;
  const base = await fetchBase();
  const colour = colours();
  const said = document.createElement("p");
  said.className = "small";
  said.setAttribute("role", "status");
  said.textContent = say("在图上逐点单击，双击结束；可拖动拐点修改。", "Press for each corner, twice for the last; corners can be dragged.");
  const again = document.createElement("button");
  again.type = "button";
  again.textContent = say("重画", "Draw again");
  const canvas = document.createElement("div");
  canvas.className = "drawmap";
  canvas.setAttribute("role", "application");
  canvas.setAttribute("aria-label", say("绘制地块（也可直接填写拐点）", "Draw the plot; corners can be typed instead"));
  place.append(said, canvas, again);
  place.hidden = false;

  const drawn = new VectorSource();
  const ground = looks(new Map(), colour);
  const own = new Style({
    stroke: new Stroke({ color: colour("planned"), width: 3 }),
    fill: new Fill({ color: withAlpha(colour("planned"), 0.2) }),
  });
  const map = new OlMap({
    target: canvas,
    layers: [
      shapes(base.zones, ground.zone),
      shapes(base.units, ground.unit),
      new VectorLayer({ source: drawn, style: own }),
    ],
    controls: controls({ attribution: false, rotate: false }).extend([new ScaleLine()]),
    view: new View({ minZoom: 7, maxZoom: 19, enableRotation: false }),
  });
  const draw = new Draw({ source: drawn, type: "Polygon" });
  map.addInteraction(new Modify({ source: drawn }));
  map.addInteraction(draw);

  const write = () => {
    const shape = drawn.getFeatures()[0]?.getGeometry();
    if (!(shape instanceof Polygon)) return;
    field.value = corners(shape.getCoordinates()[0] ?? []);
    datum.value = "wgs84";
    const mu = getArea(shape) / MU_M2;
    said.textContent = say(`地块约 ${mu.toFixed(1)} 亩`, `The plot has about ${mu.toFixed(1)} mu`);
    if (area && !area.value) area.value = mu.toFixed(1);
  };
  draw.on("drawstart", () => drawn.clear());
  drawn.on("addfeature", write);
  drawn.on("changefeature", write);
  again.addEventListener("click", () => {
    drawn.clear();
    field.value = "";
  });

  const ring = datum.value === "wgs84" ? ringOf(field.value) : null;
  if (ring) drawn.addFeature(new Feature(new Polygon([[...ring, ring[0]!]])));
  const code = document.querySelector<HTMLInputElement>("#unit")?.value;
  const unit = base.units.find((one) => one.code === code);
  const shown = unit ? new MultiPolygon(unit.rings.map(polygon)).transform("EPSG:4326", "EPSG:3857").getExtent() : null;
  const extent = drawn.getFeatures()[0]?.getGeometry()?.getExtent() ?? shown;
  map.getView().fit(extent ?? transformExtent(base.extent, "EPSG:4326", "EPSG:3857"), { padding: [20, 20, 20, 20], maxZoom: 15 });
}

for (const place of document.querySelectorAll<HTMLElement>("[data-draw]")) {
  start(place).catch((error: unknown) => console.warn("the plot cannot be drawn here", error));
}
