// The slider over the day: two handles and a play button that walks the later one through the hours.

import { clock, element } from "./page";

/** How long an hour is shown while playing, ms. */
const STEP_MS = 700;

export interface TimeBar {
  /** Shows hours that were set elsewhere. */
  set: (from: number, to: number) => void;
}

export function timeBar(onChange: (from: number, to: number) => void): TimeBar {
  const [from, to] = [element<HTMLInputElement>("fromslide"), element<HTMLInputElement>("toslide")];
  const [play, said] = [element<HTMLButtonElement>("play"), element<HTMLOutputElement>("hours")];
  let timer: number | null = null;

  const show = () => {
    said.textContent = `${clock(Number(from.value) * 60)}–${clock(Number(to.value) * 60)}`;
    for (const slide of [from, to]) slide.setAttribute("aria-valuetext", clock(Number(slide.value) * 60));
  };
  const changed = () => {
    show();
    onChange(Number(from.value), Number(to.value));
  };
  const stop = () => {
    if (timer !== null) clearInterval(timer);
    timer = null;
    play.textContent = play.dataset["play"] ?? "";
  };
  const step = () => {
    if (Number(to.value) >= 24) return stop();
    to.value = String(Number(to.value) + 1);
    changed();
  };
  play.addEventListener("click", () => {
    if (timer !== null) return stop();
    if (Number(to.value) >= 24) to.value = String(Number(from.value) + 1);
    changed();
    play.textContent = play.dataset["pause"] ?? "";
    timer = window.setInterval(step, STEP_MS);
  });
  // A handle pushes the other one before it: the span is never empty.
  from.addEventListener("input", () => {
    stop();
    if (Number(to.value) <= Number(from.value)) to.value = String(Number(from.value) + 1);
    changed();
  });
  to.addEventListener("input", () => {
    stop();
    if (Number(from.value) >= Number(to.value)) from.value = String(Number(to.value) - 1);
    changed();
  });
  return {
    set: (first, last) => {
      from.value = String(first);
      to.value = String(last);
      show();
    },
  };
}
