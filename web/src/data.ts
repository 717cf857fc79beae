// The documents of the server and what their columns say: see docs/api.md.

import { fetchJson, type Fetched } from "./fetch";

export interface Pixel {
  minute: number;
  lon: number;
  lat: number;
  /** The corners of the footprint, degrees; none where the feed gives no size. */
  corners: [number, number][] | null;
  verdict: string;
  confidence: string;
  satellite: string;
  frp: number | null;
  fire: number;
  /** In the total: not a neighbour's, and on the ground that is counted. */
  isCounted: boolean;
}

export interface Fire {
  first: number;
  last: number;
  lon: number;
  lat: number;
  verdict: string;
  pixels: number;
  isCounted: boolean;
}

export interface Alert {
  number: string;
  fire: number;
  verdict: string | null;
  state: string;
  first: number;
  last: number;
  lon: number;
  lat: number;
  unit: string;
  place: string | null;
  isCounted: boolean;
}

export interface Feed {
  feed: string;
  state: string;
  words: string;
  newest: string | null;
}

export interface Day {
  dataUpTo: string | null;
  coverage: Feed[];
  /** Whose total it is, in words. */
  title: string;
  zonesInForce: Set<number>;
  pixels: Pixel[];
  fires: Fire[];
  alerts: Alert[];
}

export interface Shape {
  name: string;
  name_en: string | null;
  rings: number[][][];
}

export interface Base {
  extent: [number, number, number, number];
  units: (Shape & { code: string; level: string; label: [number, number] | null })[];
  zones: (Shape & { class: string })[];
}

interface Columns {
  coverage: Feed[];
  data_up_to: string | null;
  figures: { title: string };
  words: { verdicts: string[]; satellites: string[]; confidences: string[]; states: string[]; units: [string, string][] };
  zones_in_force: number[];
  detections: Record<
    "id" | "minute" | "lon" | "lat" | "ax" | "ay" | "b" | "verdict" | "confidence" | "satellite" | "frp" | "fire" | "counted",
    number[]
  >;
  fires: Record<"id" | "first" | "last" | "lon" | "lat" | "verdict" | "pixels" | "counted", number[]>;
  alerts: Record<"fire" | "verdict" | "state" | "first" | "last" | "lon" | "lat" | "unit" | "counted", number[]> & {
    number: string[];
    place: (string | null)[];
  };
}

const STEPS_PER_DEGREE = 1e5;
const STEPS_PER_KM = 1e4;
/** As the server's: kilometres of a degree of latitude. */
const KM_PER_DEGREE = 111.19508;

/** The values of a column that is written as steps. */
function sums(steps: number[]): number[] {
  let value = 0;
  return steps.map((step) => (value += step));
}

function degrees(steps: number[]): number[] {
  return sums(steps).map((value) => value / STEPS_PER_DEGREE);
}

function cornersOf(lon: number, lat: number, [ax, ay, b]: [number, number, number]): [number, number][] | null {
  const a = Math.hypot(ax, ay);
  if (a === 0 || b === 0) return null;
  // The track side is a quarter turn to the left of the scan side.
  const [bx, by] = [(-ay / a) * b, (ax / a) * b];
  const perLat = 1 / (STEPS_PER_KM * KM_PER_DEGREE);
  const perLon = perLat / Math.cos((lat * Math.PI) / 180);
  const corner = (s: number, t: number): [number, number] => [
    lon + (s * ax + t * bx) * perLon,
    lat + (s * ay + t * by) * perLat,
  ];
  return [corner(-1, -1), corner(1, -1), corner(1, 1), corner(-1, 1), corner(-1, -1)];
}

export function decode(columns: Columns): Day {
  const { words, detections: d, fires: f, alerts: a } = columns;
  const [lon, lat, minute] = [degrees(d.lon), degrees(d.lat), sums(d.minute)];
  const [fireLon, fireLat, fireFirst, fireLast] = [degrees(f.lon), degrees(f.lat), sums(f.first), sums(f.last)];
  const [alertLon, alertLat, alertFirst, alertLast] = [degrees(a.lon), degrees(a.lat), sums(a.first), sums(a.last)];
  return {
    dataUpTo: columns.data_up_to,
    coverage: columns.coverage,
    title: columns.figures.title,
    zonesInForce: new Set(columns.zones_in_force),
    pixels: d.id.map((_, i) => ({
      minute: minute[i]!,
      lon: lon[i]!,
      lat: lat[i]!,
      corners: cornersOf(lon[i]!, lat[i]!, [d.ax[i]!, d.ay[i]!, d.b[i]!]),
      verdict: words.verdicts[d.verdict[i]!]!,
      confidence: words.confidences[d.confidence[i]!]!,
      satellite: words.satellites[d.satellite[i]!]!,
      frp: d.frp[i]! < 0 ? null : d.frp[i]! / 10,
      fire: d.fire[i]!,
      isCounted: d.counted[i] === 1,
    })),
    fires: f.id.map((_, i) => ({
      first: fireFirst[i]!,
      last: fireLast[i]!,
      lon: fireLon[i]!,
      lat: fireLat[i]!,
      verdict: words.verdicts[f.verdict[i]!]!,
      pixels: f.pixels[i]!,
      isCounted: f.counted[i] === 1,
    })),
    alerts: a.number.map((number, i) => ({
      number,
      fire: a.fire[i]!,
      verdict: words.verdicts[a.verdict[i]!] ?? null,
      state: words.states[a.state[i]!]!,
      first: alertFirst[i]!,
      last: alertLast[i]!,
      lon: alertLon[i]!,
      lat: alertLat[i]!,
      unit: words.units[a.unit[i]!]?.[1] ?? "",
      place: a.place[i]!,
      isCounted: a.counted[i] === 1,
    })),
  };
}

/** The rings of a polygon as coordinates in degrees, closed. */
export function polygon(rings: number[][]): [number, number][][] {
  return rings.map((steps) => {
    const ring: [number, number][] = [];
    let [x, y] = [0, 0];
    for (let i = 0; i + 1 < steps.length; i += 2) {
      x += steps[i]!;
      y += steps[i + 1]!;
      ring.push([x / STEPS_PER_DEGREE, y / STEPS_PER_DEGREE]);
    }
    if (ring.length > 0) ring.push(ring[0]!);
    return ring;
  });
}

export async function fetchBase(): Promise<Base> {
  const fetched = await fetchJson<Base>("/api/v1/map/base", null);
  if (!fetched.body) throw new Error("the outlines were not sent");
  return fetched.body;
}

/** The day; no body when it is the one with this tag. */
export async function fetchDay(
  query: { date: string; unit: string; lang: string },
  tag: string | null,
): Promise<Fetched<Day>> {
  const params = new URLSearchParams({ date: query.date, lang: query.lang });
  if (query.unit) params.set("unit", query.unit);
  const { body, tag: got } = await fetchJson<Columns>(`/api/v1/map/day?${params}`, tag);
  return { body: body && decode(body), tag: got };
}
