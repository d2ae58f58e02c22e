import { indexedDBMedium } from 'boardlite/indexeddb';
import { openSqliteStore, type SqliteStore } from 'boardlite/sqlite';
import type { BlackboardStore, StoreOptions } from 'boardlite';
import type { StoreBench } from 'boardlite/testing';

let boards = 0;

/** Makes stores on boards in IndexedDB; `close` closes all that it opened. */
export function indexedDBStoreBench(): StoreBench & { close(): Promise<void> } {
  const nameOf = new Map<BlackboardStore, string>();
  const open = async (name: string, options?: StoreOptions): Promise<SqliteStore> => {
    const store = await openSqliteStore({ ...options, medium: indexedDBMedium(name), wasm: '/sql-wasm.wasm' });
    nameOf.set(store, name);
    return store;
  };
  return {
    open: (options) => open(`board ${String(++boards)}`, options),
    async reopen(store, { abandon = false, ...options } = {}) {
      const name = nameOf.get(store);
      if (name === undefined) throw new Error('not a store of this bench');
      if (!abandon) await store.close();
      return open(name, options);
    },
    async close() {
      await Promise.all([...nameOf.keys()].map((store) => store.close()));
    },
  };
}
