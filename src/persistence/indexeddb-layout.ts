/**
 * What lies where in the one object store of a board's database:
 *
 *     'identity'                  a random text, made with the database: tells it from another one of its name
 *     'flushed'                   what `sync` writes
 *     number                      the record of that number
 *     ['generation', number]      a snapshot's mark, and the list of its chunks
 *     ['sealed', number]          says that the generation of that number is gone
 *     ['chunk', save, index]      a part of a snapshot, by the save that wrote it
 *     ['orphan', id, piece]       a part of what a page left as it ended
 *
 * The generation with the highest number is the board's snapshot. The one before it, and the records after that one, stay
 * until the next save. Whoever writes does so on the ground of a generation: unless it is sealed, nothing that came after it
 * has been dropped, and a number that is free was never taken.
 */
export const STORE = 'board';
export const IDENTITY = 'identity';
export const FLUSHED = 'flushed';

export function sealKey(generation: number): IDBValidKey {
  return ['sealed', generation];
}

export function generationKey(number: number): IDBValidKey {
  return ['generation', number];
}

export function chunkKey(save: string, index: number): IDBValidKey {
  return ['chunk', save, index];
}

export function orphanKey(id: string, piece: number): IDBValidKey {
  return ['orphan', id, piece];
}

/** The last part of a key that is a list. */
export function lastPartOf(key: IDBValidKey): unknown {
  return Array.isArray(key) ? key.at(-1) : undefined;
}

/** All keys that begin with these parts. A list is greater than any number and any text. */
export function keysUnder(...parts: readonly string[]): IDBKeyRange {
  return IDBKeyRange.bound([...parts], [...parts, []]);
}

export function recordsAfter(number: number): IDBKeyRange {
  return IDBKeyRange.bound(number, Infinity, true);
}

export function recordsBefore(number: number): IDBKeyRange {
  return IDBKeyRange.bound(-Infinity, number, false, true);
}

/** Hexadecimal. `crypto.randomUUID` is missing where a page does not come over TLS. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
