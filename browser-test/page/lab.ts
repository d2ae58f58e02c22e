import { storeContract, mediumContract } from 'boardlite/testing';
import { indexedDBMedium } from 'boardlite/indexeddb';
import { openSqliteStore } from 'boardlite/sqlite';
import { bytesOf, History } from '../../src/contract/medium-samples.ts';
import type { IndexedDBMediumOptions } from '../../src/indexeddb.ts';
import type { MediumOptions, OpenMedium } from '../../src/persistence/medium.ts';
import { indexedDBBench } from '../../test/indexeddb/indexeddb-bench.ts';
import { indexedDBStoreBench } from './store-bench.ts';

export interface Failure {
  readonly code: unknown;
  readonly message: string;
}

/** What tests find in a page, and in a worker. */
export const lab = {
  bytesOf,
  History,
  indexedDBMedium,
  openSqliteStore,

  openMedium(name: string, options: Partial<MediumOptions & IndexedDBMediumOptions> = {}): Promise<OpenMedium> {
    const { readOnly = false, signal, onEvent, ...rest } = options;
    return indexedDBMedium(name, rest).open({ readOnly, signal, onEvent });
  },

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

  /** Runs one case of the contract of stores, on boards in IndexedDB. */
  async runStoreCase(name: string): Promise<void> {
    const bench = indexedDBStoreBench();
    try {
      await named(storeContract, name).run(bench);
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
