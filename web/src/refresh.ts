// Keeps a day fresh: asks again while the page is looked at. Server-sent events would call `now` instead.

/** Between two questions, ms. An unchanged day answers 304. */
const EVERY_MS = 30_000;

/**
 * Calls `now` whenever the day may have changed. The one place to hook another signal to.
 */
export function onChange(isToday: boolean, now: () => void): void {
  if (!isToday) return;
  window.setInterval(() => {
    if (document.visibilityState === "visible") now();
  }, EVERY_MS);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") now();
  });
}
