import type { Snapshot, SnapshotMark } from '../../src/persistence/medium.ts';
import type { Choices } from './choices.ts';

interface DiskRecord {
  readonly number: number;
  readonly bytes: Uint8Array;
  readonly isFlushed: boolean;
}

interface Orphan {
  readonly bytes: Uint8Array;
  /** The record after which it was left. */
  readonly after: number;
}

interface DiskState {
  readonly snapshot: Snapshot | null;
  /** What a power cut brings back when it comes before the snapshot is flushed. */
  readonly flushedSnapshot: Snapshot | null;
  /** In order; those that are in the snapshot as well wait to be dropped. */
  readonly records: readonly DiskRecord[];
  readonly orphans: ReadonlyMap<string, Orphan>;
  /** Those that were dropped since the last flush are among them. */
  readonly flushedOrphans: ReadonlyMap<string, Orphan>;
  /** The end of the log is incomplete. */
  readonly isTorn: boolean;
}

/**
 * What is on the medium of one board: the smallest thing that can go wrong as real ones do. A snapshot is switched to, then
 * flushed, then the records that it holds are dropped. Each method is one step, which happens whole or not at all.
 */
export class Disk {
  protected state: DiskState = {
    snapshot: null,
    flushedSnapshot: null,
    records: [],
    orphans: new Map(),
    flushedOrphans: new Map(),
    isTorn: false,
  };
  #orphanCount = 0;

  /** Puts the bytes of a snapshot beside the one that is there, where nobody sees them before the switch. */
  readonly write: (snapshot: Snapshot) => void = () => undefined;

  /** Another one with the same content. */
  clone(): Disk {
    const clone = new (this.constructor as new () => Disk)();
    clone.state = this.state;
    clone.#orphanCount = this.#orphanCount;
    return clone;
  }

  /** The same until something changes. */
  get content(): object {
    return this.state;
  }

  get snapshot(): Snapshot | null {
    return this.state.snapshot;
  }

  get orphans(): ReadonlyMap<string, Uint8Array> {
    return new Map([...this.state.orphans].map(([id, { bytes }]) => [id, bytes]));
  }

  get isTorn(): boolean {
    return this.state.isTorn;
  }

  /** The records that are not in the snapshot. */
  get log(): readonly Uint8Array[] {
    return this.recordsFrom(this.#start + 1) ?? [];
  }

  recordsFrom(number: number): readonly Uint8Array[] | null {
    if (number <= this.#start) return null;
    return this.state.records.filter((record) => record.number >= number).map(({ bytes }) => bytes);
  }

  append(number: number, bytes: Uint8Array): boolean {
    if (!this.isNext(number)) return false;
    this.change({ records: [...this.state.records, { number, bytes, isFlushed: false }], isTorn: false });
    return true;
  }

  /** An append that ends in its middle. */
  tear(): void {
    this.change({ isTorn: true });
  }

  flush(): void {
    const records = this.state.records.map((record) => ({ ...record, isFlushed: true }));
    this.change({ records, flushedSnapshot: this.snapshot, flushedOrphans: this.state.orphans });
  }

  /** @param known the epoch of the snapshot that the caller loaded or saved last */
  switchTo(snapshot: Snapshot, known: string | null): boolean {
    const there = this.snapshot?.mark;
    if (there !== undefined && !isFollowed(there, snapshot.mark, known)) return false;
    this.change({ snapshot, isTorn: false });
    return true;
  }

  flushSnapshot(): void {
    this.change({ flushedSnapshot: this.snapshot });
  }

  /** Drops the records up to, and with, a number. */
  dropTo(number: number): void {
    this.change({ records: this.state.records.filter((record) => record.number > number) });
  }

  leaveOrphan(bytes: Uint8Array): void {
    this.change({ orphans: new Map([...this.state.orphans, this.#orphanOf(bytes)]) });
  }

  dropOrphans(ids: readonly string[], instead?: Uint8Array): void {
    const kept = [...this.state.orphans].filter(([id]) => !ids.includes(id));
    this.change({ orphans: new Map(instead === undefined ? kept : [...kept, this.#orphanOf(instead)]) });
  }

  #orphanOf(bytes: Uint8Array): [id: string, orphan: Orphan] {
    return [`orphan ${String(++this.#orphanCount)}`, { bytes, after: this.#lastNumber }];
  }

  /** The processes that used it are dead. What they had handed over stays. */
  endProcesses(): void {
    // Nothing is in the processes alone.
  }

  /** Loses an end of what was not flushed. */
  cutPower(choices: Choices): void {
    const cuts = this.cuts();
    this.state = cuts[choices.below(cuts.length)]?.state ?? this.state;
  }

  /**
   * What a power cut can leave: everything; or not some of the last records, and nothing that came after these; or the snapshot
   * before, and nothing that was not flushed with it.
   */
  cuts(): Disk[] {
    const { records, snapshot, flushedSnapshot, orphans, flushedOrphans } = this.state;
    const flushed = records.findLastIndex(({ isFlushed }) => isFlushed) + 1;
    const tails = records.slice(flushed).map(({ number }, i) => ({
      records: records.slice(0, flushed + i),
      orphans: new Map([...flushedOrphans, ...orphans].filter(([, { after }]) => after < number)),
    }));
    const reverted = { snapshot: flushedSnapshot, records: records.slice(0, flushed), orphans: flushedOrphans };
    return [{}, ...tails, ...(snapshot === flushedSnapshot ? [] : [reverted])].map((change) => {
      const left = this.clone();
      left.change(change);
      left.flush();
      return left;
    });
  }

  protected isNext(number: number): boolean {
    return this.snapshot !== null && number === this.#lastNumber + 1;
  }

  protected change(change: Partial<DiskState>): void {
    this.state = { ...this.state, ...change };
  }

  get #lastNumber(): number {
    return Math.max(this.#start, this.state.records.at(-1)?.number ?? 0);
  }

  get #start(): number {
    return this.snapshot?.mark.number ?? 0;
  }
}

/** Whether a snapshot may be put in place of the one that is there. */
function isFollowed(there: SnapshotMark, mark: SnapshotMark, known: string | null): boolean {
  return there.epoch === mark.epoch && there.number <= mark.number && (mark.number > 0 || known === there.epoch);
}
