// Clocks that count: every <time data-clock> says how long is left, or over.

import { word } from "./words";

/** A span in the two largest units that matter to somebody who hurries. */
export function span(ms: number): string {
  const minutes = Math.floor(Math.abs(ms) / 60_000);
  if (minutes >= 2 * 24 * 60) return word("days", { n: Math.floor(minutes / (24 * 60)) });
  if (minutes >= 60) {
    const rest = minutes % 60;
    return word("hours", { n: Math.floor(minutes / 60) }) + (rest ? word("minutes", { n: rest }) : "");
  }
  return minutes >= 1 ? word("minutes", { n: minutes }) : word("seconds", { n: Math.floor(Math.abs(ms) / 1000) });
}

function show(clock: HTMLTimeElement): void {
  const left = Date.parse(clock.dateTime) - Date.now();
  if (Number.isNaN(left)) return;
  clock.textContent = word(left >= 0 ? "left" : "over", { t: span(left) });
  clock.classList.toggle("is-over", left < 0);
}

/** Counts all clocks of the page, the fast ones every second. */
export function count(): void {
  const all = () => document.querySelectorAll<HTMLTimeElement>("time[data-clock]").forEach(show);
  all();
  setInterval(() => {
    if (document.visibilityState === "visible") all();
  }, 1000);
}
