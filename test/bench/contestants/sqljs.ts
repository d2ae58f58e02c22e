import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { openSqliteStore } from 'boardlite/sqlite';
import initSqlJs from 'sql.js';
import type { Contestant } from '../contestant.ts';
import { bareEngine, startSqlJs } from './bare-engine.ts';
import { SqlSession, type Engine } from './sql-session.ts';

/** The limit: prepared statements on the same engine with the same tables, indexes and pragmas, and nothing else. */
export const sqljs: Contestant = {
  name: 'sql.js bare loop',
  most: 1_000_000,
  open: async () => new SqlSession(await openEngine(await emptyBoard())),
};

export async function openEngine(bytes: Uint8Array): Promise<Engine> {
  const wasm = await readFile(createRequire(import.meta.url).resolve('sql.js/dist/sql-wasm.wasm'));
  const { Database } = await startSqlJs(initSqlJs, wasm);
  return bareEngine(new Database(bytes));
}

/** A database with the tables of a board, and nothing in them. */
export async function emptyBoard(): Promise<Uint8Array> {
  const store = await openSqliteStore();
  const bytes = await store.exportBytes();
  await store.close();
  return bytes;
}

/** The statements that make these tables. */
export async function boardSchema(): Promise<string> {
  const engine = await openEngine(await emptyBoard());
  const rows = engine.prepare('SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid').rows([]);
  engine.close();
  return rows.map(([sql]) => String(sql)).join(';\n');
}
