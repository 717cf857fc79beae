// Keeps the pages of the day on the phone: fresh where there is a network, the last kept where there is none.
//
// Only pages that inspectors need in a field are kept, and only what was seen or is linked from the own list; in the place of
// any other page stands one that says what opens. Whoever signs out, or is put out, takes them along. What something on the way answered in the server's place changes nothing that is
// kept, and is shown only where there is nothing else.

import { isOurs } from "../phone/answer";

declare const self: ServiceWorkerGlobalScope;

const PAGES = "pages-1";
const FILES = "files-1";

/** A network that has not answered by then counts as none, ms. */
const PATIENCE_MS = 6000;

/** Where somebody comes in or goes out: what was kept is not for whoever holds the phone next. Not every browser follows
 * what the server says of it (Clear-Site-Data), and none does without TLS. */
const IS_DOOR = /^\/(sign-in|sign-out|l)(\/|$)/;

const IS_PAGE = /^\/(my|plots|patrol|account|alerts\/[^/]+(\/report)?)$/;

/** What every kept page needs; the first page of a visit was loaded before there was a worker to keep it. */
const NEEDED = ["/static/app.css", "/static/phone.js", "/static/icon.svg"];

self.addEventListener("install", (event) => {
  const prepare = async () => {
    const cache = await caches.open(FILES);
    for (const address of NEEDED) {
      const answer = await fetch(address);
      if (!answer.ok || !isOurs(answer)) throw new Error(`${address}: ${answer.status}`);
      await cache.put(address, answer);
    }
    await self.skipWaiting();
  };
  event.waitUntil(prepare());
});

self.addEventListener("activate", (event) => {
  const clear = async () => {
    for (const name of await caches.keys()) {
      if (name !== PAGES && name !== FILES) await caches.delete(name);
    }
    await self.clients.claim();
  };
  event.waitUntil(clear());
});

self.addEventListener("message", (event) => {
  const { keep } = event.data as { keep?: string[] };
  if (keep) event.waitUntil(keepAll(keep));
});

async function keepAll(addresses: string[]): Promise<void> {
  for (const address of addresses) {
    const url = new URL(address);
    if (url.origin === self.location.origin && IS_PAGE.test(url.pathname)) {
      await fresh(new Request(address, { headers: { accept: "text/html" } })).catch(() => undefined);
    }
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin === self.location.origin && IS_DOOR.test(url.pathname)) event.waitUntil(caches.delete(PAGES));
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (url.pathname.startsWith("/static/")) event.respondWith(file(event));
  else if (IS_PAGE.test(url.pathname)) event.respondWith(page(request));
  else if (request.mode === "navigate") event.respondWith(fetch(request).catch(() => instead(request)));
});

/** An answer, and whether it is the server's own. */
interface Got {
  answer: Response;
  own: boolean;
}

/** From the network, and kept where it is the server's own answer. */
async function fresh(request: Request): Promise<Got> {
  const answer = await fetch(request);
  if (await leadsOut(request, answer)) {
    // Not in any more: what was kept is not for whoever holds the phone now.
    await caches.delete(PAGES);
    return { answer, own: true };
  }
  if (!isOurs(answer)) return { answer, own: false };
  if ([403, 404, 410].includes(answer.status)) {
    // Not shown to this account any more: then not from what was kept either.
    await (await caches.open(PAGES)).delete(plain(request.url));
  }
  if (answer.ok && !answer.redirected) {
    // Whole before it takes the place of the one that is kept: a line that breaks in between would leave neither.
    const whole = await answer.clone().blob();
    const { status, headers } = answer;
    await (await caches.open(PAGES)).put(plain(request.url), new Response(whole, { status, headers }));
  }
  return { answer, own: true };
}

/** Whether the server says that nobody is signed in: by its status, or by leading to the sign-in. */
async function leadsOut(request: Request, answer: Response): Promise<boolean> {
  if (answer.type !== "opaqueredirect") {
    return isOurs(answer) && (answer.status === 401 || new URL(answer.url || request.url).pathname === "/sign-in");
  }
  // A navigation does not follow redirects itself and does not say whose they are: followed once more to see it. Those of a
  // portal lead to another site, which a script cannot follow.
  const end = await fetch(request.url, { headers: { accept: "text/html" } }).catch(() => null);
  return !!end && isOurs(end) && new URL(end.url).pathname === "/sign-in";
}

/** The address without what only the moment needs. */
function plain(address: string): string {
  const url = new URL(address);
  url.searchParams.delete("done");
  url.hash = "";
  return url.href;
}

async function page(request: Request): Promise<Response> {
  const network = fresh(request);
  const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), PATIENCE_MS));
  try {
    const got = await Promise.race([network, late]);
    if (got?.own) return got.answer;
  } catch {
    // No network: what was kept, below.
  }
  const kept = await (await caches.open(PAGES)).match(plain(request.url));
  if (kept) return kept;
  // Nothing kept: then the network, however long it takes.
  return network.then((got) => got.answer).catch((error: unknown) => {
    if (request.mode === "navigate") return instead(request);
    throw error;
  });
}

/** Pages that the own page of the phone leads to, as far as they are kept. */
const OFFERED = [
  ["/my", "我的告警", "My alerts"],
  ["/patrol", "自查上报", "Report a fire"],
  ["/plots", "今日可烧地块", "Plots to burn today"],
] as const;

/** What stands in the place of a page that is not kept, while there is no network: what happened and what opens. */
async function instead(request: Request): Promise<Response> {
  const isEnglish = new URL(request.url).searchParams.get("lang") === "en";
  const t = (zh: string, en: string) => (isEnglish ? en : zh);
  const keys = (await (await caches.open(PAGES)).keys()).map((key) => new URL(key.url));
  const links = OFFERED.flatMap(([path, zh, en]) => {
    const kept = keys.find((url) => url.pathname === path);
    return kept ? [`<a class="button" href="${path}${kept.search.replace(/[^\w=?]/g, "")}">${t(zh, en)}</a>`] : [];
  });
  const body = `<!doctype html><html lang="${t("zh-CN", "en")}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<title>${t("没有网络", "No network")} · firegrid</title><link rel="stylesheet" href="/static/app.css"></head>
<body><main id="main"><div class="phone"><h1>${t("没有网络，此页未存在手机里", "No network, and this page is not on the phone")}</h1>
<p>${t("已填报的内容仍在手机里，联网后打开任一页面即自动上报。", "What you reported is still on the phone; it is sent once a page opens with a network.")}</p>
${links.length > 0 ? `<p>${t("没有网络时可以打开：", "These open without a network:")}</p><nav class="mynav">${links.join("")}</nav>` : ""}
<p><a class="button big go" href="">${t("再试一次", "Try again")}</a></p></div></main></body></html>`;
  // As the server's own pages: nothing but our own style sheet.
  const headers = { "content-type": "text/html; charset=utf-8", "content-security-policy": "default-src 'none'; style-src 'self'" };
  return new Response(body, { status: 503, headers });
}

/** Files at once from what is kept, and renewed beside. */
async function file(event: FetchEvent): Promise<Response> {
  const cache = await caches.open(FILES);
  const kept = await cache.match(event.request);
  const renew = fetch(event.request).then(async (answer) => {
    if (answer.ok && isOurs(answer)) await cache.put(event.request, answer.clone());
    return answer;
  });
  if (!kept) return renew;
  event.waitUntil(renew.catch(() => undefined));
  return kept;
}
