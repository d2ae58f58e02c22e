import { CorruptError, StorageLostError } from '../core/errors.ts';
import { checksumOf } from './checksum.ts';
import {
  CHUNK_SIZE,
  readGenerations,
  readStored,
  type Chunk,
  type Generation,
  type Generations,
} from './indexeddb-generation.ts';
import { get, write, type UseStore } from './indexeddb-keyval.ts';
import { chunkKey, newId } from './indexeddb-layout.ts';
import { isSame } from './indexeddb-records.ts';
import { dropUnused, switchTo } from './indexeddb-switch.ts';
import type { Snapshot, SnapshotMark, WorkOptions } from './medium.ts';

/**
 * Puts a snapshot in place of the last one. Null, and nothing is changed, when somebody else got in first.
 *
 * @param use in strict transactions: Chromium keeps a large value in a file of its own, and flushes it with the transaction
 *   that wrote it or never
 * @param isKnown whether this store has loaded or saved the board
 */
export async function saveGeneration(
  use: UseStore,
  snapshot: Snapshot,
  isKnown: boolean,
  options: WorkOptions,
): Promise<Generation | null> {
  for (;;) {
    options.signal?.throwIfAborted();
    const generations = await use('readonly', readGenerations);
    const [last = null] = generations.readable;
    if (last === null && generations.damage !== null) throw generations.damage;
    if (!mayReplace(last?.mark ?? null, snapshot.mark, isKnown)) return null;
    const generation = await attempt(use, generations, snapshot, options);
    if (generation !== null) return generation;
  }
}

function mayReplace(last: SnapshotMark | null, next: SnapshotMark, isKnown: boolean): boolean {
  if (last === null) return true;
  if (last.epoch !== next.epoch || last.number > next.number) return false;
  return next.number > 0 || isKnown;
}

/** Null when somebody else saved meanwhile. */
async function attempt(
  use: UseStore,
  known: Generations,
  snapshot: Snapshot,
  options: WorkOptions,
): Promise<Generation | null> {
  const save = newId();
  try {
    const chunks = await writeChunks(use, { snapshot, save, last: known.readable[0]?.chunks ?? [] }, options);
    const generation = { number: known.newest + 1, save, mark: snapshot.mark, chunks };
    if (await switchTo(use, generation, known)) return generation;
  } catch (error) {
    if (!(await isOvertaken(use, known.newest))) {
      await dropUnused(use, save).catch(ignore);
      throw error;
    }
  }
  await dropUnused(use, save).catch(ignore);
  return null;
}

function isOvertaken(use: UseStore, newest: number): Promise<boolean> {
  return use('readonly', readGenerations).then(
    (now) => now.newest !== newest,
    // Then the error that came first tells more.
    () => false,
  );
}

function ignore(): void {
  // The next save drops what this one has left.
}

interface Writing {
  readonly snapshot: Snapshot;
  readonly save: string;
  /** The chunks of the snapshot before. */
  readonly last: readonly Chunk[];
}

/** One transaction for each chunk that is not there already. */
async function writeChunks(
  use: UseStore,
  { snapshot: { bytes }, save, last }: Writing,
  { onProgress, signal }: WorkOptions,
): Promise<Chunk[]> {
  const chunks: Chunk[] = [];
  for (let done = 0; done < bytes.length;) {
    const index = chunks.length;
    const part = bytes.slice(done, done + CHUNK_SIZE);
    const before = last[index];
    const checksum = checksumOf(part);
    if (before?.checksum === checksum && (await isStored(use, chunkKey(before.save, index), part).catch(isNot))) {
      chunks.push(before);
    } else {
      await writeChunk(use, chunkKey(save, index), part);
      chunks.push({ save, checksum });
    }
    done += part.length;
    signal?.throwIfAborted();
    onProgress?.({ phase: 'save', done, total: bytes.length });
  }
  if (bytes.length === 0) onProgress?.({ phase: 'save', done: 0, total: 0 });
  signal?.throwIfAborted();
  return chunks;
}

async function writeChunk(use: UseStore, key: IDBValidKey, part: Uint8Array): Promise<void> {
  await write(use, (store) => {
    store.put(part, key);
  });
  if (await isStored(use, key, part)) return;
  throw new StorageLostError('Cannot save the snapshot: what was written is not what is read back');
}

/** What cannot be read any more is written again. */
function isNot(error: unknown): false {
  if (error instanceof CorruptError) return false;
  throw error;
}

async function isStored(use: UseStore, key: IDBValidKey, part: Uint8Array): Promise<boolean> {
  return isSame(await readStored(use, 'a chunk of the snapshot', () => get<unknown>(key, use)), part);
}
