// Acts go out in the order they were done: at once where there is a network, else when it is back.
//
// Every act carries the id of its form, so one that arrives twice is done once; and the moment it was done, beside the
// moment it arrives. An act belongs to the account whose page it was done on: another one that uses the phone later
// neither sends it nor reads it, and the server refuses it from any other session.
//
// Only the server's own answer ends an act: a page that a proxy put in its place is no answer, and it is tried again.

import { isOurs } from "./answer";
import { bytesOf, fileOf, forget, isLasting, keep, kept, type Kept } from "./store";
import { word } from "./words";

/** Longest wait for an answer, ms: photos over a poor line. */
const PATIENCE_MS = 120_000;

/** The first wait before what could not be sent is tried again, ms; each next one is twice as long. */
const FIRST_AGAIN_MS = 1_000;

/** The longest of these waits, ms; while the page is open it is tried at least this often. */
const AGAIN_MS = 30_000;

type Outcome =
  | { is: "sent"; page: string }
  | { is: "refused"; why: string }
  | { is: "later" }
  | { is: "sign-in" }
  /** Something on the way answered, with this status. */
  | { is: "in-between"; status: number };

let sending = false;

/** Something was to be sent while something was sent: what failed then may get through now. */
let again = false;

/** The next try of its own, and how long it waits. */
let timer = 0;
let wait = FIRST_AGAIN_MS;

/** What the browser said when it was asked not to clear away what is kept; it is asked once a page. */
let lasting: boolean | null = null;
let asked: Promise<void> | null = null;

/** The statuses that something on the way answered acts with, by their ids; gone with the page. */
const inBetween = new Map<string, number>();

/** The account that this page was made for. */
function whose(): string {
  return document.body.dataset["account"] ?? "";
}

/** The acts of this account that wait, and how many there are of others. */
async function own(): Promise<{ acts: Kept[]; others: number }> {
  const all = await kept();
  const acts = all.filter((act) => act.account === whose());
  return { acts, others: all.length - acts.length };
}

/** Sends one act. */
async function send(act: Kept): Promise<Outcome> {
  const body = new FormData();
  for (const [name, value] of act.fields) body.append(name, typeof value === "string" ? value : fileOf(value));
  // As the form itself would be sent: one with photos is read in parts, also where none was taken.
  const inParts = act.inParts ?? act.fields.some(([, value]) => typeof value !== "string");
  const form = inParts ? body : new URLSearchParams(act.fields as [string, string][]);
  let answer: Response;
  try {
    const headers = { "x-firegrid-account": act.account };
    answer = await fetch(act.action, { method: "POST", body: form, headers, signal: AbortSignal.timeout(PATIENCE_MS) });
  } catch {
    return { is: "later" };
  }
  if (!isOurs(answer)) return { is: "in-between", status: answer.status };
  if (new URL(answer.url || location.href, location.href).pathname === "/sign-in" || answer.status === 401) return { is: "sign-in" };
  if (answer.ok && answer.redirected) return { is: "sent", page: answer.url };
  if (answer.status >= 500 || answer.status === 429) return { is: "later" };
  return { is: "refused", why: await reason(answer) };
}

/** What an act is about: its alert, else where it goes. */
function subjectOf(act: Kept): string {
  const { pathname } = new URL(act.action);
  return /^\/alerts\/[^/]+/.exec(pathname)?.[0] ?? pathname;
}

/** What the page of a refusal says. */
async function reason(answer: Response): Promise<string> {
  // A line that breaks in its middle leaves the status, which says enough.
  const page = new DOMParser().parseFromString(await answer.text().catch(() => ""), "text/html");
  const said = page.querySelector("[role=alert]:not(.feeds), .sorry p")?.textContent?.trim();
  return said || String(answer.status);
}

/**
 * Sends what waits, first things first. Where the network or the server stops one, the rest waits too. Where something on
 * the way stops one, as a proxy does with photos that are too large for it, only the acts of the same alert wait with it: it
 * may never get through, and must not hold up the others.
 */
