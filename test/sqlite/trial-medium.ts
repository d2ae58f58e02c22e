import { ClosedError } from '../../src/core/errors.ts';
import type {
  Durability,
  Medium,
  MediumOptions,
  MediumWatcher,
  OpenMedium,
  Snapshot,
  StoredBoard,
} from '../../src/persistence/medium.ts';

/** A moment in the work of a medium; those in the past tense come when the work is done and not yet answered for. */
export type Step =
  | 'open'
  | 'load'
  | 'loaded'
  | 'read'
  | 'append'
  | 'appended'
  | 'save'
  | 'saved'
  | 'sync'
  | 'orphans'
  | 'drop'
  | 'close';

/** A step that waits for the test to settle it. */
export interface Held {
  /** Resolves when the store has come to it. */
  readonly begun: Promise<void>;
  finish(): void;
  fail(error: Error): void;
}

/** A medium in memory that shows what stores do with it, and does what a test wants. Every opening is of the same board. */
export class TrialMedium implements Medium {
  readonly name = 'trial';
  isShared = false;
  snapshot: Snapshot | null = null;
  /** Bytes that nobody said anything about. */
  bytes: Uint8Array | null;
  records: Uint8Array[] = [];
  readonly left = new Map<string, Uint8Array>();
  recovered: StoredBoard['recovered'] = null;
  mayLackRecords = false;
  isForeign = false;

  /** What happened, in order; a load is there once. */
  readonly steps: Step[] = [];
  readonly openings: MediumOptions[] = [];
  readonly durabilities: Durability[] = [];
  /** By the order of opening. */
  readonly watchers: (MediumWatcher | undefined)[] = [];
  #leftCount = 0;
  readonly #plans = new Map<Step, (() => Promise<void>)[]>();

  constructor(bytes: Uint8Array | null = null) {
    this.bytes = bytes;
  }

  /** Makes the next such step wait, or the one after those that have a plan already. */
  hold(step: Step): Held {
    const [begun, begin] = promise();
    const [held, finish, fail] = promise();
    this.#plan(step, () => {
      begin();
      return held;
    });
    return { begun, finish, fail };
  }

  /** Makes the next such step fail, or the one after those that have a plan already. */
  fail(step: Step, error: Error): void {
    this.#plan(step, () => Promise.reject(error));
  }

  count(step: Step): number {
    return this.steps.filter((each) => each === step).length;
  }

  async open(options: MediumOptions): Promise<OpenMedium> {
    const index = this.openings.push(options) - 1;
    await this.#reach('open');
    options.signal?.throwIfAborted();
    let known: string | null = null;
    let isClosed = false;
    let saved: number | undefined;
    const reach = async (step: Step) => {
      if (isClosed) throw new ClosedError(`Cannot ${step}: the medium is closed`);
      await this.#reach(step);
    };
    const isKnown = () => this.snapshot !== null && this.snapshot.mark.epoch === known;
    return {
      isShared: this.isShared,
      get saved() {
        return saved;
      },
      load: async ({ onProgress, signal } = {}) => {
        await reach('load');
        signal?.throwIfAborted();
        onProgress?.({ phase: 'load', done: 1, total: 1 });
        known = this.snapshot?.mark.epoch ?? null;
        const stored = this.#stored();
        await this.#reach('loaded');
        return stored;
      },
      recordsFrom: async (number) => {
        await reach('read');
        if (!isKnown() || number < this.#first) return null;
        if (this.isShared) saved = this.#first - 1;
        return this.records.slice(number - this.#first).map((record) => record.slice());
      },
      append: async (number, record, durability) => {
        this.durabilities.push(durability);
        await reach('append');
        if (!isKnown() || number !== this.#first + this.records.length) return false;
        this.records.push(record.slice());
        await this.#reach('appended');
        return true;
      },
      save: async ({ mark, bytes }, { onProgress, signal } = {}) => {
        onProgress?.({ phase: 'save', done: 0, total: mark.size });
        await reach('save');
        signal?.throwIfAborted();
        const there = this.snapshot?.mark;
        if (there !== undefined && (mark.epoch !== there.epoch || mark.number < there.number)) return false;
        this.records = this.records.slice(mark.number + 1 - this.#first);
        this.snapshot = { mark, bytes: bytes.slice() };
        known = mark.epoch;
        await this.#reach('saved');
        onProgress?.({ phase: 'save', done: mark.size, total: mark.size });
        return true;
      },
      sync: () => reach('sync'),
      watch: (watcher) => {
        this.watchers[index] = watcher;
      },
      orphans: async () => {
        await reach('orphans');
        return new Map(this.left);
      },
      dropOrphans: async (ids, instead) => {
        await reach('drop');
        for (const id of ids) this.left.delete(id);
        if (instead !== undefined) this.#leave(instead);
      },
      close: async () => {
        if (isClosed) return;
        isClosed = true;
        this.watchers[index] = undefined;
        await this.#reach('close');
      },
    };
  }

  /** As whoever wrote last leaves it when all is well. */
  endWell(): void {
    this.recovered = null;
    this.mayLackRecords = false;
  }

  /** Tells every store that somebody may have changed something. */
  hint(): void {
    for (const watcher of this.watchers) watcher?.changed();
  }

  /** Has the page of a store end, by the order of opening. */
  endPage(index = 0): void {
    const bytes = this.watchers[index]?.ending() ?? null;
    if (bytes !== null) this.#leave(bytes);
  }

  #leave(bytes: Uint8Array): void {
    this.left.set(`orphan ${String(++this.#leftCount)}`, bytes);
  }

  /** The number of the first record that comes after the snapshot. */
  get #first(): number {
    return (this.snapshot?.mark.number ?? 0) + 1;
  }

  #plan(step: Step, act: () => Promise<void>): void {
    this.#plans.set(step, [...(this.#plans.get(step) ?? []), act]);
  }

  async #reach(step: Step): Promise<void> {
    if (step !== 'loaded') this.steps.push(step);
    await this.#plans.get(step)?.shift()?.();
  }

  #stored(): StoredBoard | null {
    const bytes = this.snapshot?.bytes ?? this.bytes;
    return (
      bytes && {
        bytes: bytes.slice(),
        mark: this.snapshot?.mark ?? null,
        records: this.records.map((record) => record.slice()),
        recovered: this.recovered,
        mayLackRecords: this.mayLackRecords,
        isForeign: this.isForeign,
      }
    );
  }
}

function promise(): [promise: Promise<void>, resolve: () => void, reject: (error: Error) => void] {
  let resolve: () => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const made = new Promise<void>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return [made, resolve, reject];
}
