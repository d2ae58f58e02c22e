/** What is in the database of a board, and how it is damaged there: without the library. */

export async function onDatabase<T>(
  name: string,
  mode: IDBTransactionMode,
  request: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const db = await answerOf(indexedDB.open(`boardlite:${name}`));
  try {
    return await answerOf(request(db.transaction('board', mode).objectStore('board')));
  } finally {
    db.close();
  }
}

function answerOf<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(new Error(String(request.error)));
  });
}

/** How something that is stored is damaged. */
export type Harm = 'flip' | 'shorten' | 'remove' | 'replace';

/** What each harm makes of bytes; `undefined` is nothing at all. */
export const HARMS: Readonly<Record<Harm, (value: unknown) => unknown>> = {
  flip: (value) => {
    const bytes = asBytes(value).slice();
    bytes.set([(bytes[bytes.length >> 1] ?? 0) ^ 4], bytes.length >> 1);
    return bytes;
  },
  shorten: (value) => asBytes(value).slice(1),
  remove: () => undefined,
  replace: () => ({ other: true }),
};

function asBytes(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  throw new Error('no bytes are stored there');
}

/** A key of what is stored there, other than of `identity` and the like. */
export type Key = number | (string | number)[];

/** The keys of the chunks of each generation, the older one first. */
export async function chunksOf(name: string): Promise<Key[][]> {
  const keys = await onDatabase(name, 'readonly', (store) => store.getAllKeys());
  const lists: Key[][] = [];
  for (const key of keys.filter((one) => Array.isArray(one) && one[0] === 'generation')) {
    const generation: unknown = await onDatabase(name, 'readonly', (store): IDBRequest<unknown> => store.get(key));
    const { chunks } = generation as { readonly chunks: readonly { readonly save: string }[] };
    lists.push(chunks.map(({ save }, index) => ['chunk', save, index]));
  }
  return lists;
}
