import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StoreBench } from '../../src/contract/contract-case.ts';
import type { BlackboardStore, StoreOptions } from '../../src/core/store.ts';
import { createMemoryStore } from '../../src/memory/memory-store.ts';
import { fileMedium } from '../../src/persistence/file-medium.ts';
import { leaveToOthers } from '../persistence/flushed-folder.ts';
import { openSqliteStore } from '../../src/sqlite/sqlite-store.ts';

/** A bench for one case, and what the case leaves behind. */
export interface CaseBench extends StoreBench {
  clear(): Promise<void>;
}

/** Opens the store of a board; boards have numbers, and one without a medium is new every time. */
type Open = (board: number, options: StoreOptions | undefined) => Promise<BlackboardStore>;

function benchOf(
  openStore: Open,
  removeBoards: () => Promise<void> = async () => {},
  abandon: (board: number) => Promise<void> = async () => {},
): CaseBench {
  const boards = new Map<BlackboardStore, number>();
  const abandoned: BlackboardStore[] = [];
  let lastBoard = 0;
  const open = async (board: number, options: StoreOptions | undefined) => {
    const store = await openStore(board, options);
    boards.set(store, board);
    return store;
  };
  return {
    open: (options) => open(++lastBoard, options),
    reopen: async (store, { abandon: isAbandoned = false, ...options } = {}) => {
      const board = boards.get(store) ?? 0;
      if (isAbandoned) {
        await abandon(board);
        boards.delete(store);
        abandoned.push(store);
      } else await store.close();
      return open(board, options);
    },
    clear: async () => {
      for (const store of boards.keys()) await store.close();
      // Their locks are others' by now: each is told so at first, and lets go of what it has open then.
      for (const store of abandoned) await store.close().catch(() => store.close());
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
  const pathOf = async (board: number) => join(await folder, `${String(board)}.db`);
  return benchOf(
    async (board, options) => openSqliteStore({ ...options, medium: fileMedium(await pathOf(board)) }),
    async () => rm(await folder, { recursive: true }),
    async (board) => leaveToOthers(`${await pathOf(board)}.lock`),
  );
}
