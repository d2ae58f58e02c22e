import { CorruptError, StorageLostError } from '../core/errors.ts';
import { checksumOf } from './checksum.ts';
import { decodeFrame, encodeFrame } from './frame.ts';
import type { Durability, OpenMedium, SnapshotMark, StoredBoard, WorkOptions } from './medium.ts';

/** A point of a board's history. */
export interface Position {
  readonly epoch: string;
  readonly number: number;
  readonly sequence: number;
  readonly chain: number;
}

/** A record of the log whose checksum and place are right. */
export interface Entry extends Omit<Position, 'epoch'> {
  readonly payload: Uint8Array;
  /** Of the whole record. */
  readonly size: number;
}

/** What a medium holds, its records read. */
export interface LoadedBoard extends Omit<StoredBoard, 'records'> {
  readonly entries: readonly Entry[];
}

/** A stretch of the log. */
export interface LogSize {
  readonly records: number;
  readonly bytes: number;
}

const NOTHING: LogSize = { records: 0, bytes: 0 };

/**
 * The log of one board as one store sees it: it knows how far the store has read, and chains what it appends to that. Calls
 * do not overlap, but for `save`.
 */
export class BoardLog {
  readonly #medium: OpenMedium;
  /** Null until there is a snapshot that records can follow. */
  #position: Position | null = null;
  /** All that was read and appended since the snapshot was loaded, and how much of it the last snapshot holds. */
  #passed = NOTHING;
  #saved = NOTHING;
  #snapshotSize = 0;

  constructor(medium: OpenMedium) {
    this.#medium = medium;
  }

  get position(): Position | null {
    return this.#position;
  }

  /** What comes after the last snapshot. */
  get size(): LogSize {
    return { records: this.#passed.records - this.#saved.records, bytes: this.#passed.bytes - this.#saved.bytes };
  }

  /** How far the log is, for {@link BoardLog.save}. */
  get passed(): LogSize {
    return this.#passed;
  }

  /** Whether a checkpoint now costs no more than the log has cost since the last one. */
  get isLong(): boolean {
    return this.size.bytes > Math.max(this.#snapshotSize, SHORT_LOG);
  }

  /**
   * Reads all there is, and is at its end then. Null when there is nothing.
   *
   * @throws CorruptError when a record is damaged, or does not follow the one before
   */
  async load(options?: WorkOptions): Promise<LoadedBoard | null> {
    const stored = await this.#medium.load(options);
    if (stored === null) return null;
    this.#position = stored.mark && positionOf(stored.mark);
    this.#passed = NOTHING;
    this.#saved = NOTHING;
    this.#snapshotSize = stored.bytes.length;
    return { ...stored, entries: this.#follow(stored.records) };
  }

  /** What others have appended; null when it cannot be had one by one, and all has to be loaded. */
  async catchUp(): Promise<readonly Entry[] | null> {
    if (this.#position === null) return null;
    const records = await this.#medium.recordsFrom(this.#position.number + 1);
    return records && this.#follow(records);
  }

  /**
   * Appends a record. False when somebody else got in first. When it throws, it may be on the medium all the same:
   * {@link BoardLog.settle} finds out.
   */
  async append(payload: Uint8Array, sequence: number, durability: Durability): Promise<boolean> {
    const { bytes, entry } = this.#encode(payload, sequence);
    const isAccepted = await this.#medium.append(entry.number, bytes, durability);
    if (isAccepted) this.#advance(entry);
    return isAccepted;
  }

  /** Whether a record whose append threw is on the medium; then it counts as appended. */
  async settle(payload: Uint8Array, sequence: number): Promise<boolean> {
    const { entry } = this.#encode(payload, sequence);
    const [record] = (await this.#medium.recordsFrom(entry.number)) ?? [];
    if (record === undefined || decodeFrame(record, subjectOf(entry.number)).checksum !== entry.chain) return false;
    this.#advance(entry);
    return true;
  }

  /**
   * Puts a snapshot in place of the last one: the board as it was at a position, when the log had passed so much. False when
   * somebody else got in first.
   */
  async save(bytes: Uint8Array, at: Position, passed: LogSize, options?: WorkOptions): Promise<boolean> {
    const mark = { ...at, size: bytes.length, checksum: checksumOf(bytes) };
    const isSaved = await this.#medium.save({ mark, bytes }, options);
    this.#position ??= isSaved ? at : null;
    this.#saved = passed;
    this.#snapshotSize = bytes.length;
    return isSaved;
  }

  #encode(payload: Uint8Array, sequence: number): { readonly bytes: Uint8Array; readonly entry: Entry } {
    const { number, chain } = this.#known();
    const { bytes, checksum } = encodeFrame({
      kind: 'record',
      number: number + 1,
      sequence,
      previous: chain,
      body: payload,
    });
    return { bytes, entry: { number: number + 1, sequence, chain: checksum, payload, size: bytes.length } };
  }

  /** All of the records, or, when one of them is wrong, none. */
  #follow(records: readonly Uint8Array[]): Entry[] {
    let { number, chain } = records.length === 0 ? { number: 0, chain: 0 } : this.#known();
    const entries = records.map((bytes) => {
      const subject = subjectOf(number + 1);
      const frame = decodeFrame(bytes, subject);
      if (frame.kind !== 'record' || frame.number !== number + 1 || frame.previous !== chain) {
        throw new CorruptError(`Cannot read ${subject}: it does not follow the record before it`);
      }
      number = frame.number;
      chain = frame.checksum;
      return { number, sequence: frame.sequence, chain, payload: frame.body, size: bytes.length };
    });
    for (const entry of entries) this.#advance(entry);
    return entries;
  }

  #advance({ number, sequence, chain, size }: Entry): void {
    this.#position = { ...this.#known(), number, sequence, chain };
    this.#passed = { records: this.#passed.records + 1, bytes: this.#passed.bytes + size };
  }

  #known(): Position {
    if (this.#position === null) throw new StorageLostError('Cannot use the log: there is no snapshot that it follows');
    return this.#position;
  }
}

/** Where a board's history begins: what another board begins with does not fit it. */
export function firstPosition(epoch: string, sequence: number): Position {
  return { epoch, number: 0, sequence, chain: checksumOf(new TextEncoder().encode(epoch)) };
}

/** A log of this size is short, however small the snapshot. */
const SHORT_LOG = 1 << 20;

function positionOf({ epoch, number, sequence, chain }: SnapshotMark): Position {
  return { epoch, number, sequence, chain };
}

function subjectOf(number: number): string {
  return `record ${String(number)} of the log`;
}
