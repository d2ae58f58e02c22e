import { onTestFinished } from 'vitest';
import type { Artifact } from '../../src/core/artifact.ts';
import { loadEngine } from '../../src/sqlite/load-engine.ts';
import type { SqliteStoreOptions } from '../../src/sqlite/options.ts';
import { openSqliteStore, type SqliteStore } from '../../src/sqlite/sqlite-store.ts';
import { SqlJsDriver } from '../../src/sqlite/sqljs-driver.ts';
import { TrialMedium } from './trial-medium.ts';

export const NOTE = { type: 'app.Note', producedBy: 'scout', payload: { text: 'hello' } };

/** A store that is closed when the test has ended, if it can be. */
export async function open(options: SqliteStoreOptions = {}): Promise<SqliteStore> {
  const store = await openSqliteStore(options);
  onTestFinished(() => store.close().catch(() => undefined));
  return store;
}

/** A store on a medium that has nothing but an empty board yet. */
export async function openEmpty(
  options: SqliteStoreOptions = {},
): Promise<{ readonly medium: TrialMedium; readonly store: SqliteStore }> {
  const medium = new TrialMedium();
  const store = await open({ ...options, medium });
  await store.flush();
  return { medium, store };
}

export const failureOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'it succeeded',
    (error: unknown) => error,
  );

/** What the next one who opens the board finds. */
export async function keptOn(medium: TrialMedium): Promise<Artifact[]> {
  const reader = await openSqliteStore({ medium, readOnly: true });
  try {
    return await reader.list();
  } finally {
    await reader.close();
  }
}

export async function databaseOf(bytes: Uint8Array | null): Promise<SqlJsDriver> {
  const driver = new SqlJsDriver(await loadEngine(), bytes ?? undefined);
  onTestFinished(() => {
    driver.close();
  });
  return driver;
}

/** How many artifacts a database holds. */
export async function countIn(bytes: Uint8Array | null): Promise<unknown> {
  return (await databaseOf(bytes)).all({ text: 'SELECT count(*) FROM artifacts', values: [] })[0]?.[0];
}

/** Lets everything that can go on go on, and waits until it is so. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setImmediate(resolve));
}
