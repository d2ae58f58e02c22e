import { BlackboardError, ClosedError, CorruptError, ReadOnlyError, StorageLostError } from 'boardlite';
import type {
  Durability,
  Medium,
  OpenMedium,
  Snapshot,
  SnapshotMark,
  StoredBoard,
  WorkOptions,
} from 'boardlite/sqlite';
import { buf as crc32 } from 'crc-32';
import { ObjectRows, type ObjectStorage } from './object-rows.ts';

/** Keeps boards in the storage of a Durable Object, which may have several, and open each of them more than once. */
export function durableObjectMedium(storage: ObjectStorage, board = 'board'): Medium {
  return {
    name: board,
    async open({ readOnly, signal }) {
      signal?.throwIfAborted();
      return new ObjectBoard(storage, board, readOnly);
    },
  };
}

/** Everything happens in one step, so nobody sees half of it; what is awaited is only the disk. */
class ObjectBoard implements OpenMedium {
  readonly isShared = true;
  readonly #storage: ObjectStorage;
  readonly #rows: ObjectRows;
  readonly #readOnly: boolean;
  #isKnown = false;
  #isClosed = false;

  constructor(storage: ObjectStorage, board: string, readOnly: boolean) {
    this.#storage = storage;
    this.#rows = new ObjectRows(storage, board);
    this.#readOnly = readOnly;
  }

  async load({ signal, onProgress }: WorkOptions = {}): Promise<StoredBoard | null> {
    return this.#attempt(
      'load the board',
      () => {
        signal?.throwIfAborted();
        const mark = this.#rows.mark();
        if (mark === null) return null;
        const bytes = this.#rows.snapshot();
        if (bytes.length !== mark.size || crc32(bytes) >>> 0 !== mark.checksum) {
          throw new CorruptError('Cannot load the board: its snapshot is not what was saved');
        }
        onProgress?.({ phase: 'load', done: mark.size, total: mark.size });
        signal?.throwIfAborted();
        this.#isKnown = true;
        const records = this.#rows.recordsFrom(mark.number + 1);
        // As a shared medium always says: others may have been here.
        return { mark, bytes, records, recovered: null, mayLackRecords: true, isForeign: false };
      },
      signal,
    );
  }

  async recordsFrom(number: number): Promise<readonly Uint8Array[] | null> {
    return this.#attempt('read records', () => {
      const mark = this.#rows.mark();
      return mark === null || number <= mark.number ? null : this.#rows.recordsFrom(number);
    });
  }

  async append(number: number, record: Uint8Array, durability: Durability): Promise<boolean> {
    const isAppended = this.#change('append', () => {
      if (number !== this.#rows.nextNumber()) return false;
      this.#rows.put(number, record);
      return true;
    });
    // Relaxed, too, nothing leaves the object before the disk has it: the runtime holds back its answers.
    if (isAppended && durability === 'strict') await this.#storage.sync();
    return isAppended;
  }

  async save({ mark, bytes }: Snapshot, { signal, onProgress }: WorkOptions = {}): Promise<boolean> {
    const isSaved = this.#change(
      'save',
      () => {
        signal?.throwIfAborted();
        if (!this.#mayReplace(this.#rows.mark(), mark)) return false;
        this.#rows.replace(mark, bytes);
        onProgress?.({ phase: 'save', done: bytes.length, total: bytes.length });
        signal?.throwIfAborted();
        return true;
      },
      signal,
    );
    if (!isSaved) return false;
    this.#isKnown = true;
    await this.#storage.sync();
    return true;
  }

  #mayReplace(last: SnapshotMark | null, next: SnapshotMark): boolean {
    if (last === null) return true;
    if (last.epoch !== next.epoch || last.number > next.number) return false;
    return next.number > 0 || this.#isKnown;
  }

  async sync(): Promise<void> {
    this.#attempt('sync', () => undefined);
    await this.#storage.sync();
  }

  watch(): void {
    // Hints may stay away: every read looks at what is there.
  }

  async orphans(): Promise<ReadonlyMap<string, Uint8Array>> {
    return this.#attempt('read orphans', () => new Map<string, Uint8Array>());
  }

  async dropOrphans(): Promise<void> {
    this.#change('drop orphans', () => undefined);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
  }

  #change<T>(action: string, step: () => T, signal?: AbortSignal): T {
    if (this.#readOnly && !this.#isClosed)
      throw new ReadOnlyError(`Cannot ${action}: the board is opened to read only`);
    return this.#attempt(action, () => this.#storage.transactionSync(step), signal);
  }

  #attempt<T>(action: string, step: () => T, signal?: AbortSignal): T {
    if (this.#isClosed) throw new ClosedError(`Cannot ${action}: the board is closed`);
    try {
      return step();
    } catch (error) {
      // What a signal gives as its reason goes to the caller as it is.
      if (error instanceof BlackboardError || signal?.aborted === true) throw error;
      throw new StorageLostError(`Cannot ${action}: the storage of the object failed`, { cause: error });
    }
  }
}
