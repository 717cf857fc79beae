// The filters, which live in the form and in the address. The server has the same: src/web/pages/day/filter.rs.

import type { Alert, Day, Fire, Pixel } from "./data";

export interface Filters {
  verdict: Set<string>;
  state: Set<string>;
  satellite: Set<string>;
  confidence: Set<string>;
  unit: string;
  fromHour: number;
  toHour: number;
}

export interface Shown {
  pixels: Pixel[];
  fires: { fire: Fire; index: number }[];
  alerts: Alert[];
}

export interface Numbers {
  pixels: number;
  fires: number;
  alerts: number;
}

const LISTS = ["verdict", "state", "satellite", "confidence"] as const;

export function readForm(form: HTMLFormElement): Filters {
  const data = new FormData(form);
  const list = (name: string) => new Set(data.getAll(name).map(String));
  return {
    verdict: list("verdict"),
    state: list("state"),
    satellite: list("satellite"),
    confidence: list("confidence"),
    unit: String(data.get("unit") ?? ""),
    fromHour: Number(data.get("from_hour") ?? 0),
    toHour: Number(data.get("to_hour") ?? 24),
  };
}

/** Sets the form to what an address says: after going back in history. */
export function writeForm(form: HTMLFormElement, address: URLSearchParams): void {
  for (const name of LISTS) {
    const chosen = new Set(address.getAll(name).flatMap((value) => value.split(",")));
    for (const box of form.querySelectorAll<HTMLInputElement>(`input[name=${name}]`)) box.checked = chosen.has(box.value);
  }
  for (const [name, otherwise] of [["unit", ""], ["from_hour", "0"], ["to_hour", "24"]] as const) {
    const field = form.elements.namedItem(name);
    if (field instanceof HTMLSelectElement) field.value = address.get(name) ?? otherwise;
  }
}

/** The filters as parameters; what filters nothing is left out. */
export function toParams(filters: Filters, params: URLSearchParams): void {
  for (const name of LISTS) {
    params.delete(name);
    if (filters[name].size > 0) params.set(name, [...filters[name]].join(","));
  }
  const single: [string, string, string][] = [
    ["unit", filters.unit, ""],
    ["from_hour", String(filters.fromHour), "0"],
    ["to_hour", String(filters.toHour), "24"],
  ];
  for (const [name, value, otherwise] of single) {
    if (value === otherwise) params.delete(name);
    else params.set(name, value);
  }
}

export function apply(filters: Filters, day: Day): Shown {
  const [from, until] = [filters.fromHour * 60, filters.toHour < 24 ? filters.toHour * 60 : Infinity];
  const isIn = (list: Set<string>, value: string | null) => list.size === 0 || (value !== null && list.has(value));
  const overlaps = (first: number, last: number) => first < until && last >= from;
  const passes = (pixel: Pixel) =>
    isIn(filters.verdict, pixel.verdict) &&
    isIn(filters.satellite, pixel.satellite) &&
    isIn(filters.confidence, pixel.confidence) &&
    overlaps(pixel.minute, pixel.minute);
  const pixels = day.pixels.filter(passes);
  const seen = new Set(pixels.map((pixel) => pixel.fire));
  const asksForPixels = filters.satellite.size > 0 || filters.confidence.size > 0;
  const isSeen = (fire: number) => !asksForPixels || (fire >= 0 && seen.has(fire));
  const alerts = day.alerts.filter(
    (alert) =>
      isIn(filters.verdict, alert.verdict) &&
      isIn(filters.state, alert.state) &&
      overlaps(alert.first, alert.last) &&
      isSeen(alert.fire),
  );
  const alerted = new Set(alerts.map((alert) => alert.fire));
  const isTold = (fire: number) => filters.state.size === 0 || (fire >= 0 && alerted.has(fire));
  const fires = day.fires
    .map((fire, index) => ({ fire, index }))
    .filter(
      ({ fire, index }) =>
        isIn(filters.verdict, fire.verdict) && overlaps(fire.first, fire.last) && isSeen(index) && isTold(index),
    );
  return { pixels: pixels.filter((pixel) => isTold(pixel.fire)), fires, alerts };
}

/**
 * How many of what is shown are in the total, and how many are not: neighbours, other ground, and fires and alerts that
 * were first seen before these hours. The server counts so too: src/report/figures.
 */
export function numbersOf(filters: Filters, shown: Shown): { counted: Numbers; beside: Numbers } {
  const [from, until] = [filters.fromHour * 60, filters.toHour < 24 ? filters.toHour * 60 : Infinity];
  const begins = (first: number) => first >= from && first < until;
  const counted = {
    pixels: shown.pixels.filter((pixel) => pixel.isCounted).length,
    fires: shown.fires.filter(({ fire }) => fire.isCounted && begins(fire.first)).length,
    alerts: shown.alerts.filter((alert) => alert.isCounted && begins(alert.first)).length,
  };
  const beside = {
    pixels: shown.pixels.length - counted.pixels,
    fires: shown.fires.length - counted.fires,
    alerts: shown.alerts.length - counted.alerts,
  };
  return { counted, beside };
}