export async function flush(): Promise<void> {
  again = sending;
  if (sending) return;
  sending = true;
  try {
    do {
      again = false;
      await sendAll();
    } while (again);
  } finally {
    sending = false;
  }
}

/** The network is there, or the person asks: what waits is sent now, and tried again soon. */
function flushNow(): void {
  wait = FIRST_AGAIN_MS;
  void flush();
}

/** Tries again after a while: a line that has just come back often fails once more. */
function tryLater(): void {
  clearTimeout(timer);
  timer = setTimeout(() => void flush(), wait);
  wait = Math.min(wait * 2, AGAIN_MS);
}

async function sendAll(): Promise<void> {
  const held = new Set<string>();
  for (const act of (await own()).acts) {
    if (act.refused || held.has(subjectOf(act))) continue;
    const outcome = await send(act);
    inBetween.delete(act.id);
    if (outcome.is === "sent") await forget(act.id);
    else if (outcome.is === "refused") await keep({ ...act, refused: outcome.why });
    else if (outcome.is === "in-between") {
      inBetween.set(act.id, outcome.status);
      held.add(subjectOf(act));
    } else {
      if (outcome.is === "later") tryLater();
      await show(outcome.is === "sign-in" ? word("signIn") : undefined);
      return;
    }
  }
  await show();
}

/** Keeps an act and tries to send it; where the page goes on, if it went out. */
async function submit(form: HTMLFormElement, submitter: HTMLElement | null): Promise<void> {
  const act = await read(form, submitter);
  await keep(act);
  void askToLast();
  const { acts } = await own();
  if (acts.length === 1 && navigator.onLine) {
    note(form, word("sending"));
    const outcome = await send(act);
    if (outcome.is === "sent") {
      await forget(act.id);
      location.assign(outcome.page);
      return;
    }
    if (outcome.is === "refused") {
      // The server's own page says it best and keeps what was typed.
      await forget(act.id);
      await show();
      note(form, word("refused", { why: outcome.why }));
      return;
    }
    if (outcome.is === "in-between") inBetween.set(act.id, outcome.status);
  } else if (navigator.onLine) {
    void flush();
  }
  note(form, word("kept"));
  // The next fire is another report: the form is ready for it, and what was kept stands in the bar.
  if (form.dataset["offline"] === "patrol") {
    form.reset();
    form.querySelectorAll(".made-photos").forEach((made) => made.remove());
  }
  await show();
}

/** Asks the browser to let what is kept last. It may ask the person in turn, who may take long: nothing waits for it. */
function askToLast(): Promise<void> {
  asked ??= isLasting().then((answer) => {
    lasting = answer;
    if (!answer) return show();
  });
  return asked;
}

/** Where a form goes; a field may be called `action`, so the form's own property is not asked. */
function addressOf(form: HTMLFormElement): string {
  return new URL(form.getAttribute("action") ?? "", location.href).href;
}

async function read(form: HTMLFormElement, submitter: HTMLElement | null): Promise<Kept> {
  const data = new FormData(form, submitter);
  // Only in what is sent: the form may be filled in once more, for something that happens later.
  if (data.get("happened_at") === "") data.set("happened_at", new Date().toISOString());
  const at = Date.now();
  const fields: Kept["fields"] = [];
  for (const [name, value] of data) {
    if (typeof value === "string") fields.push([name, value]);
    // An empty file input sends an empty file.
    else if (value.size > 0) fields.push([name, await bytesOf(value)]);
  }
  const id = idOf(fields);
  return {
    id,
    account: whose(),
    action: addressOf(form),
    inParts: form.enctype === "multipart/form-data",
    fields: fields.map(([name, value]) => [name, name === "client_id" ? id : value]),
    label: form.dataset["label"] ?? submitter?.textContent?.trim() ?? document.title,
    at,
  };
}

/** Ids of forms that were sent from this phone, each with a digest of what it said: what it said is not for the next one
 * who holds the phone. */
const USED = "firegrid-used";

/** Ids that are remembered: more than forms are kept. */
const MOST_USED = 200;

