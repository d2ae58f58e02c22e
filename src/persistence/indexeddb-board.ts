import { ClosedError, type CorruptError, ReadOnlyError } from '../core/errors.ts';
import { alone } from './alone.ts';
import { Connection } from './indexeddb-connection.ts';
import { indexedDBFailure } from './indexeddb-failure.ts';
import { readGenerations, type Generation } from './indexeddb-generation.ts';
import { write, type UseStore } from './indexeddb-keyval.ts';
import { FLUSHED } from './indexeddb-layout.ts';
import { loadNewest } from './indexeddb-load.ts';
import { readOrphans, replaceOrphans } from './indexeddb-orphans.ts';
import { addRecord, lastRecord, readRecords } from './indexeddb-records.ts';
import { saveGeneration } from './indexeddb-save.ts';
import type {
  Durability,
  MediumOptions,
  MediumWatcher,
  OpenMedium,
  Snapshot,
  StoredBoard,
  WorkOptions,
} from './medium.ts';
import { watchPage } from './page-end.ts';
import { askToPersist, checkPressure } from './storage-manager.ts';
import { Tabs } from './tabs.ts';

export interface IndexedDBPlace {
  readonly name: string;
  readonly persist: boolean;
  readonly openTimeout: number;
  readonly pollInterval: number;
}

/**
 * From this size on Chromium keeps a value in a file of its own, and flushes it with the transaction that wrote it or never:
 * no later one makes up for that.
 */
const LARGE = 1 << 15;

