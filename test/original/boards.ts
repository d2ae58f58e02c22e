import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { Artifact } from '../../src/core/artifact.ts';
import { fileMedium } from '../../src/file.ts';
import type { SqliteStoreOptions } from '../../src/sqlite/options.ts';
import { openSqliteStore } from '../../src/sqlite/sqlite-store.ts';
import type { SqliteStore } from '../../src/sqlite/sqlite-store.ts';
import type { StoreEvent } from '../../src/sqlite/store-event.ts';
import { temporaryFolder } from '../persistence/temporary-folder.ts';

export function fixturePath(name: string): string {
  return fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));
}

/** Copies of fixtures in a folder of their own; the path of the first. */
export async function copyFixtures(...names: readonly [string, ...string[]]): Promise<string> {
  const folder = await temporaryFolder();
  for (const name of names) await copyFile(fixturePath(name), join(folder, name));
  return join(folder, names[0]);
}

/** Opens the board in a file for one test. */
export async function openBoardFile(path: string, options: SqliteStoreOptions = {}): Promise<SqliteStore> {
  const store = await openSqliteStore({ medium: fileMedium(path), ...options });
  onTestFinished(() => store.close().catch(() => undefined));
  return store;
}

/** Opens the board in a file, asks it something, closes it, and tells what happened on the way. */
export async function visit<T>(
  path: string,
  ask: (store: SqliteStore) => Promise<T>,
): Promise<{ answer: T; events: StoreEvent[] }> {
  const events: StoreEvent[] = [];
  const store = await openBoardFile(path, { onEvent: (event) => events.push(event) });
  const answer = await ask(store);
  await store.close();
  return { answer, events };
}

export const idsOf = (artifacts: readonly Artifact[]) => artifacts.map(({ id }) => id);
