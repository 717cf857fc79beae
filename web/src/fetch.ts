// One way to ask the server, with the entity tag of what is already here.

export interface Fetched<T> {
  /** None when nothing changed. */
  body: T | null;
  tag: string | null;
}

/** Longest wait for an answer, ms: a poll that hangs must not stop the next. */
const PATIENCE_MS = 25_000;

export async function fetchJson<T>(path: string, tag: string | null): Promise<Fetched<T>> {
  const answer = await fetch(path, {
    headers: tag ? { "if-none-match": tag } : {},
    // Ours is the only cache: the browser's would turn a 304 into a 200.
    cache: "no-store",
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  if (answer.status === 304) return { body: null, tag };
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return { body: (await answer.json()) as T, tag: answer.headers.get("etag") };
}
