// What is new: the server says so, the page is read again, and a sound calls whoever looks elsewhere.

import { isOurs } from "./answer";
import { word } from "./words";

/** Whether the person wants to hear it; kept on the phone. */
const SOUND = "firegrid-sound";

/** Kinds of events that call: something to be done came, or nobody did it. */
const CALLS = new Set(["recorded", "grown", "escalated", "dispatched", "reassigned", "sent_back"]);

/** Pause after an event, ms, so that a burst is read once. */
const GATHER_MS = 800;

interface Change {
  subject_kind: string;
  subject: string;
  kind: string;
}

function wantsSound(): boolean {
  return localStorage.getItem(SOUND) !== "off";
}

let audio: AudioContext | null = null;

/** Two short tones; silent until the person has touched the page, as browsers ask. */
function call(): void {
  if (!wantsSound()) return;
  audio ??= new AudioContext();
  for (const [after, pitch] of [
    [0, 880],
    [0.25, 1175],
  ] as const) {
    const [tone, volume] = [audio.createOscillator(), audio.createGain()];
    tone.frequency.value = pitch;
    volume.gain.value = 0.2;
    tone.connect(volume).connect(audio.destination);
    tone.start(audio.currentTime + after);
    tone.stop(audio.currentTime + after + 0.18);
  }
}

function soundSwitch(): void {
  const place = document.getElementById("sound");
  if (!(place instanceof HTMLButtonElement)) return;
  const show = () => {
    place.textContent = word(wantsSound() ? "soundOn" : "soundOff");
    place.setAttribute("aria-pressed", String(wantsSound()));
  };
  place.hidden = false;
  show();
  place.addEventListener("click", () => {
    localStorage.setItem(SOUND, wantsSound() ? "off" : "on");
    show();
    if (wantsSound()) call();
  });
}

/** Whether somebody has begun to fill in something that a refresh would lose. */
function isBusy(main: HTMLElement): boolean {
  if (main.contains(document.activeElement) && document.activeElement?.matches("input, textarea, select")) return true;
  const touched = (field: HTMLInputElement | HTMLTextAreaElement) => field.type !== "hidden" && field.value !== field.defaultValue;
  return [...main.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>("input, textarea")].some(touched);
}

async function refresh(main: HTMLElement): Promise<void> {
  const answer = await fetch(location.href, { headers: { accept: "text/html" } });
  if (!answer.ok || !isOurs(answer) || new URL(answer.url || location.href, location.href).pathname !== location.pathname) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (page.body.dataset["account"] !== document.body.dataset["account"]) {
    // Somebody else is in by now, in another window: this page is not his.
    location.reload();
    return;
  }
  const fresh = page.getElementById("main");
  if (!fresh) return;
  const at = scrollY;
  main.replaceChildren(...[...fresh.childNodes].map((node) => document.adoptNode(node)));
  scrollTo(0, at);
  document.dispatchEvent(new Event("firegrid:refreshed"));
}

function offer(main: HTMLElement): void {
  const bar = document.getElementById("fresh");
  if (!bar) return;
  bar.hidden = false;
  bar.replaceChildren();
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = word("fresh");
  button.addEventListener("click", () => {
    bar.hidden = true;
    void refresh(main);
  });
  bar.append(button);
}

/** Listens, where the page asks for it. */
export function start(): void {
  soundSwitch();
  const main = document.getElementById("main");
  if (!main || !document.querySelector("[data-live]") || !("EventSource" in window)) return;
  const only = document.querySelector<HTMLElement>("[data-live]")?.dataset["live"] ?? "";
  let timer: number | undefined;
  const source = new EventSource("/api/v1/events");
  const changed = (event: MessageEvent<string>) => {
    const change = JSON.parse(event.data) as Change;
    if (only && change.subject !== only) return;
    if (change.subject_kind === "alert" && CALLS.has(change.kind)) call();
    clearTimeout(timer);
    timer = window.setTimeout(() => {
      if (isBusy(main)) offer(main);
      else void refresh(main);
    }, GATHER_MS);
  };
  for (const name of ["case", "plan", "gone"]) source.addEventListener(name, changed);
  addEventListener("pagehide", () => source.close());
}
