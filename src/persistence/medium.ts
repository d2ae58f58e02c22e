import type { CorruptError } from '../core/errors.ts';

/**
 * What an append waits for, in IndexedDB's own words: `strict` until the bytes are flushed to the disk, `relaxed` until the
 * system has them, which survives the death of the process and not that of the machine.
 * https://w3c.github.io/IndexedDB/#transaction-durability-hint
 */
export type Durability = 'strict' | 'relaxed';

/** How far a long piece of work is: bytes of a snapshot that is loaded or saved, or records that are replayed. */
export interface Progress {
  readonly phase: 'load' | 'replay' | 'save';
  readonly done: number;
  readonly total: number;
}

/** How a long piece of work is watched and stopped. */
export interface WorkOptions {
  /** Called at least every 250 ms or 5 %, with `done` equal to `total` at the end. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Rejects with `signal.reason`; nothing that was stored before is changed. */
  readonly signal?: AbortSignal | undefined;
}

/** What a medium tells beside its calls. */
export type MediumEvent =
  /** The storage of this origin is at least 80 % full; both in bytes. */
  | { readonly type: 'storage-pressure'; readonly usage: number; readonly quota: number }
  /** The lock of a process that is gone was taken over; `holder` describes that process. */
  | { readonly type: 'lock-taken-over'; readonly holder: string }
  /** What a page left behind as it ended cannot be read; `error` names it. It stays where it is. */
  | { readonly type: 'orphan-refused'; readonly error: CorruptError };

/** How a medium is opened. */
export interface MediumOptions {
  /** Takes no lock and never writes. */
  readonly readOnly: boolean;
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: ((event: MediumEvent) => void) | undefined;
}

/**
 * Where the bytes of one board rest: a file, an IndexedDB database. Opening does the I/O, so a medium can be made anywhere
 * and costs nothing.
 */
export interface Medium {
  /** What messages call it, such as the path of the file. */
  readonly name: string;
  /**
   * Finds what is there, without changing it.
   *
   * @throws BlackboardError that says why the bytes cannot be had: `locked`, `storage-denied`, …
   */
  open(options: MediumOptions): Promise<OpenMedium>;
}

/** Which point of which board's history a snapshot holds. */
export interface SnapshotMark {
  readonly epoch: string;
  /** The number of the last log record that is in the snapshot; 0 when there was none yet. */
  readonly number: number;
  /** The board's sequence at that point. */
  readonly sequence: number;
  /** The checksum of that record, to which the next one is chained. */
  readonly chain: number;
  /** Size and CRC-32 of the snapshot. */
  readonly size: number;
  readonly checksum: number;
}

/** The whole board at one point. */
export interface Snapshot {
  readonly mark: SnapshotMark;
  readonly bytes: Uint8Array;
}

/** What a medium holds. The caller owns the bytes. */
export interface StoredBoard {
  readonly bytes: Uint8Array;
  /**
   * What was said about the snapshot when it was saved; the medium has found the bytes to agree with it. Null when somebody
   * else put them there, as another program does with a file: there are no records then.
   */
  readonly mark: SnapshotMark | null;
  /** The records after the snapshot, from number `mark.number + 1` on, without a gap. */
  readonly records: readonly Uint8Array[];
  /**
   * What had to be done to read it: `torn-tail` when the end of the log was incomplete, as a crash leaves it, and was left
   * out; `earlier-generation` when the last snapshot is damaged and the one before it, with its records, was taken.
   */
  readonly recovered: 'torn-tail' | 'earlier-generation' | null;
  /** How many bytes at the end of the log are no whole record: a crash left them, or somebody writes them now. */
  readonly tornBytes?: number | undefined;
  /**
   * Whether records that came after these may have been lost, as a power cut loses what was not flushed: whoever wrote last
   * did not end well, or the medium cannot know. One that is not shared says so until a record is appended; a shared one,
   * always.
   */
  readonly mayLackRecords: boolean;
  /** True when the bytes changed since a snapshot was last saved here. Only with a null mark. */
  readonly isForeign: boolean;
}

/** Told by a medium that others use too, or that can end at any moment. */
export interface MediumWatcher {
  /** Somebody else may have appended or saved. A hint: it may come for nothing, late, or not at all. */
  changed(): void;
  /**
   * The page may end now. What is returned is left on the medium as an orphan, in one request that nobody waits for; null
   * leaves nothing.
   */
  ending(): Uint8Array | null;
}

/**
 * A medium in use by one store: a snapshot, and a numbered list of opaque records that came after it. Calls of `append` do
 * not overlap each other, nor do calls of `save`; an append can come while a save is under way.
 *
 * When a call throws, it is not known whether it took effect, and the caller finds out by reading; it throws BlackboardErrors
 * only: `quota`, `storage-lost`, `storage-denied`, `corrupt`, `conflict`, `locked`, `closed`, `read-only`.
 */
export interface OpenMedium {
  /** Others may append and save while this store does: tabs, workers, other stores of the page. */
  readonly isShared: boolean;

  /**
   * Reads all there is; null when nothing was ever saved.
   *
   * @throws CorruptError when bytes are damaged other than by a torn tail; they stay
   */
  load(options?: WorkOptions): Promise<StoredBoard | null>;

  /**
   * The records from a number on, in order, without a gap; empty when there are none yet. Null when they cannot be had one by
   * one: a checkpoint dropped some of them, or another board is here now. The caller loads again.
   */
  recordsFrom(number: number): Promise<readonly Uint8Array[] | null>;

  /**
   * The number of the last record that the newest snapshot holds, as far as calls of this medium have met it; others may have
   * saved it. Only where several stores save.
   */
  readonly saved?: number | undefined;

  /**
   * Appends a record. True when it is on the medium, as durable as was asked for. False, and nothing is changed, when the last
   * record is not number `number - 1`: somebody else got in first.
   */
  append(number: number, record: Uint8Array, durability: Durability): Promise<boolean>;

  /**
   * Puts a snapshot in place of the last one, in one step, and then drops the records that it holds; those after it stay. When
   * it resolves, the snapshot survives a power cut; at every moment before, the last one with its records, or this one, can
   * be loaded. False, and nothing is changed, when somebody else got in first: the snapshot that is there holds more records,
   * is of another board, or, when this one holds none, was neither loaded nor saved by this store.
   */
  save(snapshot: Snapshot, options?: WorkOptions): Promise<boolean>;

  /** Resolves when everything that was appended and saved is as durable as `strict` would have made it. */
  sync(): Promise<void>;

  /** Watches until the medium is closed. Only one watcher; a medium with one user has nothing to tell. */
  watch(watcher: MediumWatcher): void;

  /**
   * What pages left as they ended, by id, oldest first. Always empty where pages do not end. One that cannot be read is told
   * of, stays, and is not among them.
   */
  orphans(): Promise<ReadonlyMap<string, Uint8Array>>;
  /**
   * Removes orphans, and in the same step leaves another where a part of them is still wanted. Those that are gone already do
   * not matter.
   */
  dropOrphans(ids: readonly string[], instead?: Uint8Array): Promise<void>;

  /** Lets go of the medium, after what is under way. Idempotent. */
  close(): Promise<void>;
}
