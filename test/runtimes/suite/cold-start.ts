import type { openSqliteStore } from 'boardlite/sqlite';

/** How long it takes from nothing to a first answer, in milliseconds. */
export interface ColdStart {
  readonly import: number;
  readonly open: number;
  readonly publish: number;
}

type Load<T> = () => Promise<T>;

export async function startBoardlite(load: Load<{ openSqliteStore: typeof openSqliteStore }>): Promise<ColdStart> {
  const start = performance.now();
  const { openSqliteStore: open } = await load();
  const imported = performance.now();
  const store = await open();
  const opened = performance.now();
  await store.publish({ type: 'test.Entry', payload: { text: 'first' }, producedBy: 'starter' });
  const published = performance.now();
  await store.close();
  return { import: imported - start, open: opened - imported, publish: published - opened };
}

interface SqlJs {
  readonly Database: new () => { run(sql: string, values?: unknown[]): unknown; close(): void };
}
export type InitSqlJs = (options: { locateFile?: ((name: string) => string) | undefined }) => Promise<SqlJs>;

/** The same with nothing but the engine. */
export async function startSqlJs(load: Load<InitSqlJs>, locateFile?: (name: string) => string): Promise<ColdStart> {
  const start = performance.now();
  const initSqlJs = await load();
  const imported = performance.now();
  const { Database } = await initSqlJs({ locateFile });
  const database = new Database();
  database.run('CREATE TABLE artifacts (id TEXT PRIMARY KEY, payload TEXT NOT NULL)');
  const opened = performance.now();
  database.run('INSERT INTO artifacts VALUES (?, ?)', ['1', '{"text":"first"}']);
  const published = performance.now();
  database.close();
  return { import: imported - start, open: opened - imported, publish: published - opened };
}
