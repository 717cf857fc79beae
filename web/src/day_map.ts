// The live map page: takes over what the server has drawn, with the same filters, words and symbols.

import { type Alert, type Day, fetchBase, fetchDay } from "./data";
import { apply, type Filters, numbersOf, readForm, toParams, writeForm } from "./filters";
import { closePanel, fillPanel, fillTable, goToPanel, mostRows, type Parts } from "./list";
import { type Chosen, type Layer, LiveMap, type Sight } from "./live_map";
import { colours, element, localTime, marks, settings, words } from "./page";
import { onChange } from "./refresh";
import { looks } from "./styles";
import { timeBar } from "./time_bar";

/** Pauses after the last movement before the address is written, ms: browsers refuse too many in a row. */
const SETTLE_MS = 400;

const LAYERS: Layer[] = ["footprints", "zones", "units"];

async function start(): Promise<void> {
  const page = settings();
  const said = words();
  const form = element<HTMLFormElement>("filters");
  const lang = new URLSearchParams(location.search).get("lang");
  const parts: Parts = {
    words: said,
    marks: marks(),
    href: (number) => `/alerts/${encodeURIComponent(number)}${lang ? `?lang=${encodeURIComponent(lang)}` : ""}`,
  };
  let filters: Filters = readForm(form);
  const query = () => ({ date: page.date, unit: filters.unit, lang: page.lang });
  const [base, first] = await Promise.all([fetchBase(), fetchDay(query(), null)]);
  if (!first.body) throw new Error("the day was not sent");
  let day: Day = first.body;
  let tag = first.tag;
  let checkedAt = new Date();
  let chosen: string | null = null;
  /** Where the panel was opened from, and the focus goes back to. */
  let from: HTMLElement | null = null;

  putAway(true);
  element("live").hidden = false;
  element("timebar").hidden = false;
  element("toggles").hidden = false;
  form.classList.add("scripted");
  const small = matchMedia("(max-width: 60rem)");
  element<HTMLDetailsElement>("choose").open = !small.matches;
  const map = new LiveMap(element("map"), base, looks(parts.marks, colours()), page);
  element("tilesnotice").textContent = page.tiles.notice ?? "";

  const bar = timeBar((from, to) => {
    setHours(form, from, to);
    filters = readForm(form);
    show();
    settle();
  });

  function show(): void {
    const shown = apply(filters, day);
    map.show(shown);
    const { counted, beside } = numbersOf(filters, shown);
    fillTable(parts, shown.alerts, counted.alerts, (alert) => {
      from = document.querySelector<HTMLElement>(`tr[data-number="${CSS.escape(alert.number)}"] button`);
      choose({ alert: alert.number }, true);
    });
    const total = said("shown", { t: day.title, a: counted.alerts, f: counted.fires, p: counted.pixels });
    const isMoreShown = beside.alerts + beside.fires + beside.pixels > 0;
    const others = isMoreShown ? said("beside", { a: beside.alerts, f: beside.fires, p: beside.pixels }) : "";
    const more = shown.alerts.length > mostRows ? ` · ${said("more", { n: mostRows })}` : "";
    element("said").textContent = total + others + more;
    if (chosen !== null) choose({ alert: chosen }, false);
  }

  function showCoverage(): void {
    element("upto").textContent = day.dataUpTo ?? said("no_data");
    const items = day.coverage.map((feed) => {
      const [item, name, chip] = ["li", "b", "span"].map((tag) => document.createElement(tag)) as [
        HTMLElement,
        HTMLElement,
        HTMLElement,
      ];
      name.textContent = feed.feed;
      chip.textContent = feed.words;
      chip.className = `chip s-${feed.state}`;
      item.append(name, " ", chip, " ", feed.newest ? said("newest", { t: feed.newest }) : said("no_data"));
      return item;
    });
    if (items.length > 0) element("feeds").replaceChildren(...items);
  }

  function showChecked(name: "refreshed" | "failed"): void {
    const note = element("refreshed");
    note.hidden = false;
    note.classList.toggle("warn", name === "failed");
    note.textContent = said(name, { t: localTime(checkedAt, page.time_zone) });
  }

  function choose(what: Chosen | null, goThere: boolean): void {
    const alert = what && alertOf(day, what);
    const fireIndex = what && "fire" in what ? what.fire : (alert?.fire ?? -1);
    const at = alert && alert.fire < 0 ? alert : (day.fires[fireIndex] ?? alert);
    chosen = alert?.number ?? null;
    map.choose(at ?? null);
    if (!at) return closePanel();
    fillPanel(parts, day, alert, fireIndex);
    if (goThere) {
      map.goTo(at);
      goToPanel();
    }
    settle();
  }

  function address(): string {
    const params = new URLSearchParams(location.search);
    params.set("date", page.date);
    toParams(filters, params);
    const sight = map.sight();
    if (sight) {
      params.set("lon", sight.lon.toFixed(4));
      params.set("lat", sight.lat.toFixed(4));
      params.set("zoom", sight.zoom.toFixed(2));
    }
    const hidden = LAYERS.filter((name) => !toggle(name).checked).join(",");
    setOrDelete(params, "hide", hidden);
    setOrDelete(params, "alert", chosen ?? "");
    // Commas are plain in a query and easier to read so.
    return `/map?${params.toString().replaceAll("%2C", ",")}`;
  }

  let settling: number | undefined;
  function settle(): void {
    clearTimeout(settling);
    settling = window.setTimeout(() => {
      history.replaceState(null, "", address());
      followAddress();
    }, SETTLE_MS);
  }

  /** Links to other days and the other language keep filters and view. */
  function followAddress(): void {
    for (const link of document.querySelectorAll<HTMLAnchorElement>("#previous, #next, a[hreflang]")) {
      const params = new URLSearchParams(location.search);
      const own = new URL(link.href).searchParams;
      for (const name of ["date", "lang"]) {
        const value = own.get(name);
        if (value !== null) params.set(name, value);
      }
      params.delete("alert");
      link.href = `/map?${params}`;
    }
  }

  async function refresh(): Promise<void> {
    try {
      const fetched = await fetchDay(query(), tag);
      checkedAt = new Date();
      if (fetched.body) {
        day = fetched.body;
        tag = fetched.tag;
        map.showZones(day);
        show();
        showCoverage();
      }
      showChecked("refreshed");
    } catch (error) {
      console.warn("the day cannot be refreshed", error);
      showChecked("failed");
    }
  }

  async function filtersChanged(): Promise<void> {
    const unit = filters.unit;
    filters = readForm(form);
    bar.set(filters.fromHour, filters.toHour);
    if (filters.unit !== unit) {
      tag = null;
      await refresh();
      map.lookAtUnit(filters.unit);
    } else {
      show();
    }
    // A choice is a step one can go back from; moving the map is none.
    history.pushState(null, "", address());
    followAddress();
  }

  form.addEventListener("change", (event) => {
    if ((event.target as HTMLInputElement).name === "date") return form.submit();
    void filtersChanged();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void filtersChanged();
  });
  window.addEventListener("popstate", () => {
    const params = new URLSearchParams(location.search);
    if (params.get("date") !== page.date) return location.reload();
    const unit = filters.unit;
    writeForm(form, params);
    filters = readForm(form);
    bar.set(filters.fromHour, filters.toHour);
    map.look(sightOf(params));
    if (filters.unit === unit) return show();
    tag = null;
    void refresh();
  });
  for (const name of LAYERS) {
    toggle(name).checked = !hiddenIn(location.search).has(name);
    map.setVisible(name, toggle(name).checked);
    toggle(name).addEventListener("change", () => {
      map.setVisible(name, toggle(name).checked);
      settle();
    });
  }
  element("close").addEventListener("click", () => {
    chosen = null;
    map.choose(null);
    closePanel();
    (from ?? element("map")).focus({ preventScroll: true });
    from = null;
    settle();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !element("panel").hidden) element("close").click();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    parts.marks = marks();
    map.restyle(looks(parts.marks, colours()));
  });
  map.onChosen((what) => choose(what, false));

  const params = new URLSearchParams(location.search);
  map.look(sightOf(params));
  if (!sightOf(params) && filters.unit) map.lookAtUnit(filters.unit);
  bar.set(filters.fromHour, filters.toHour);
  map.showZones(day);
  chosen = params.get("alert");
  show();
  showCoverage();
  map.onMoved(settle);
  onChange(page.is_today, () => void refresh());
}

