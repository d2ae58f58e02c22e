import { ClosedError, LockedError, ReadOnlyError } from '../../src/core/errors.ts';
import type {
  Durability,
  Medium,
  MediumOptions,
  MediumWatcher,
  OpenMedium,
  Snapshot,
  StoredBoard,
  WorkOptions,
} from '../../src/persistence/medium.ts';
import type { Host, User } from './host.ts';

/** Who may write to a place: anybody, or one at a time. */
export class Door {
  readonly isShared: boolean;
  #holder: User | null = null;
  #isLeftOpen: boolean;

  /** @param isLeftOpen whether whoever had the place before is dead */
  constructor(isShared: boolean, isLeftOpen = false) {
    this.isShared = isShared;
    this.#isLeftOpen = isLeftOpen;
  }

  /** Returns whether the last one who wrote here may have died. */
  enter(user: User): boolean {
    if (this.isShared) return true;
    if (this.#holder !== null) throw new LockedError(`Cannot open the model: ${this.#holder.name} has it`);
    this.#holder = user;
    const wasLeftOpen = this.#isLeftOpen;
    this.#isLeftOpen = true;
    return wasLeftOpen;
  }

  /** @param isWell whether what may have been lost needs no longer be told */
  leave(user: User, isWell: boolean): void {
    if (this.#holder !== user) return;
    this.#holder = null;
    this.#isLeftOpen = !isWell;
  }

  /** As the death of a user leaves it. */
  abandon(user: User): void {
    if (this.#holder === user) this.#holder = null;
  }
}

/** A medium on a {@link Disk}, each operation a few steps that its host carries out when and as it likes. */
export class ModelMedium implements Medium {
  readonly name = 'model';
  readonly #host: Host;
  readonly #door: Door;
  readonly #user: string;
  /** What was opened last. */
  opened: ModelOpenMedium | null = null;

  constructor(host: Host, door: Door, user = 'user') {
    this.#host = host;
    this.#door = door;
    this.#user = user;
  }

  async open({ readOnly, signal }: MediumOptions): Promise<ModelOpenMedium> {
    signal?.throwIfAborted();
    const opened = new ModelOpenMedium(this.#host, this.#door, this.#user, readOnly);
    this.opened = opened;
    await this.#host.step(opened, 'open', () => {
      if (!readOnly && !opened.isDead) opened.mayLackRecords = this.#door.enter(opened);
    });
    return opened;
  }
}

export class ModelOpenMedium implements OpenMedium, User {
  readonly name: string;
  readonly isShared: boolean;
  watcher: MediumWatcher | null = null;
  mayLackRecords = false;
  isDead = false;
  readonly #host: Host;
  readonly #door: Door;
  readonly #readOnly: boolean;
  readonly #underWay = new Set<Promise<unknown>>();
  #known: string | null = null;
  #closing: Promise<void> | null = null;

  constructor(host: Host, door: Door, name: string, readOnly: boolean) {
    this.#host = host;
    this.#door = door;
    this.name = name;
    this.#readOnly = readOnly;
    this.isShared = door.isShared;
  }

  load({ signal, onProgress }: WorkOptions = {}): Promise<StoredBoard | null> {
    return this.#work('load', async () => {
      signal?.throwIfAborted();
      const board = await this.#host.step(
        this,
        'load',
        ({ snapshot, log, isTorn }) => snapshot && { snapshot, log, isTorn },
      );
      if (board === null) return null;
      const { mark, bytes } = board.snapshot;
      onProgress?.({ phase: 'load', done: mark.size, total: mark.size });
      signal?.throwIfAborted();
      this.#known = mark.epoch;
      return {
        mark,
        bytes: bytes.slice(),
        records: board.log.map((record) => record.slice()),
        recovered: board.isTorn ? 'torn-tail' : null,
        mayLackRecords: board.isTorn || this.mayLackRecords,
        isForeign: false,
      };
    });
  }

  recordsFrom(number: number): Promise<readonly Uint8Array[] | null> {
    return this.#work('read records', async () => {
      const records = await this.#host.step(this, `recordsFrom ${String(number)}`, (disk) => disk.recordsFrom(number));
      return records?.map((record) => record.slice()) ?? null;
    });
  }

  append(number: number, record: Uint8Array, durability: Durability): Promise<boolean> {
    return this.#change('append', async () => {
      const bytes = record.slice();
      // In a browser, nobody sees a record before it is flushed.
      const isFlushedAtOnce = durability === 'strict' && this.isShared;
      const isAppended = await this.#host.step(this, `append ${String(number)}`, (disk) => {
        const isNext = disk.append(number, bytes);
        if (isNext && isFlushedAtOnce) disk.flush();
        return isNext;
      });
      if (!isAppended) return false;
      this.mayLackRecords = this.isShared;
      this.#host.announce(this);
      if (durability === 'strict' && !isFlushedAtOnce) await this.#flush();
      return true;
    });
  }

  save(snapshot: Snapshot, { signal, onProgress }: WorkOptions = {}): Promise<boolean> {
    return this.#change('save', async () => {
      signal?.throwIfAborted();
      const { mark } = snapshot;
      const bytes = snapshot.bytes.slice();
      const known = this.#known;
      await this.#host.step(this, 'write snapshot', (disk) => disk.write({ mark, bytes }));
      onProgress?.({ phase: 'save', done: Math.floor(mark.size / 2), total: mark.size });
      signal?.throwIfAborted();
      const isSaved = await this.#host.step(this, `switch to ${String(mark.number)}`, (disk) =>
        disk.switchTo({ mark, bytes }, known),
      );
      if (!isSaved) return false;
      this.#known = mark.epoch;
      this.#host.announce(this);
      await this.#host.step(this, 'flush snapshot', (disk) => disk.flushSnapshot());
      await this.#host.step(this, `drop to ${String(mark.number)}`, (disk) => disk.dropTo(mark.number));
      onProgress?.({ phase: 'save', done: mark.size, total: mark.size });
      return true;
    });
  }

  sync(): Promise<void> {
    return this.#work('sync', () => this.#flush());
  }

  watch(watcher: MediumWatcher): void {
    this.watcher = watcher;
  }

  /** Tells the store that the page may end, and asks for what it leaves to be kept. */
  async endPage(): Promise<void> {
    const bytes = this.watcher?.ending()?.slice();
    if (bytes !== undefined) await this.#host.step(this, 'leave orphan', (disk) => disk.leaveOrphan(bytes));
  }

  orphans(): Promise<ReadonlyMap<string, Uint8Array>> {
    return this.#work('read orphans', async () => {
      const orphans = await this.#host.step(this, 'orphans', (disk) => disk.orphans);
      return new Map([...orphans].map(([id, bytes]) => [id, bytes.slice()]));
    });
  }

  dropOrphans(ids: readonly string[], instead?: Uint8Array): Promise<void> {
    return this.#change('drop orphans', () =>
      this.#host.step(this, 'drop orphans', (disk) => disk.dropOrphans(ids, instead)),
    );
  }

  close(): Promise<void> {
    this.#closing ??= this.#close().catch((error: unknown) => {
      this.#closing = null;
      throw error;
    });
    return this.#closing;
  }

  /** As the death of the user does. */
  vanish(): void {
    this.isDead = true;
    this.watcher = null;
    this.#door.abandon(this);
  }

  async #close(): Promise<void> {
    this.watcher = null;
    await Promise.allSettled(this.#underWay);
    await this.#host.step(this, 'close', () => this.#door.leave(this, !this.mayLackRecords));
  }

  #flush(): Promise<void> {
    return this.#host.step(this, 'flush', (disk) => disk.flush());
  }

  #change<T>(action: string, work: () => Promise<T>): Promise<T> {
    return this.#work(action, () => {
      if (this.#readOnly) throw new ReadOnlyError(`Cannot ${action}: the model was opened with readOnly: true`);
      return work();
    });
  }

  async #work<T>(action: string, work: () => Promise<T>): Promise<T> {
    if (this.#closing !== null) throw new ClosedError(`Cannot ${action}: the model is closed`);
    const working = work();
    this.#underWay.add(working);
    try {
      return await working;
    } finally {
      this.#underWay.delete(working);
    }
  }
}
