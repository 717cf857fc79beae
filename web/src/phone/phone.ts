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

/** Asks the worker to keep the cases of a list, so that they open without a network. */
async function keepLinked(): Promise<void> {
  const registration = await navigator.serviceWorker.ready;
  const links = [...document.querySelectorAll<HTMLAnchorElement>("[data-keep] a[href^='/alerts/']")].slice(0, 30);
  registration.active?.postMessage({ keep: [location.href, ...links.map((link) => link.href)] });
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
document.addEventListener("firegrid:refreshed", () => position.start());
// Whoever leaves before the worker is there comes again, and everything works without it.
worker().catch(() => undefined);
