// The alerts on the map as a table, and the panel of the chosen one: the way in for keyboard and screen reader.

import type { Alert, Day } from "./data";
import { clock, element, type Mark } from "./page";

/** Rows in the table; more would help nobody and slow every step of the slider. */
const MOST_ROWS = 300;

export interface Parts {
  words: (name: string, values?: Record<string, string | number>) => string;
  marks: Map<string, Mark>;
  href: (number: string) => string;
}

/** A symbol of the page, copied. */
function symbol(marks: Map<string, Mark>, verdict: string | null): Node | null {
  return verdict === null ? null : (marks.get(verdict)?.svg.cloneNode(true) ?? null);
}

function verdictWords(parts: Parts, verdict: string | null): string {
  return verdict === null ? parts.words("problem") : (parts.marks.get(verdict)?.words ?? verdict);
}

function made<K extends keyof HTMLElementTagNameMap>(
  name: K,
  className: string,
  ...children: (Node | string | null)[]
): HTMLElementTagNameMap[K] {
  const node = document.createElement(name);
  if (className) node.className = className;
  node.append(...children.filter((child) => child !== null));
  return node;
}

function place(alert: Alert): string {
  return alert.place ? `${alert.unit} · ${alert.place}` : alert.unit;
}

/** The alerts that are shown; `counted` of them are in the total. */
export function fillTable(parts: Parts, alerts: Alert[], counted: number, onShow: (alert: Alert) => void): void {
  const rows = alerts.slice(0, MOST_ROWS).map((alert) => {
    const link = made("a", "num", alert.number);
    link.href = parts.href(alert.number);
    const show = made("button", "showit", "◎");
    show.type = "button";
    show.title = parts.words("show");
    show.setAttribute("aria-label", `${parts.words("show")} ${alert.number}`);
    show.addEventListener("click", () => onShow(alert));
    const head = made("th", "", show, made("span", "id", link, made("time", "", clock(alert.first))));
    head.scope = "row";
    const what = made("td", "", symbol(parts.marks, alert.verdict), verdictWords(parts, alert.verdict));
    what.append(made("span", `chip st-${alert.state}`, parts.words(alert.state)), made("span", "where", place(alert)));
    const row = made("tr", "", head, what);
    row.dataset["number"] = alert.number;
    return row;
  });
  element("rows").replaceChildren(...rows);
  element("count").textContent = String(counted);
  element("nothing").hidden = alerts.length > 0;
}

/** What the panel says of a fire or an alert; the alert where there is one. */
export function fillPanel(parts: Parts, day: Day, alert: Alert | null, fireIndex: number): void {
  const fire = day.fires[fireIndex];
  const [first, last] = [alert?.first ?? fire?.first ?? 0, alert?.last ?? fire?.last ?? 0];
  const verdict = alert ? alert.verdict : (fire?.verdict ?? null);
  element("panelnumber").textContent = alert?.number ?? parts.words("no_fire");
  const said = element("panelverdict");
  said.replaceChildren(verdictWords(parts, verdict));
  const drawn = symbol(parts.marks, verdict);
  if (drawn) said.prepend(drawn);
  element("panelstate").textContent = alert ? parts.words(alert.state) : "–";
  element("paneltime").textContent = last > first ? `${clock(first)}–${clock(last)}` : clock(first);
  const at = alert ?? fire;
  const degrees = at ? `${at.lon.toFixed(4)}, ${at.lat.toFixed(4)}` : "";
  element("panelplace").textContent = alert ? `${place(alert)} (${degrees})` : degrees;
  element("panelpixels").textContent = fire ? String(fire.pixels) : "–";
  const link = element<HTMLAnchorElement>("panellink");
  link.hidden = !alert;
  if (alert) link.href = parts.href(alert.number);
  element("panel").hidden = false;
  for (const row of element("rows").querySelectorAll("tr")) {
    row.classList.toggle("chosen", row.dataset["number"] === alert?.number);
  }
}

/** Leads whoever chose in the list to the panel, which may be out of view on a phone. */
export function goToPanel(): void {
  const panel = element("panel");
  panel.focus({ preventScroll: true });
  panel.scrollIntoView({ block: "nearest" });
}

export function closePanel(): void {
  element("panel").hidden = true;
  for (const row of element("rows").querySelectorAll("tr.chosen")) row.classList.remove("chosen");
}

export const mostRows = MOST_ROWS;
