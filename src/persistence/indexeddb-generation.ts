import { CorruptError } from '../core/errors.ts';
import { decodeFrame } from './frame.ts';
import { isUnreadable } from './indexeddb-failure.ts';
import { promisifyRequest, type UseStore } from './indexeddb-keyval.ts';
import { keysUnder, lastPartOf, sealKey } from './indexeddb-layout.ts';
import type { SnapshotMark } from './medium.ts';
import { decodeMark, encodeMark } from './snapshot-mark.ts';

export const CHUNK_SIZE = 1 << 20;

/** A part of a snapshot: the save that wrote it, and its CRC-32. */
export interface Chunk {
  readonly save: string;
  readonly checksum: number;
}

/** A snapshot as it lies there: what it is, and where its bytes are. */
export interface Generation {
  readonly number: number;
  /** The save that made it. */
  readonly save: string;
  readonly mark: SnapshotMark;
  readonly chunks: readonly Chunk[];
}

/** What is stored under the key of a generation. */
export interface StoredGeneration extends Pick<Generation, 'save' | 'chunks'> {
  readonly mark: Uint8Array;
}

/** All generations that are there. */
export interface Generations {
  /** Their numbers, in order, whether they can be read or not. */
  readonly numbers: readonly number[];
  /** The last of these; 0 when there is none. */
  readonly newest: number;
  /** Those that can be read, the newest first. */
  readonly readable: readonly Generation[];
  readonly damage: CorruptError | null;
}

export async function readGenerations(store: IDBObjectStore): Promise<Generations> {
  const range = keysUnder('generation');
  const [keys, values] = await Promise.all([
    promisifyRequest(store.getAllKeys(range)),
    promisifyRequest<unknown[]>(store.getAll(range)),
  ]);
  const numbers = keys.map((key) => Number(lastPartOf(key)));
  const readable: Generation[] = [];
  let damage: CorruptError | null = null;
  for (const [i, value] of values.entries()) {
    try {
      readable.unshift(decodeGeneration(numbers[i] ?? 0, value));
    } catch (error) {
      if (!(error instanceof CorruptError)) throw error;
      damage = error;
    }
  }
  return { numbers, newest: numbers.at(-1) ?? 0, readable, damage };
}

/** Fails all that is asked for along with it when the generation is gone, and changes nothing else. */
export function demand(store: IDBObjectStore, generation: number): void {
  store.add(0, sealKey(generation));
  store.delete(sealKey(generation));
}

/**
 * Reads what may be damaged.
 *
 * @throws CorruptError when the browser cannot read it, but still reads other things
 */
export async function readStored<T>(use: UseStore, subject: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    if (!isUnreadable(cause)) throw cause;
    await use('readonly', readGenerations);
    throw new CorruptError(`Cannot read ${subject}: the browser cannot read what it stored`, { cause });
  }
}

export function encodeGeneration({ save, mark, chunks }: Omit<Generation, 'number'>): StoredGeneration {
  return { save, mark: encodeMark(mark), chunks };
}

function decodeGeneration(number: number, value: unknown): Generation {
  const subject = `generation ${number} of the snapshot`;
  if (!isStoredGeneration(value)) throw new CorruptError(`Cannot read ${subject}: it is damaged`);
  const { save, chunks } = value;
  const mark = decodeMark(decodeFrame(value.mark, subject), subject);
  // Which chunks they are needs no checksum of its own: the one of the snapshot is right with these and no others.
  if (chunks.length !== Math.ceil(mark.size / CHUNK_SIZE)) {
    throw new CorruptError(`Cannot read ${subject}: it has ${chunks.length} chunks for ${mark.size} bytes`);
  }
  return { number, save, mark, chunks };
}

function isStoredGeneration(value: unknown): value is StoredGeneration {
  if (typeof value !== 'object' || value === null) return false;
  if (!('save' in value) || typeof value.save !== 'string') return false;
  if (!('mark' in value) || !(value.mark instanceof Uint8Array)) return false;
  return 'chunks' in value && Array.isArray(value.chunks) && value.chunks.every(isChunk);
}

function isChunk(value: unknown): value is Chunk {
  if (typeof value !== 'object' || value === null) return false;
  return 'save' in value && typeof value.save === 'string' && 'checksum' in value && typeof value.checksum === 'number';
}
