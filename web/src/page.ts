// The parts of the page, its words and its symbols. Texts go in by textContent alone.

export interface Settings {
  date: string;
  is_today: boolean;
  lang: string;
  time_zone: string;
  tiles: { kind: "none" | "tianditu" | "pmtiles"; key?: string | null; url?: string; notice?: string | null };
}

export function element<T extends HTMLElement = HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no #${id}`);
  return found as T;
}

export function settings(): Settings {
  return JSON.parse(element("daymap").dataset["settings"] ?? "{}") as Settings;
}

/** The page's sentences by name, with {x} replaced. */
export function words(): (name: string, values?: Record<string, string | number>) => string {
  const all = new Map<string, string>();
  for (const name of element("words").querySelectorAll("dt")) {
    all.set(name.textContent ?? "", name.nextElementSibling?.textContent ?? "");
  }
  return (name, values = {}) =>
    (all.get(name) ?? name).replace(/\{(\w+)\}/g, (_, key: string) => String(values[key] ?? ""));
}

export interface Mark {
  shape: string;
  colour: string;
  words: string;
  svg: SVGElement;
}

/** Shape, colour and words of each verdict, as the filter list shows them: the same as on the drawn map. */
export function marks(): Map<string, Mark> {
  const found = new Map<string, Mark>();
  for (const label of document.querySelectorAll<HTMLElement>("[data-mark]")) {
    const [svg, path] = [label.querySelector("svg"), label.querySelector("path")];
    if (!svg || !path) continue;
    found.set(label.dataset["mark"] ?? "", {
      shape: path.getAttribute("d") ?? "",
      colour: getComputedStyle(path).fill,
      words: label.querySelector("span")?.textContent ?? "",
      svg,
    });
  }
  return found;
}

/** Colours of the style sheet, which knows dark and light. */
export function colours(): (name: string) => string {
  const style = getComputedStyle(document.documentElement);
  return (name) => style.getPropertyValue(`--${name}`).trim();
}

/** An instant as a time of the region, wherever the browser stands. */
export function localTime(at: Date, timeZone: string): string {
  return new Intl.DateTimeFormat("en-GB", { timeZone, hour: "2-digit", minute: "2-digit" }).format(at);
}

/** Minutes of the day as a time; what burns on says so by an hour past 24. */
export function clock(minute: number): string {
  const two = (value: number) => String(value).padStart(2, "0");
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}
