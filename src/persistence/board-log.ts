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

/** How much of the log comes after the last snapshot. */
export interface LogSize {
  readonly records: number;
  readonly bytes: number;
}

/**
 * The log of one board as one store sees it: it knows how far the store has read, and chains what it appends to that. Calls
 * do not overlap, but for `save`.
 */
export class BoardLog {
  readonly #medium: OpenMedium;
  /** Null until there is a snapshot that records can follow. */
  #position: Position | null = null;
  /** Of each record after the last snapshot. */
  #sizes: number[] = [];
  #bytes = 0;
  #snapshotSize = 0;

  constructor(medium: OpenMedium) {
    this.#medium = medium;
  }

  get position(): Position | null {
    return this.#position;
  }

  get size(): LogSize {
    return { records: this.#sizes.length, bytes: this.#bytes };
  }

  /** Whether a checkpoint now costs no more than the log has cost since the last one. */
  get isLong(): boolean {
    return this.#bytes > Math.max(this.#snapshotSize, SHORT_LOG);
  }

  /**
   * Reads all there is, and is at its end then. Null when there is nothing.
   *
   * @throws CorruptError when a record is damaged, or does not follow the one before
   * @throws StorageLostError when another board is where several stores share the one that was read before
   */
  async load(options?: WorkOptions): Promise<LoadedBoard | null> {
    const stored = await this.#medium.load(options);
    if (stored === null) return null;
    if (this.#medium.isShared && this.#position !== null && stored.mark?.epoch !== this.#position.epoch) {
      throw new StorageLostError('Cannot read the board again: another board is in its place on the medium');
    }
    this.#position = stored.mark && positionOf(stored.mark);
    this.#sizes = [];
    this.#bytes = 0;
    this.#snapshotSize = stored.bytes.length;
    return { ...stored, entries: this.#follow(stored.records) };
  }

  /** What others have appended; null when it cannot be had one by one, and all has to be loaded. */
  async catchUp(): Promise<readonly Entry[] | null> {
    if (this.#position === null) return null;
    const records = await this.#medium.recordsFrom(this.#position.number + 1);
    if (records === null) return null;
    const entries = this.#follow(records);
    // What others have saved need not be saved again.
    this.#drop(this.#medium.saved ?? 0);
    return entries;
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

  /**
   * Whether a record whose append threw is on the medium, as durable as it was to be; then it counts as appended. Null when
   * others have dropped it, if it was there, with a checkpoint: once the board is loaded again, that tells.
   */
  async settle(payload: Uint8Array, sequence: number, durability: Durability): Promise<boolean | null> {
    const { entry } = this.#encode(payload, sequence);
    const records = await this.#medium.recordsFrom(entry.number);
    if (records === null) return null;
    const [record] = records;
    if (record === undefined || decodeFrame(record, subjectOf(entry.number)).checksum !== entry.chain) return false;
    // It may have been the flush that failed.
    if (durability === 'strict') await this.#medium.sync();
    this.#advance(entry);
    return true;
  }

  /**
   * Puts a snapshot of the board as it was at a position in place of the last one. False when somebody else got in first.
   */
  async save(bytes: Uint8Array, at: Position, options?: WorkOptions): Promise<boolean> {
    const mark = { ...at, size: bytes.length, checksum: checksumOf(bytes) };
    if (!(await this.#medium.save({ mark, bytes }, options))) return false;
    this.#position ??= at;
    this.#drop(at.number);
    this.#snapshotSize = bytes.length;
    return true;
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
    this.#sizes.push(size);
    this.#bytes += size;
  }

  /** The records up to a number are in a snapshot. All may have been loaded again since that was taken. */
  #drop(number: number): void {
    const last = this.#position?.number ?? number;
    const dropped = this.#sizes.splice(0, Math.max(0, this.#sizes.length - (last - number)));
    this.#bytes -= dropped.reduce((sum, size) => sum + size, 0);
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
