// Photos are made smaller and marked with time, place and alert on the phone, so that they get through a poor line; the
// original goes along where the person wants it.

import { word } from "./words";

/** Longest side of what is sent, px: enough to see stubble burn. */
const LONGEST = 1600;

/** JPEG quality of what is sent. */
const QUALITY = 0.8;

const made = new WeakMap<HTMLInputElement, { small: File[]; originals: File[] }>();

/** The lines that stand on a photo. */
function lines(input: HTMLInputElement): string[] {
  const form = input.form;
  const value = (name: string) => form?.querySelector<HTMLInputElement>(`[data-position="${name}"]`)?.value.trim();
  const [lat, lon] = [value("lat"), value("lon")];
  const now = new Date().toLocaleString("sv-SE", { hour12: false });
  const place = lat && lon ? `${lat}, ${lon} (WGS-84)` : null;
  const number = /^\/alerts\/([^/]+)/.exec(location.pathname)?.[1];
  return [number, now, place].filter((line): line is string => !!line);
}

async function shrink(file: File, marks: string[]): Promise<File> {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  const draw = canvas.getContext("2d");
  if (!draw) throw new Error("no canvas");
  draw.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  mark(draw, canvas, marks);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
  if (!blob) throw new Error("no picture");
  const name = file.name.replace(/\.[^.]*$/, "");
  return new File([blob], `${name || "photo"}-marked.jpg`, { type: "image/jpeg", lastModified: file.lastModified });
}

function mark(draw: CanvasRenderingContext2D, canvas: HTMLCanvasElement, marks: string[]): void {
  const size = Math.max(16, Math.round(canvas.width / 40));
  draw.font = `${size}px sans-serif`;
  const height = (marks.length + 0.5) * size * 1.3;
  draw.fillStyle = "rgba(0, 0, 0, 0.55)";
  draw.fillRect(0, canvas.height - height, canvas.width, height);
  draw.fillStyle = "white";
  draw.textBaseline = "top";
  marks.forEach((text, i) => draw.fillText(text, size * 0.5, canvas.height - height + size * (0.3 + i * 1.3)));
}

async function chosen(input: HTMLInputElement): Promise<void> {
  const originals = [...(input.files ?? [])];
  if (originals.length === 0) return;
  const small: File[] = [];
  let failed = false;
  for (const file of originals) {
    try {
      small.push(await shrink(file, lines(input)));
    } catch {
      failed = true;
      small.push(file);
    }
  }
  made.set(input, { small, originals });
  put(input, small);
  describe(input, small, originals, failed);
}

function put(input: HTMLInputElement, files: File[]): void {
  const list = new DataTransfer();
  files.forEach((file) => list.items.add(file));
  input.files = list.files;
}

function describe(input: HTMLInputElement, small: File[], originals: File[], failed: boolean): void {
  const id = `${input.id || input.name}-made`;
  document.getElementById(id)?.remove();
  const box = document.createElement("div");
  box.id = id;
  box.className = "made-photos";
  const said = document.createElement("p");
  said.className = "small";
  said.setAttribute("role", "status");
  said.textContent = word("shrunk", { n: small.length }) + (failed ? ` ${word("photoFailed")}` : "");
  box.append(said);
  for (const file of small) {
    const picture = document.createElement("img");
    picture.src = URL.createObjectURL(file);
    picture.alt = file.name;
    picture.addEventListener("load", () => URL.revokeObjectURL(picture.src));
    box.append(picture);
  }
  const bytes = originals.reduce((sum, file) => sum + file.size, 0);
  const label = document.createElement("label");
  const also = document.createElement("input");
  also.type = "checkbox";
  also.addEventListener("change", () => put(input, also.checked ? [...small, ...originals] : small));
  label.append(also, ` ${word("original", { n: (bytes / 1e6).toFixed(1) })}`);
  box.append(label);
  input.after(box);
}

/** Takes over the photo inputs of the page. */
export function start(): void {
  if (!("createImageBitmap" in window) || !("DataTransfer" in window)) return;
  document.addEventListener("change", (event) => {
    const input = event.target;
    if (input instanceof HTMLInputElement && input.type === "file" && input.accept.startsWith("image/")) {
      void chosen(input);
    }
  });
}
