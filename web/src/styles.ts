// How things look on the live map: shape and colour for each verdict, hatching for banned ground.

import type { FeatureLike } from "ol/Feature";
import { Fill, Icon, Stroke, Style, Text } from "ol/style";
import type { Mark } from "./page";

/** Marks are painted larger and shown smaller, so that they are sharp on every screen. */
const SHARPNESS = 3;
/** Half a mark's side in its own units, rim included. */
const REACH = 11;

const FONT = '13px "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif';

export interface Looks {
  pixel: (feature: FeatureLike) => Style;
  fire: (feature: FeatureLike) => Style;
  chosen: Style;
  unit: (feature: FeatureLike, resolution: number) => Style | undefined;
  zone: (feature: FeatureLike) => Style;
}

export function looks(marks: Map<string, Mark>, colour: (name: string) => string): Looks {
  const pixels = new Map([...marks].map(([name, mark]) => [name, pixelStyle(mark.colour, colour)]));
  const fires = new Map([...marks].map(([name, mark], i) => [name, fireStyle(mark, colour, marks.size - i)]));
  const plain = new Style({});
  const verdict = (feature: FeatureLike) => String(feature.get("verdict"));
  const zones = zoneStyles(colour);
  const units = unitStyles(colour);
  return {
    pixel: (feature) => pixels.get(verdict(feature)) ?? plain,
    fire: (feature) => fires.get(verdict(feature)) ?? problemStyle(colour),
    chosen: new Style({ image: new Icon({ img: ring(colour("ink")), scale: 1 / SHARPNESS }), zIndex: 100 }),
    unit: (feature, resolution) => units(feature, resolution),
    zone: (feature) => zones(String(feature.get("class")), feature.get("inForce") === true),
  };
}

