import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { agent, consumption, entry } from '../../src/contract/samples.ts';
import type { SqliteStore } from '../../src/sqlite/store.ts';
import { openBoardFile } from '../original/boards.ts';
import { temporaryFolder } from '../persistence/temporary-folder.ts';

export async function fill(store: SqliteStore): Promise<void> {
  await store.publishMany([
    entry(1, { type: 'films.Movie', tags: ['space', 'urgent'], correlationId: 'run-1', partitionKey: 'eu' }),
    entry(2, { type: 'films.Movie', tags: ['space'], visibility: { kind: 'Private', agents: ['x'] } }),
    entry(3, { type: 'films.Review', producedBy: 'critic', payload: { text: 'red \u001b[31m\nand blue' } }),
    entry(4, { correlationId: 'run-1' }),
  ]);
  await store.recordConsumptions([consumption(1, { runId: 'r1' }), consumption(2), consumption(3)]);
  await store.upsertAgentSnapshot(agent('scribe'));
}

/** A board in a folder of its own: at rest, or as a writer leaves it that did not checkpoint. */
export async function sampleBoard({ checkpoint = true } = {}): Promise<string> {
  const path = join(await temporaryFolder(), 'board.db');
  const store = await openBoardFile(path);
  await fill(store);
  await store.close({ checkpoint });
  return path;
}

/** Every file in the folder of a board, by name. */
export async function filesBeside(path: string): Promise<Record<string, string>> {
  const folder = dirname(path);
  const names = (await readdir(folder)).sort();
  const contents = await Promise.all(names.map((name) => readFile(join(folder, name), 'base64')));
  return Object.fromEntries(names.map((name, i) => [name, contents[i] ?? '']));
}