/**
 * The id of an act: its form's, as long as the form says the same. A page that is kept on the phone has one id and may be
 * filled in twice, for two fires: the second is another act, and must not take the place of the first.
 */
function idOf(fields: Kept["fields"]): string {
  const given = fields.find(([name]) => name === "client_id")?.[1];
  if (typeof given !== "string" || !given) return crypto.randomUUID();
  const said = fields.filter(([name]) => name !== "client_id" && name !== "happened_at");
  const texts = said.map(([name, value]) => [name, typeof value === "string" ? value : `${value.name} ${fileOf(value).lastModified}`]);
  const says = digest(JSON.stringify([given, texts]));
  const used = new Map(JSON.parse(localStorage.getItem(USED) ?? "[]") as [string, string][]);
  const before = [...used].filter(([id]) => id === given || id.startsWith(`${given}-again`));
  const same = before.find(([, earlier]) => earlier === says);
  const id = same?.[0] ?? (before.length > 0 ? `${given}-again${before.length}` : given);
  used.set(id, says);
  localStorage.setItem(USED, JSON.stringify([...used].slice(-MOST_USED)));
  return id;
}

/** A digest (FNV-1a) that tells some texts of one form apart. */
function digest(text: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash >>> 0).toString(36);
}

/** Says something at a form. */
function note(form: HTMLFormElement, text: string): void {
  let line = form.querySelector<HTMLElement>(":scope > .phone-note");
  if (!line) {
    line = document.createElement("p");
    line.className = "phone-note banner note";
    line.setAttribute("role", "status");
    form.append(line);
  }
  line.textContent = text;
}

/** The bar of what waits. */
async function show(hint?: string): Promise<void> {
  const bar = document.getElementById("outbox");
  if (!bar) return;
  const { acts, others } = await own();
  bar.hidden = acts.length === 0 && others === 0;
  bar.replaceChildren();
  if (others > 0) {
    const said = document.createElement("p");
    said.textContent = word("others", { n: others });
    bar.append(said);
  }
  if (acts.length === 0) return;
  void askToLast();
  const head = document.createElement("p");
  const count = document.createElement("strong");
  count.textContent = word("waiting", { n: acts.length });
  head.append(count, hint ? ` ${hint}` : "");
  const list = document.createElement("ul");
  for (const act of acts) list.append(line(act));
  const again = button(word("retry"), flushNow);
  bar.append(head, list, again);
  if (lasting === false) {
    const warning = document.createElement("p");
    warning.id = "not-lasting";
    warning.textContent = word("notLasting");
    bar.append(warning);
  }
}

function line(act: Kept): HTMLLIElement {
  const item = document.createElement("li");
  const time = new Date(act.at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  const status = inBetween.get(act.id);
  const said = act.refused ? word("refused", { why: act.refused }) : status ? word("inBetween", { n: status }) : "";
  item.textContent = `${time} ${act.label}${said ? ` · ${said}` : ""} `;
  if (act.refused) {
    item.append(button(word("discard"), () => void forget(act.id).then(() => show())));
  }
  return item;
}

function button(text: string, act: () => void): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = text;
  made.addEventListener("click", act);
  return made;
}

/** Signing out takes along what the phone keeps: whoever has something unsent is asked first. */
function guardSignOut(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || new URL(addressOf(form)).pathname !== "/sign-out") return;
    event.preventDefault();
    void kept()
      .catch((): Kept[] => [])
      .then((acts) => {
        if (acts.length === 0 || confirm(word("wouldLose", { n: acts.length }))) HTMLFormElement.prototype.submit.call(form);
      });
  });
}

/** Takes over the forms that may be sent later. */
export function start(): void {
  if (!("indexedDB" in window)) return;
  guardSignOut();
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.dataset["offline"]) return;
    event.preventDefault();
    void submit(form, event.submitter).catch(() => {
      // Nothing could be kept: the browser's own way is left, without this one.
      form.removeAttribute("data-offline");
      HTMLFormElement.prototype.submit.call(form);
    });
  });
  addEventListener("online", flushNow);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") flushNow();
  });
  setInterval(() => void flush(), AGAIN_MS);
  void flush();
}
