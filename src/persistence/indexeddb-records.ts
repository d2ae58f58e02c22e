import { CorruptError } from '../core/errors.ts';
import { demand, readGenerations, readStored, type Generations } from './indexeddb-generation.ts';
import { get, promisifyRequest, writeUnlessThere, type UseStore } from './indexeddb-keyval.ts';
import { recordsAfter } from './indexeddb-layout.ts';

/**
 * Adds a record, for one who has seen that generation, and all records before. False, and nothing is changed, when the number
 * is taken or the generation is gone.
 */
export async function addRecord(
  use: UseStore,
  number: number,
  record: Uint8Array,
  generation: number,
): Promise<boolean> {
  let runs = 0;
  const isAdded = await writeUnlessThere(use, (store) => {
    runs++;
    demand(store, generation);
    store.add(record, number);
  });
  if (isAdded || runs === 1) return isAdded;
  // The connection was lost in between, and the first run may be what the second one met.
  return isSame(await get<unknown>(number, use), record);
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

/** The number of the last record; 0 when there is none. */
export async function lastRecord(store: IDBObjectStore): Promise<number> {
  const cursor = await promisifyRequest(store.openKeyCursor(recordsAfter(0), 'prev'));
  return Number(cursor?.key ?? 0);
}
