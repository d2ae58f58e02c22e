import { CorruptError } from '../core/errors.ts';
import { checksumOf } from './checksum.ts';
import { CHUNK_SIZE, readGenerations, readStored, type Generation, type Generations } from './indexeddb-generation.ts';
import { getMany, promisifyRequest, type UseStore } from './indexeddb-keyval.ts';
import { chunkKey, recordsAfter } from './indexeddb-layout.ts';
import { readRecords } from './indexeddb-records.ts';
import type { StoredBoard, WorkOptions } from './medium.ts';

export interface LoadedGeneration {
  readonly generation: Generation;
  /** The number of the newest one, which is damaged where this is another. */
  readonly newest: number;
  readonly board: StoredBoard;
}

/**
 * The newest snapshot that is whole, and the records after it; null when nothing was ever saved.
 *
 * @throws CorruptError when no snapshot is whole, or a record is missing
 */
export async function loadNewest(use: UseStore, options: WorkOptions): Promise<LoadedGeneration | null> {
  for (;;) {
    // In one transaction: somebody may save the first one right after it.
    const [generations, records] = await use('readonly', (store) =>
      Promise.all([readGenerations(store), promisifyRequest(store.count(recordsAfter(-Infinity)))]),
    );
    if (generations.newest === 0) return checkEmpty(records);
    const loaded = await loadFrom(use, generations, options);
    if (loaded !== 'overtaken') return loaded;
  }
}

function checkEmpty(records: number): null {
  if (records > 0) throw new CorruptError(`Cannot read the snapshot: it is gone, and ${records} records are there`);
  return null;
}

/** `overtaken` when somebody saved meanwhile, which drops what an earlier snapshot is made of. */
async function loadFrom(
  use: UseStore,
  { newest, readable, damage }: Generations,
  options: WorkOptions,
): Promise<LoadedGeneration | 'overtaken'> {
  const isStill = (now: Generations) => now.newest === newest;
  let firstDamage = damage;
  for (const generation of readable) {
    try {
      const bytes = await readSnapshot(use, generation, options);
      const records = await readRecords(use, generation.mark.number, isStill, options.signal);
      if (records === null) return 'overtaken';
      const recovered = generation.number === newest ? null : 'earlier-generation';
      // A page ends without a word, and nobody is told of a power cut.
      const found = { recovered, mayLackRecords: true, isForeign: false } as const;
      return { generation, newest, board: { bytes, mark: generation.mark, records, ...found } };
    } catch (error) {
      if (!(error instanceof CorruptError)) throw error;
      if (!isStill(await use('readonly', readGenerations))) return 'overtaken';
      firstDamage ??= error;
    }
  }
  throw firstDamage ?? new CorruptError('Cannot read the snapshot: there is none');
}

const CHUNKS_AT_ONCE = 4;

async function readSnapshot(use: UseStore, generation: Generation, options: WorkOptions): Promise<Uint8Array> {
  const { mark, chunks } = generation;
  const { onProgress, signal } = options;
  const subject = `generation ${generation.number} of the snapshot`;
  const bytes = new Uint8Array(mark.size);
  let [done, checksum] = [0, 0];
  for (let first = 0; first === 0 || first < chunks.length; first += CHUNKS_AT_ONCE) {
    signal?.throwIfAborted();
    const keys = chunks.slice(first, first + CHUNKS_AT_ONCE).map(({ save }, i) => chunkKey(save, first + i));
    const read = await readStored(use, subject, () => getMany<unknown>(keys, use));
    for (const [i, chunk] of read.entries()) {
      const size = Math.min(CHUNK_SIZE, mark.size - done);
      if (!(chunk instanceof Uint8Array) || chunk.length !== size) {
        throw new CorruptError(`Cannot read ${subject}: chunk ${first + i} of ${chunks.length} is missing or damaged`);
      }
      checksum = checksumOf(chunk, checksum);
      bytes.set(chunk, done);
      done += size;
    }
    onProgress?.({ phase: 'load', done, total: mark.size });
  }
  if (checksum !== mark.checksum) throw new CorruptError(`Cannot read ${subject}: its checksum does not fit`);
  return bytes;
}
