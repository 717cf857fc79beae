// What was done while offline, kept in IndexedDB until the server has it.

/** A file as bytes: what a form holds is only a handle to a file that the phone may move, change or clear away. */
export interface Bytes {
  name: string;
  type: string;
  modified: number;
  bytes: ArrayBuffer;
}

/** An act that waits to be sent. */
export interface Kept {
  /** The command's own id: sent twice it is done once. */
  id: string;
  /** Whose act it is: the account that the page was made for. Nobody else's session sends it. */
  account: string;
  /** Where the form goes. */
  action: string;
  /** Whether the form is sent in parts (multipart), as those that take photos; acts of an earlier version do not say. */
  inParts?: boolean;
  /** What it says, files included. Pages of an earlier version kept handles, and such acts may still wait. */
  fields: [string, string | Bytes | File][];
  /** What it is, for people. */
  label: string;
  /** When it was done. */
  at: number;
  /** Why the server did not take it. */
  refused?: string;
}

/** A file of a form, read whole. */
export async function bytesOf(file: File): Promise<Bytes> {
  return { name: file.name, type: file.type, modified: file.lastModified, bytes: await file.arrayBuffer() };
}

/** A file again, to be sent. */
export function fileOf(kept: Bytes | File): File {
  return kept instanceof File ? kept : new File([kept.bytes], kept.name, { type: kept.type, lastModified: kept.modified });
}

/**
 * Asks the browser not to clear away what is kept here when the phone runs short of room; whether it promised. One that
 * cannot be asked (an old one, or a page without TLS) has promised nothing.
 */
export async function isLasting(): Promise<boolean> {
  try {
    const { storage } = navigator;
    return (await storage.persisted()) || (await storage.persist());
  } catch {
    return false;
  }
}

const NAME = "firegrid";
const ACTS = "acts";

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(ACTS, { keyPath: "id" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("IndexedDB cannot be opened"));
  });
}

async function run<T>(mode: IDBTransactionMode, work: (acts: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const db = await open();
  try {
    return await new Promise<T>((resolve, reject) => {
      const transaction = db.transaction(ACTS, mode);
      const request = work(transaction.objectStore(ACTS));
      // Only a transaction that is over is on disk.
      transaction.oncomplete = () => resolve(request.result);
      transaction.onerror = () => reject(transaction.error ?? new Error("IndexedDB failed"));
      transaction.onabort = () => reject(transaction.error ?? new Error("IndexedDB failed"));
    });
  } finally {
    db.close();
  }
}

export async function keep(act: Kept): Promise<void> {
  await run("readwrite", (acts) => acts.put(act));
}

export async function forget(id: string): Promise<void> {
  await run("readwrite", (acts) => acts.delete(id));
}

/** All that wait, in the order they were done. */
export async function kept(): Promise<Kept[]> {
  const all = await run<Kept[]>("readonly", (acts) => acts.getAll() as IDBRequest<Kept[]>);
  return all.sort((a, b) => a.at - b.at);
}
