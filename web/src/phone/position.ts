// A button at every pair of position fields that fills them from the phone.

import { word } from "./words";

/** How long the phone may look, ms: a fix in a field takes a while. */
const PATIENCE_MS = 20_000;

const OPTIONS: PositionOptions = { enableHighAccuracy: true, timeout: PATIENCE_MS, maximumAge: 60_000 };

/** Digits behind the point: about a metre. */
const DIGITS = 5;

/** Why there is no position and what to do about it; the browser's own sentence is English and says neither. */
function why(problem: GeolocationPositionError): string {
  if (!isSecureContext) return word("positionInsecure");
  switch (problem.code) {
    case problem.PERMISSION_DENIED:
      return word("positionDenied");
    case problem.TIMEOUT:
      return word("positionTimeout", { n: PATIENCE_MS / 1000 });
    default:
      return word("positionUnavailable");
  }
}

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
  // Above the pair of fields, not between them.
  (lat.closest(".two") ?? lat.closest("p, fieldset") ?? lat).before(line);
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
      said.textContent = word("notLocated", { why: why(problem) });
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
