import { CorruptError } from '../core/errors.ts';
import { readGenerations, readStored, type Generation, type Generations } from './indexeddb-generation.ts';
import { get, promisifyRequest, type UseStore } from './indexeddb-keyval.ts';
import { generationKey, recordsAfter } from './indexeddb-layout.ts';

/**
 * Adds a record. False, and nothing is changed, when its number is taken, or what it follows is gone: the record before it,
 * or, where it is the first one after a snapshot, that snapshot.
 */
export async function addRecord(
  use: UseStore,
  number: number,
  record: Uint8Array,
  base: Pick<Generation, 'number' | 'mark'>,
): Promise<boolean> {
  const before = base.mark.number === number - 1 ? generationKey(base.number) : number - 1;
  let runs = 0;
  const isAdded = await use('readwrite', (store) => {
    runs++;
    return addAfter(store, before, number, record);
  });
  if (isAdded || runs === 1) return isAdded;
  // The connection was lost in between, and the first run may be what the second one met.
  const there: unknown = await get(number, use);
  return isSame(there, record);
}

/** The record is added first: once its predecessor is known to be there, it is in as well, and the commit need not wait. */
function addAfter(store: IDBObjectStore, before: IDBValidKey, number: number, record: Uint8Array): Promise<boolean> {
  const { transaction } = store;
  let isRefused = false;
  const adding = store.add(record, number);
  adding.onerror = () => {
    isRefused = adding.error?.name === 'ConstraintError';
  };
  const finding = store.getKey(before);
  finding.onsuccess = () => {
    isRefused = finding.result === undefined;
    if (isRefused) transaction.abort();
    else transaction.commit();
  };
  return promisifyRequest(transaction).then(
    () => true,
    (error: unknown) => {
      if (isRefused) return false;
      throw error;
    },
  );
}

/** Whether what is stored are these bytes. */
export function isSame(stored: unknown, bytes: Uint8Array): boolean {
  if (!(stored instanceof Uint8Array) || stored.length !== bytes.length) return false;
  for (let i = 0; i < bytes.length; i++) if (stored[i] !== bytes[i]) return false;
  return true;
}

const FIRST_PAGE = 16;
const LARGEST_PAGE = 2048;
const PAGE_BYTES = 8 << 20;

/**
 * All records after a number, read in pages, none of which is larger than a browser can hand over. Null as soon as the
 * generations are no longer what the caller can use, or as there are none.
 */
export async function readRecords(
  use: UseStore,
  after: number,
  isUsable: (generations: Generations) => boolean,
  signal?: AbortSignal,
): Promise<Uint8Array[] | null> {
  const records: Uint8Array[] = [];
  for (let count = FIRST_PAGE; ;) {
    signal?.throwIfAborted();
    const range = recordsAfter(after + records.length);
    const readPage = (store: IDBObjectStore) =>
      Promise.all([
        readGenerations(store),
        promisifyRequest(store.getAllKeys(range, count)),
        promisifyRequest<unknown[]>(store.getAll(range, count)),
      ]);
    const subject = `the records after ${after + records.length} of the log`;
    const [generations, keys, values] = await readStored(use, subject, () => use('readonly', readPage));
    if (!isUsable(generations)) return null;
    let bytes = 1;
    for (const [i, value] of values.entries()) {
      const record = checkRecord(after + records.length + 1, keys[i], value);
      bytes += record.length;
      records.push(record);
    }
    if (values.length < count) return records;
    count = Math.min(LARGEST_PAGE, Math.max(1, Math.floor((count * PAGE_BYTES) / bytes)));
  }
}

function checkRecord(number: number, key: IDBValidKey | undefined, value: unknown): Uint8Array {
  if (key !== number) throw new CorruptError(`Cannot read record ${number} of the log: it is missing`);
  if (value instanceof Uint8Array) return value;
  throw new CorruptError(`Cannot read record ${number} of the log: it is no bytes`);
}