/** The map that the server drew, out of sight and reach. */
function putAway(isAway: boolean): void {
  const drawn = element("drawn");
  drawn.classList.toggle("away", isAway);
  drawn.inert = isAway;
}

function alertOf(day: Day, what: Chosen): Alert | null {
  const found =
    "alert" in what
      ? day.alerts.find((alert) => alert.number === what.alert)
      : // Alerts come worst first: a fire in two townships leads to the worse.
        day.alerts.find((alert) => alert.fire === what.fire);
  return found ?? null;
}

function setHours(form: HTMLFormElement, from: number, to: number): void {
  for (const [name, hour] of [["from_hour", from], ["to_hour", to]] as const) {
    const field = form.elements.namedItem(name);
    if (field instanceof HTMLSelectElement) field.value = String(hour);
  }
}

function toggle(name: Layer): HTMLInputElement {
  const found = document.querySelector<HTMLInputElement>(`input[data-layer=${name}]`);
  if (!found) throw new Error(`the page has no switch for ${name}`);
  return found;
}

function hiddenIn(search: string): Set<string> {
  return new Set((new URLSearchParams(search).get("hide") ?? "").split(","));
}

function setOrDelete(params: URLSearchParams, name: string, value: string): void {
  if (value) params.set(name, value);
  else params.delete(name);
}

function sightOf(params: URLSearchParams): Sight | null {
  const [lon, lat, zoom] = ["lon", "lat", "zoom"].map((name) => Number(params.get(name) ?? NaN)) as [
    number,
    number,
    number,
  ];
  return [lon, lat, zoom].every(Number.isFinite) ? { lon, lat, zoom } : null;
}

start().catch((error: unknown) => {
  // The map that the server drew stays.
  console.error("the live map cannot start", error);
  element("live").hidden = true;
  element("timebar").hidden = true;
  element("toggles").hidden = true;
  putAway(false);
});