/** A colour that lets through what lies below: of `#rrggbb`, as the style sheet has them, or of what a browser computed. */
export function withAlpha(colour: string, alpha: number): string {
  if (/^#[0-9a-f]{6}$/i.test(colour)) return colour + Math.round(alpha * 255).toString(16).padStart(2, "0");
  const parts = /rgba?\((\d+), (\d+), (\d+)/.exec(colour);
  return parts ? `rgba(${parts[1]}, ${parts[2]}, ${parts[3]}, ${alpha})` : colour;
}

function pixelStyle(colour: string, look: (name: string) => string): Style {
  return new Style({
    fill: new Fill({ color: withAlpha(colour, Number(look("pixel-opacity"))) }),
    stroke: new Stroke({ color: colour, width: Number(look("width-edge")) }),
  });
}

function canvas(side: number, paint: (ink: CanvasRenderingContext2D) => void): HTMLCanvasElement {
  const sheet = document.createElement("canvas");
  sheet.width = sheet.height = side;
  const ink = sheet.getContext("2d");
  if (ink) paint(ink);
  return sheet;
}

function fireStyle(mark: Mark, look: (name: string) => string, zIndex: number): Style {
  const img = canvas(2 * REACH * SHARPNESS, (ink) => {
    ink.scale(SHARPNESS, SHARPNESS);
    ink.translate(REACH, REACH);
    const shape = new Path2D(mark.shape);
    ink.fillStyle = mark.colour;
    ink.fill(shape);
    ink.strokeStyle = look("card");
    ink.lineWidth = Number(look("width-rim"));
    ink.stroke(shape);
  });
  return new Style({ image: new Icon({ img, scale: 1 / SHARPNESS }), zIndex });
}

/** An alert without a fire: a ring with a stroke, unlike every verdict. */
function problemStyle(colour: (name: string) => string): Style {
  const img = canvas(2 * REACH * SHARPNESS, (ink) => {
    ink.scale(SHARPNESS, SHARPNESS);
    ink.translate(REACH, REACH);
    ink.strokeStyle = colour("ink");
    ink.lineWidth = 2;
    ink.stroke(new Path2D("M-6 0A6 6 0 1 0 6 0A6 6 0 1 0 -6 0M0 -3V3"));
  });
  return new Style({ image: new Icon({ img, scale: 1 / SHARPNESS }) });
}

function ring(colour: string): HTMLCanvasElement {
  const reach = 18;
  return canvas(2 * reach * SHARPNESS, (ink) => {
    ink.scale(SHARPNESS, SHARPNESS);
    ink.translate(reach, reach);
    ink.strokeStyle = colour;
    ink.lineWidth = 2.5;
    ink.beginPath();
    ink.arc(0, 0, reach - 3, 0, 2 * Math.PI);
    ink.stroke();
  });
}

function hatch(ground: string, line: string, width: number): CanvasPattern | string {
  const side = 8;
  const tile = canvas(side, (ink) => {
    ink.globalAlpha = 0.45;
    ink.fillStyle = ground;
    ink.fillRect(0, 0, side, side);
    ink.globalAlpha = 0.9;
    ink.strokeStyle = line;
    ink.lineWidth = width;
    ink.stroke(new Path2D(`M-2 2L2 -2M0 ${side}L${side} 0M${side - 2} ${side + 2}L${side + 2} ${side - 2}`));
  });
  return tile.getContext("2d")?.createPattern(tile, "repeat") ?? ground;
}

function zoneStyles(colour: (name: string) => string): (zone: string, inForce: boolean) => Style {
  const ban = { fill: hatch(colour("hatch"), colour("hatch-line"), Number(colour("width-hatch"))), line: colour("hatch-line") };
  const limited = { fill: withAlpha(colour("limited"), 0.28), line: colour("limited-line") };
  const edge = Number(colour("width-edge"));
  const dash = colour("dash").split(" ").map(Number);
  const style = (look: { fill: CanvasPattern | string; line: string }, inForce: boolean, zIndex: number) =>
    new Style({
      fill: new Fill({ color: inForce ? look.fill : "rgba(0, 0, 0, 0)" }),
      stroke: inForce
        ? new Stroke({ color: look.line, width: edge })
        : new Stroke({ color: look.line, width: edge, lineDash: dash }),
      zIndex,
    });
  const styles = {
    ban: [style(ban, true, 2), style(ban, false, 2)],
    limited: [style(limited, true, 1), style(limited, false, 1)],
  };
  return (zone, inForce) => styles[zone === "ban" ? "ban" : "limited"][inForce ? 0 : 1]!;
}

/** Metres per screen pixel above which borders and names of a level are not drawn; those of counties never vanish. */
const COARSEST: Record<string, number> = { city: 1e9, county: 1e9, township: 700, village: 120, hamlet: 60, grid: 60 };
const NAMED_BELOW: Record<string, number> = { city: 0, county: 1e9, township: 180, village: 45, hamlet: 25, grid: 25 };

function unitStyles(colour: (name: string) => string): (feature: FeatureLike, resolution: number) => Style | undefined {
  const label = (text: string, strong: boolean) =>
    new Text({
      text,
      font: strong ? `600 ${FONT}` : FONT,
      fill: new Fill({ color: colour("label") }),
      stroke: new Stroke({ color: colour("land"), width: Number(colour("width-halo")) }),
    });
  const border = (level: string, ink: string) => ({ color: colour(ink), width: Number(colour(`width-${level}`)) });
  const line: Record<string, Stroke> = {
    city: new Stroke(border("city", "border")),
    county: new Stroke(border("county", "border")),
    township: new Stroke(border("township", "township")),
  };
  const lower = new Stroke({ ...border("village", "fine"), lineDash: [3, 3] });
  return (feature, resolution) => {
    const level = String(feature.get("level"));
    if (feature.get("isLabel")) {
      if (resolution > (NAMED_BELOW[level] ?? 0)) return undefined;
      return new Style({ text: label(String(feature.get("name")), level === "county"), zIndex: 10 });
    }
    if (resolution > (COARSEST[level] ?? 0)) return undefined;
    return new Style({ stroke: line[level] ?? lower });
  };
}
