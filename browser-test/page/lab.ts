import { storeContract, mediumContract } from 'boardlite/testing';
import { indexedDBMedium } from 'boardlite/indexeddb';
import { openSqliteStore, type SqliteStore, type SqliteStoreOptions } from 'boardlite/sqlite';
import { appendTo, bytesOf, History, saveTo } from '../../src/contract/medium-samples.ts';
import type { IndexedDBMediumOptions } from '../../src/indexeddb.ts';
import { checksumOf } from '../../src/persistence/checksum.ts';
import type { Durability, MediumOptions, OpenMedium } from '../../src/persistence/medium.ts';
import { reopeningBench } from '../../test/contract/reopening.ts';
import { callInVain, callsOf, digestOf, writeWhile } from '../../test/runtimes/suite/writing.ts';
import { indexedDBBench } from '../../test/indexeddb/indexeddb-bench.ts';
import { chunksOf, HARMS, onDatabase, type Key } from './database.ts';
import { indexedDBStoreBench } from './store-bench.ts';

export interface Failure {
  readonly code: unknown;
  readonly message: string;
}

/** A medium, and what was written to it. */
export interface Board {
  readonly medium: OpenMedium;
  readonly history: History;
}

/** What tests find in a page, and in a worker. */
export const lab = {
  bytesOf,
  checksumOf,
  chunksOf,
  HARMS,
  History,
  indexedDBMedium,
  openSqliteStore,

  openMedium(name: string, options: Partial<MediumOptions & IndexedDBMediumOptions> = {}): Promise<OpenMedium> {
    const { readOnly = false, signal, onEvent, ...rest } = options;
    return indexedDBMedium(name, rest).open({ readOnly, signal, onEvent });
  },

  /** A new board with a first snapshot and some records. */
  async startBoard(name: string, records = 0, options: Partial<MediumOptions & IndexedDBMediumOptions> = {}) {
    const medium = await this.openMedium(name, options);
    await medium.load();
    const history = new History();
    await saveTo(medium, history.snapshot());
    for (let n = 0; n < records; n++) await appendTo(medium, history);
    return { medium, history };
  },

  /** Appends the history's next record, and tells whether it was taken. */
  append({ medium, history }: Board, size?: number, durability: Durability = 'relaxed'): Promise<boolean> {
    const record = history.record(size);
    return medium.append(history.number, record, durability);
  },

  /** Another user of a board who knows all that is known so far. */
  async join(name: string, { history }: Board): Promise<Board> {
    const medium = await this.openMedium(name);
    await medium.load();
    return { medium, history: history.fork() };
  },

  /** What a medium holds, in a form that can leave the page. */
  async contentOf(medium: OpenMedium) {
    const board = await medium.load();
    return (
      board && {
        number: board.mark?.number,
        snapshot: checksumOf(board.bytes),
        records: board.records.map((record) => checksumOf(record)),
        recovered: board.recovered,
      }
    );
  },

  /** The names of the databases of this origin that boards are in. */
  async databases(): Promise<unknown[]> {
    return (await indexedDB.databases()).map(({ name }) => name);
  },

  /** All keys in the database of a board. */
  keysOf(name: string): Promise<IDBValidKey[]> {
    return onDatabase(name, 'readonly', (store) => store.getAllKeys());
  },

  /** Puts something else under a key, by what is there; `undefined` removes it. */
  async damage(name: string, key: Key, change: (value: unknown) => unknown): Promise<void> {
    const value = change(await onDatabase<unknown>(name, 'readonly', (store) => store.get(key)));
    if (value === undefined) await onDatabase(name, 'readwrite', (store) => store.delete(key));
    else await onDatabase(name, 'readwrite', (store) => store.put(value, key));
  },

  /** So many letters, which cannot be said shorter. */
  textOf(length: number): string {
    return Array.from(bytesOf(length, length), (byte) => String.fromCharCode(97 + (byte % 26))).join('');
  },

  openStore(name: string, options: SqliteStoreOptions = {}): Promise<SqliteStore> {
    return openSqliteStore({ medium: indexedDBMedium(name), wasm: '/sql-wasm.wasm', ...options });
  },

  digestOf,

  callsOf,

  /** Publishes so many calls; see `writeWhile`. */
  write(store: SqliteStore, writer: string, calls: number, onAccepted: (call: number) => void): Promise<void> {
    return writeWhile(store, writer, { mayCall: (call) => call < calls, onAccepted });
  },

  callInVain,

  writeWhile,

  /** Runs one case of the contract of media. */
  async runMediumCase(name: string): Promise<void> {
    const bench = indexedDBBench(() => dispatchEvent(new PageTransitionEvent('pagehide')));
    try {
      await named(mediumContract, name).run(bench);
    } finally {
      await bench.close();
    }
  },

  /** What a call rejects with, in a form that can leave the page; null when it does not. */
  failureOf(call: Promise<unknown>): Promise<Failure | null> {
    return call.then(
      () => null,
      (error: unknown) => ({
        code: error instanceof Error && 'code' in error ? error.code : undefined,
        message: String(error),
      }),
    );
  },

  /** Runs one case of the contract of stores, on boards in IndexedDB, which may be closed and opened again between calls. */
  async runStoreCase(name: string, { reopens = false } = {}): Promise<void> {
    const bench = indexedDBStoreBench();
    try {
      await named(storeContract, name).run(reopens ? reopeningBench(bench) : bench);
    } finally {
      await bench.close();
    }
  },
};

function named<T extends { readonly name: string }>(cases: readonly T[], name: string): T {
  const found = cases.find((one) => one.name === name);
  if (found === undefined) throw new Error(`there is no case "${name}"`);
  return found;
}

declare global {
  var lab: Lab;
}

export type Lab = typeof lab;
