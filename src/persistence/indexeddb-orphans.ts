import { CorruptError } from '../core/errors.ts';
import { delMany, promisifyRequest, type UseStore } from './indexeddb-keyval.ts';
import { keysUnder, lastPartOf, newId, orphanKey } from './indexeddb-layout.ts';

let lastStamp = 0;

/** Greater than any before from this page, and than those of pages that ended earlier, as far as the clock is right. */
function nextStamp(): string {
  lastStamp = Math.max(lastStamp + 1, Date.now());
  return lastStamp.toString().padStart(15, '0');
}

/** Asks for it at once, and commits: a page that ends hears of nothing any more. */
export function addOrphan(use: UseStore, bytes: Uint8Array): Promise<void> {
  return use('readwrite', (store) => {
    store.add(bytes, orphanKey(`${nextStamp()}-${newId()}`));
    store.transaction.commit();
    return promisifyRequest(store.transaction);
  });
}

/** By id, oldest first. */
export async function readOrphans(use: UseStore): Promise<Map<string, Uint8Array>> {
  const range = keysUnder('orphan');
  const [keys, values] = await use('readonly', (store) =>
    Promise.all([promisifyRequest(store.getAllKeys(range)), promisifyRequest<unknown[]>(store.getAll(range))]),
  );
  return new Map(
    values.map((value, i) => {
      const id = String(lastPartOf(keys[i] ?? []));
      if (value instanceof Uint8Array) return [id, value];
      throw new CorruptError(`Cannot read what a page left behind (${JSON.stringify(id)}): it is no bytes`);
    }),
  );
}

export function dropOrphans(use: UseStore, ids: readonly string[]): Promise<void> {
  return delMany(ids.map(orphanKey), use);
}
