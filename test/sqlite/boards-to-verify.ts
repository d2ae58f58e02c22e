import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { agent, consumption, entry } from '../../src/contract/samples.ts';
import { fileMedium } from '../../src/persistence/file-medium.ts';
import { verifyBoard } from '../../src/sqlite/verify-board.ts';
import { openBoardFile, visit } from '../original/boards.ts';
import { openDriver } from '../original/databases.ts';
import { temporaryFolder } from '../persistence/temporary-folder.ts';
import type { SqliteStore } from '../../src/sqlite/store.ts';

export async function fill(store: SqliteStore): Promise<void> {
  await store.publishMany([
    entry(1, { tags: ['a', 'b'] }),
    entry(2, { type: 'Task', payload: { text: 'an easily found text' } }),
  ]);
  await store.recordConsumptions([consumption(1), consumption(2)]);
  await store.upsertAgentSnapshot(agent('scribe'));
}

/** A board at rest, with an empty log. */
export async function boardAtRest(): Promise<string> {
  const path = join(await temporaryFolder(), 'board.db');
  await visit(path, fill);
  return path;
}

/** A board whose writes are in its log. */
export async function boardWithLog(): Promise<string> {
  const path = join(await temporaryFolder(), 'board.db');
  const store = await openBoardFile(path);
  await fill(store);
  await store.publish(entry(3, { payload: { text: 'another one' } }));
  await store.close({ checkpoint: false });
  return path;
}

/** Changes the database as another program would. */
export async function change(path: string, script: string): Promise<void> {
  const driver = await openDriver(await readFile(path));
  driver.script(script);
  await writeFile(path, driver.exportBytes());
}

export async function flip(path: string, place: number): Promise<void> {
  const bytes = await readFile(path);
  bytes[place] = (bytes[place] ?? 0) ^ 0x20;
  await writeFile(path, bytes);
}

export const verify = (path: string) => verifyBoard({ medium: fileMedium(path) });

export async function faultsOf(path: string): Promise<string[]> {
  const before = await readFile(path);
  const { findings } = await verify(path);
  expect(Buffer.compare(await readFile(path), before)).toBe(0);
  return findings.filter(({ kind }) => kind === 'fault').map(({ message }) => message);
}

export const FOREIGN =
  'the bytes are not those that were saved last: another program changed them, or they are damaged';
