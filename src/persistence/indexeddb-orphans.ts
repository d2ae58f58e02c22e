import { CorruptError } from '../core/errors.ts';
import { concat } from './concat.ts';
import { readStored } from './indexeddb-generation.ts';
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

/** Removes orphans, and leaves bytes instead where there are any. */
export async function replaceOrphans(
  use: UseStore,
  ids: readonly string[],
  bytes: Uint8Array | undefined,
): Promise<void> {
  const id = `${nextStamp()}-${newId()}`;
  await write(use, (store) => {
    for (const each of ids) store.delete(keysUnder('orphan', each));
    for (let start = 0; bytes !== undefined && (start === 0 || start < bytes.length); start += PIECE_SIZE) {
      store.add(bytes.slice(start, start + PIECE_SIZE), orphanKey(id, start / PIECE_SIZE));
    }
  });
}

/**
 * By id, oldest first.
 *
 * @param onDamage told of each that cannot be read, which stays where it is and is left out
 */
export async function readOrphans(
  use: UseStore,
  onDamage: (error: CorruptError) => void,
): Promise<Map<string, Uint8Array>> {
  const keys = await use('readonly', (store) => promisifyRequest(store.getAllKeys(keysUnder('orphan'))));
  const orphans = new Map<string, Uint8Array>();
  for (const id of new Set(keys.map(idOf))) {
    try {
      const bytes = await readOrphan(use, id);
      if (bytes !== null) orphans.set(id, bytes);
    } catch (error) {
      if (!(error instanceof CorruptError)) throw error;
      onDamage(error);
    }
  }
  return orphans;
}

/** Each by itself: asked for several values, a browser gives none when it cannot read one. Null when it was dropped meanwhile. */
async function readOrphan(use: UseStore, id: string): Promise<Uint8Array | null> {
  const subject = `what a page left behind (${JSON.stringify(id)})`;
  const pieces = await readStored(use, subject, () =>
    use('readonly', (store) => promisifyRequest<unknown[]>(store.getAll(keysUnder('orphan', id)))),
  );
  if (!pieces.every((piece) => piece instanceof Uint8Array)) {
    throw new CorruptError(`Cannot read ${subject}: it is no bytes`);
  }
  return pieces.length === 0 ? null : concat(pieces);
}

function idOf(key: IDBValidKey): string {
  const id: unknown = Array.isArray(key) ? key[1] : undefined;
  return typeof id === 'string' ? id : '';
}
