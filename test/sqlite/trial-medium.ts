import type {
  Durability,
  Medium,
  MediumOptions,
  MediumWatcher,
  OpenMedium,
  Snapshot,
  StoredBoard,
} from '../../src/persistence/medium.ts';

/** What a store waits for, until a test settles it. */
interface Held {
  finish(): void;
  fail(error: Error): void;
}

/** A medium in memory that shows what a store does with it. */
export class TrialMedium implements Medium {
  readonly name = 'trial';
  /** What happened, in order. */
  readonly events: string[] = [];
  readonly openings: MediumOptions[] = [];
  /** Saves and appends that wait for the test to settle them, when it said so. */
  readonly pendingSaves: Held[] = [];
  readonly pendingAppends: Held[] = [];
  holds: 'nothing' | 'saves' | 'appends' = 'nothing';
  isShared = false;
  snapshot: Snapshot | null = null;
  /** Bytes that nobody said anything about. */
  bytes: Uint8Array | null;
  records: Uint8Array[] = [];
  readonly durabilities: Durability[] = [];
  readonly left = new Map<string, Uint8Array>();
  recovered: StoredBoard['recovered'] = null;
  watcher: MediumWatcher | null = null;

  constructor(bytes: Uint8Array | null = null) {
    this.bytes = bytes;
  }

  async open(options: MediumOptions): Promise<OpenMedium> {
    this.events.push('open');
    this.openings.push(options);
    return {
      isShared: this.isShared,
      load: async () => {
        this.events.push('load');
        return this.#stored();
      },
      recordsFrom: async (number) => {
        this.events.push('read');
        const first = this.#first();
        return number < first ? null : this.records.slice(number - first).map((record) => record.slice());
      },
      append: async (number, record, durability) => {
        this.events.push('append');
        this.durabilities.push(durability);
        if (this.holds === 'appends') await hold(this.pendingAppends);
        if (number !== this.#first() + this.records.length) return false;
        this.records.push(record.slice());
        this.events.push('appended');
        return true;
      },
      save: async ({ mark, bytes }) => {
        this.events.push('save');
        if (this.holds === 'saves') await hold(this.pendingSaves);
        this.records = this.records.slice(mark.number + 1 - this.#first());
        this.snapshot = { mark, bytes: bytes.slice() };
        this.events.push('saved');
        return true;
      },
      sync: async () => {
        this.events.push('sync');
      },
      watch: (watcher) => {
        this.watcher = watcher;
      },
      orphans: async () => new Map(this.left),
      dropOrphans: async (ids) => {
        for (const id of ids) this.left.delete(id);
      },
      close: async () => {
        this.events.push('close');
      },
    };
  }

  /** Waits until the store has begun that many of them. */
  async begun(held: readonly Held[], count: number): Promise<Held> {
    while (held.length < count) await new Promise((resolve) => setImmediate(resolve));
    const last = held[count - 1];
    if (last === undefined) throw new Error('nothing is held');
    return last;
  }

  #first(): number {
    return (this.snapshot?.mark.number ?? 0) + 1;
  }

  #stored(): StoredBoard | null {
    const bytes = this.snapshot?.bytes ?? this.bytes;
    return (
      bytes && {
        bytes: bytes.slice(),
        mark: this.snapshot?.mark ?? null,
        records: this.records.map((record) => record.slice()),
        recovered: this.recovered,
        isForeign: false,
      }
    );
  }
}

function hold(held: Held[]): Promise<void> {
  return new Promise((finish, fail) => {
    held.push({ finish, fail });
  });
}
