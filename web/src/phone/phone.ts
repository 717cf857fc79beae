// What scripts add to the pages; everything works without them.

import * as clocks from "./clocks";
import * as live from "./live";
import * as photos from "./photos";
import * as position from "./position";
import * as queue from "./queue";
import { word } from "./words";

function offlineBar(): void {
  const bar = document.getElementById("offline");
  if (!bar) return;
  const show = () => {
    bar.hidden = navigator.onLine;
    bar.textContent = word("offline");
  };
  show();
  addEventListener("online", show);
  addEventListener("offline", show);
}

/** Most alerts of a list that are kept with their forms: a phone's list has fewer. */
const MOST_KEPT = 30;

/**
 * Asks the worker to keep what somebody needs in a field: the list, the forms beside it, and each listed alert with the form
 * of its finding.
 */
async function keepLinked(): Promise<void> {
  const registration = await navigator.serviceWorker.ready;
  const linked = (selector: string) => [...document.querySelectorAll<HTMLAnchorElement>(`[data-keep] ${selector}`)].map((link) => link.href);
  const cases = linked(".mycards:not(.ended) a[href^='/alerts/']").slice(0, MOST_KEPT);
  const ended = linked(".mycards.ended a[href^='/alerts/']").slice(0, MOST_KEPT - cases.length);
  const keep = [location.href, ...linked(".mynav a[href]"), ...cases.flatMap((one) => [one, reportOf(one)]), ...ended];
  registration.active?.postMessage({ keep });
}

/** The form of an alert's finding, in the language of its link. */
function reportOf(href: string): string {
  const url = new URL(href);
  url.pathname += "/report";
  return url.href;
}

/** Brings the present page's link of the navigation into sight: on a phone it may be far to the right. */
function showWhereWeAre(): void {
  const here = document.querySelector<HTMLElement>(".mainnav a[aria-current]");
  const nav = here?.parentElement;
  if (here && nav) nav.scrollLeft = here.offsetLeft - nav.offsetLeft - (nav.clientWidth - here.offsetWidth) / 2;
}

async function worker(): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  await navigator.serviceWorker.register("/sw.js", { scope: "/" });
  if (document.querySelector("[data-keep]")) await keepLinked();
}

clocks.count();
queue.start();
photos.start();
position.start();
live.start();
offlineBar();
showWhereWeAre();
document.addEventListener("firegrid:refreshed", () => position.start());
// Whoever leaves before the worker is there comes again, and everything works without it.
worker().catch(() => undefined);
