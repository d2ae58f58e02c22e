import { CorruptError } from '../core/errors.ts';
import { concat } from './concat.ts';
import { promisifyRequest, write, type UseStore } from './indexeddb-keyval.ts';
import { keysUnder, newId, orphanKey } from './indexeddb-layout.ts';

/** Chromium fetches a larger value from the page only later, when it may be gone. */
const PIECE_SIZE = 48_000;

let lastStamp = 0;

/** Greater than any before from this page, and than those of pages that ended earlier, as far as the clock is right. */
function nextStamp(): string {
  lastStamp = Math.max(lastStamp + 1, Date.now());
  return lastStamp.toString().padStart(15, '0');
}

export async function addOrphan(use: UseStore, bytes: Uint8Array): Promise<void> {
  const id = `${nextStamp()}-${newId()}`;
  await write(use, (store) => {
    for (let piece = 0; piece === 0 || piece * PIECE_SIZE < bytes.length; piece++) {
      store.add(bytes.slice(piece * PIECE_SIZE, (piece + 1) * PIECE_SIZE), orphanKey(id, piece));
    }
  });
}

/** By id, oldest first. */
export async function readOrphans(use: UseStore): Promise<Map<string, Uint8Array>> {
  const range = keysUnder('orphan');
  const [keys, values] = await use('readonly', (store) =>
    Promise.all([promisifyRequest(store.getAllKeys(range)), promisifyRequest<unknown[]>(store.getAll(range))]),
  );
  const pieces = new Map<string, Uint8Array[]>();
  for (const [i, key] of keys.entries()) {
    const id = idOf(key);
    const piece = values[i];
    if (!(piece instanceof Uint8Array)) {
      throw new CorruptError(`Cannot read what a page left behind (${JSON.stringify(id)}): it is no bytes`);
    }
    pieces.set(id, [...(pieces.get(id) ?? []), piece]);
  }
  return new Map([...pieces].map(([id, list]) => [id, concat(list)]));
}

function idOf(key: IDBValidKey): string {
  const id: unknown = Array.isArray(key) ? key[1] : undefined;
  return typeof id === 'string' ? id : '';
}

export async function dropOrphans(use: UseStore, ids: readonly string[]): Promise<void> {
  await write(use, (store) => {
    for (const id of ids) store.delete(keysUnder('orphan', id));
  });
}
