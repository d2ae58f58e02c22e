import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StoreBench } from '../../src/contract/contract-case.ts';
import type { BlackboardStore, StoreOptions } from '../../src/core/store.ts';
import { createMemoryStore } from '../../src/memory/memory-store.ts';
import { fileMedium } from '../../src/persistence/file-medium.ts';
import { openSqliteStore } from '../../src/sqlite/sqlite-store.ts';

/** A bench for one case, and what the case leaves behind. */
export interface CaseBench extends StoreBench {
  clear(): Promise<void>;
}

/** Opens the store of a board; boards have numbers, and one without a medium is new every time. */
type Open = (board: number, options: StoreOptions | undefined) => Promise<BlackboardStore>;

function benchOf(openStore: Open, removeBoards: () => Promise<void> = async () => {}): CaseBench {
  const boards = new Map<BlackboardStore, number>();
  let lastBoard = 0;
  const open = async (board: number, options: StoreOptions | undefined) => {
    const store = await openStore(board, options);
    boards.set(store, board);
    return store;
  };
  return {
    open: (options) => open(++lastBoard, options),
    reopen: async (store, options) => {
      await store.close();
      return open(boards.get(store) ?? 0, options);
    },
    clear: async () => {
      for (const store of boards.keys()) await store.close();
      await removeBoards();
    },
  };
}

/** Memory stores, changed by `alter` on their way to the case. */
export function memoryBench(alter: (store: BlackboardStore) => BlackboardStore = (store) => store): CaseBench {
  return benchOf(async (_, options) => alter(createMemoryStore(options)));
}

export function sqliteBench(): CaseBench {
  return benchOf((_, options) => openSqliteStore(options));
}

export function fileBench(): CaseBench {
  const folder = mkdtemp(join(tmpdir(), 'boardlite-contract-'));
  return benchOf(
    async (board, options) =>
      openSqliteStore({ ...options, medium: fileMedium(join(await folder, `${String(board)}.db`)) }),
    async () => rm(await folder, { recursive: true }),
  );
}
