// A button at every pair of position fields that fills them from the phone.

import { word } from "./words";

/** How long the phone may look, ms: a fix in a field takes a while. */
const PATIENCE_MS = 20_000;

const OPTIONS: PositionOptions = { enableHighAccuracy: true, timeout: PATIENCE_MS, maximumAge: 60_000 };

/** Digits behind the point: about a metre. */
const DIGITS = 5;

function add(lat: HTMLInputElement, lon: HTMLInputElement): void {
  const line = document.createElement("p");
  line.className = "locate";
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = word("locate");
  const said = document.createElement("span");
  said.className = "small";
  said.setAttribute("role", "status");
  line.append(button, " ", said);
  (lat.closest("p, fieldset, .two") ?? lat).before(line);
  const fill = ({ coords }: GeolocationPosition) => {
    lat.value = coords.latitude.toFixed(DIGITS);
    lon.value = coords.longitude.toFixed(DIGITS);
    said.textContent = word("located", { n: Math.round(coords.accuracy) });
  };
  // Fields that nobody sees are filled unasked where the person has allowed it before.
  if (lat.type === "hidden") {
    void navigator.permissions?.query({ name: "geolocation" }).then((answer) => {
      if (answer.state === "granted") navigator.geolocation.getCurrentPosition(fill, () => undefined, OPTIONS);
    });
  }
  button.addEventListener("click", () => {
    said.textContent = word("locating");
    const failed = (problem: GeolocationPositionError) => {
      said.textContent = word("notLocated", { why: problem.message });
    };
    navigator.geolocation.getCurrentPosition(fill, failed, OPTIONS);
  });
}

/** Puts the buttons there. */
export function start(): void {
  if (!("geolocation" in navigator)) return;
  for (const lat of document.querySelectorAll<HTMLInputElement>('[data-position="lat"]')) {
    const lon = lat.form?.querySelector<HTMLInputElement>('[data-position="lon"]');
    if (lon) add(lat, lon);
  }
}