/** A board in IndexedDB, in use by one store. */
export class IndexedDBBoard implements OpenMedium {
  readonly isShared = true;
  readonly #name: string;
  readonly #database: string;
  readonly #options: MediumOptions;
  readonly #persist: boolean;
  readonly #connection: Connection;
  readonly #tabs: Tabs;
  readonly #underWay = new Set<Promise<unknown>>();
  /** The last generation, and the last record, that this store has seen: it writes on the ground of these. */
  #seen: { readonly generation: number; readonly saved: number; readonly number: number } | null = null;
  /** The generation that could not be read: what it holds does not count as saved. */
  #damaged: number | null = null;
  #watcher: MediumWatcher | null = null;
  #unwatch = () => {
    // Nothing to undo yet.
  };
  #closing: Promise<void> | null = null;

  constructor({ name, persist, openTimeout, pollInterval }: IndexedDBPlace, options: MediumOptions) {
    this.#name = name;
    this.#options = options;
    this.#persist = persist;
    const database = `boardlite:${name}`;
    this.#database = database;
    const onChange = () => {
      this.#watcher?.changed();
    };
    this.#connection = new Connection({
      name,
      database,
      mayCreate: !options.readOnly,
      timeout: openTimeout,
      onLoss: onChange,
    });
    this.#tabs = new Tabs(database, pollInterval, onChange);
  }

  async open(signal?: AbortSignal): Promise<void> {
    await this.#connection.open(signal);
    if (this.#persist && !this.#options.readOnly) askToPersist();
  }

  load(options: WorkOptions = {}): Promise<StoredBoard | null> {
    return this.#run('load', options.signal, async () => {
      options.signal?.throwIfAborted();
      if (!(await this.#connection.open(options.signal))) return null;
      const loaded = await loadNewest(this.#using('relaxed'), options);
      if (loaded === null) return null;
      this.#damaged = loaded.newest === loaded.generation.number ? null : loaded.newest;
      this.#see(loaded.generation, loaded.generation.mark.number + loaded.board.records.length);
      return loaded.board;
    });
  }

  recordsFrom(number: number): Promise<readonly Uint8Array[] | null> {
    return this.#run('read', undefined, async () => {
      let newest: Generation | undefined;
      const records = await readRecords(this.#using('relaxed'), number - 1, ({ readable }) => {
        [newest] = readable;
        return newest !== undefined && newest.mark.number < number;
      });
      if (newest !== undefined && records !== null) this.#see(newest, records.length && number - 1 + records.length);
      return records;
    });
  }

  get saved(): number | undefined {
    return this.#seen?.saved;
  }

  append(number: number, record: Uint8Array, durability: Durability): Promise<boolean> {
    return this.#write('write to', undefined, async () => {
      // A view would take the whole of its buffer along.
      const bytes = record.slice();
      const use = this.#using(bytes.length < LARGE ? durability : 'strict');
      if (number - 1 > (this.#seen?.number ?? -1)) await this.#look();
      const seen = this.#seen;
      if (seen === null || number !== seen.number + 1) return false;
      if (!(await addRecord(use, number, bytes, seen.generation))) return false;
      this.#seen = { ...(this.#seen ?? seen), number };
      this.#tabs.tell();
      return true;
    });
  }

  save(snapshot: Snapshot, options: WorkOptions = {}): Promise<boolean> {
    return this.#write('save', options.signal, async () => {
      const use = this.#using('strict');
      const save = () => saveGeneration(use, snapshot, this.#seen !== null, options);
      const generation = await alone(`${this.#database} save`, save, options.signal);
      if (generation === null) return false;
      this.#see(generation, generation.mark.number);
      this.#tabs.tell();
      if (this.#options.onEvent) await checkPressure(this.#options.onEvent);
      return true;
    });
  }

  sync(): Promise<void> {
    return this.#run('flush', undefined, async () => {
      if (this.#options.readOnly) return;
      await write(this.#using('strict'), (store) => {
        store.put(Date.now(), FLUSHED);
      });
    });
  }

  watch(watcher: MediumWatcher): void {
    if (this.#closing !== null) return;
    this.#watcher = watcher;
    this.#unwatch();
    this.#unwatch = watchPage({
      onEnd: () => {
        this.#leave(watcher.ending());
      },
      onReturn: () => {
        watcher.changed();
      },
    });
  }

  orphans(): Promise<ReadonlyMap<string, Uint8Array>> {
    const tell = (error: CorruptError) => this.#options.onEvent?.({ type: 'orphan-refused', error });
    return this.#run('read', undefined, () => readOrphans(this.#using('relaxed'), tell));
  }

  dropOrphans(ids: readonly string[], instead?: Uint8Array): Promise<void> {
    return this.#write('write to', undefined, () => replaceOrphans(this.#using('relaxed'), ids, instead));
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#unwatch();
    this.#watcher = null;
    await Promise.allSettled(this.#underWay);
    this.#tabs.close();
    this.#connection.close();
  }

  #leave(bytes: Uint8Array | null): void {
    if (bytes === null || this.#options.readOnly) return;
    const leaving = replaceOrphans(this.#using('relaxed'), [], bytes);
    this.#track(leaving).catch(() => {
      // Nobody has been promised anything, and the page may be gone.
    });
  }

  /** Looks where the log ends, without reading it. */
  async #look(): Promise<void> {
    const [{ readable }, number] = await this.#using('relaxed')('readonly', (store) =>
      Promise.all([readGenerations(store), lastRecord(store)]),
    );
    if (readable[0] !== undefined) this.#see(readable[0], number);
  }

  #see({ number: generation, mark }: Generation, number: number): void {
    const saved = generation === this.#damaged ? 0 : mark.number;
    const seen = this.#seen ?? { generation, saved, number };
    this.#seen = {
      generation: Math.max(generation, seen.generation),
      saved: Math.max(saved, seen.saved),
      number: Math.max(number, mark.number, seen.number),
    };
  }

  #using(durability: Durability): UseStore {
    return this.#connection.using(durability);
  }

  async #write<T>(verb: string, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    if (!this.#options.readOnly || this.#closing !== null) return this.#run(verb, signal, work);
    throw new ReadOnlyError(`Cannot ${this.#action(verb)}: it was opened with readOnly: true`);
  }

  async #run<T>(verb: string, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    const action = this.#action(verb);
    if (this.#closing !== null) throw new ClosedError(`Cannot ${action}: its medium was closed`);
    try {
      return await this.#track(work());
    } catch (error) {
      if (signal?.aborted === true && error === signal.reason) throw error;
      throw indexedDBFailure(action, error);
    }
  }

  #track<T>(work: Promise<T>): Promise<T> {
    this.#underWay.add(work);
    const forget = () => this.#underWay.delete(work);
    work.then(forget, forget);
    return work;
  }

  #action(verb: string): string {
    return `${verb} the board ${JSON.stringify(this.#name)}`;
  }
}
