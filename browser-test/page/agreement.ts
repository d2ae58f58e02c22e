import { createMemoryStore, type BlackboardStore, type StoreOptions } from 'boardlite';
import { indexedDBMedium } from 'boardlite/indexeddb';
import { openSqliteStore } from 'boardlite/sqlite';
import * as fc from 'fast-check';
import { coin, reopening } from '../../test/contract/reopening.ts';
import { agreementOfBoards } from '../../test/differential/agreement.ts';
import type { runsOf } from '../../test/differential/runs.ts';

type Runs = ReturnType<typeof runsOf>;

let boards = 0;

function nameOf(board: number): string {
  return `agreement ${String(board)}`;
}

/** A store on a new board, which is closed and opened again between calls; the database of the board before is removed. */
async function openReopening(options: StoreOptions): Promise<BlackboardStore> {
  await remove(boards);
  const board = ++boards;
  return reopening(async (before) => {
    await before?.close({ checkpoint: board % 2 === 0 });
    return openSqliteStore({ ...options, medium: indexedDBMedium(nameOf(board)), wasm: '/sql-wasm.wasm' });
  }, coin(board));
}

/** A store that a run has failed on is still open: its database is let go, and deleted, all the same. */
function remove(board: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(`boardlite:${nameOf(board)}`);
    request.onsuccess = () => resolve();
    request.onerror = () => reject(new Error(String(request.error)));
  });
}

async function runAgreement(runs: Runs): Promise<void> {
  try {
    await fc.assert(agreementOfBoards(createMemoryStore, openReopening), runs);
  } finally {
    await remove(boards);
  }
}

declare global {
  /** In a page: compares memory with a board in IndexedDB; rejects with the sequence of calls on which they differ. */
  var runAgreement: (runs: Runs) => Promise<void>;
}

globalThis.runAgreement = runAgreement;
