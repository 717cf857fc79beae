// What was done while offline, kept in IndexedDB until the server has it.

/** An act that waits to be sent. */
export interface Kept {
  /** The command's own id: sent twice it is done once. */
  id: string;
  /** Whose act it is: the account that the page was made for. Nobody else's session sends it. */
  account: string;
  /** Where the form goes. */
  action: string;
  /** What it says, files included. */
  fields: [string, string | File][];
  /** What it is, for people. */
  label: string;
  /** When it was done. */
  at: number;
  /** Why the server did not take it. */
  refused?: string;
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
