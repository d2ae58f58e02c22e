import { spawnSync } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { isProvided } from '../tooling/system-package.ts';
import type { BoardData } from './boards.ts';
import { Rival } from './rival.ts';
import { GETS } from './work.ts';

export const ORIGINAL = 'original (aiosqlite)';

/** Debian's own Python has Debian's packages; another one that comes first in the path does not. */
const PYTHONS = ['python3', '/usr/bin/python3'];

/** A Python with aiosqlite; null where there is none and none can be installed. */
export function findPython(): string | null {
  const found = () => PYTHONS.find((python) => spawnSync(python, ['-c', 'import aiosqlite']).status === 0);
  return isProvided('aiosqlite', 'python3-aiosqlite', () => found() !== undefined) ? (found() ?? null) : null;
}

/** Starts the original with the same data. @param count how many entries it may come to hold */
export async function startOriginal(python: string, data: BoardData, count: number, folder: string): Promise<Rival> {
  const entries = join(folder, 'entries.ndjson');
  const lines = function* () {
    for (let index = 0; index < count; index++) yield `${JSON.stringify(data.entry(index))}\n`;
  };
  await pipeline(Readable.from(lines()), createWriteStream(entries));
  const script = fileURLToPath(new URL('../original.py', import.meta.url));
  const args = [script, entries, String(data.size), join(folder, 'board.db')];
  return Rival.start(ORIGINAL, python, args, (what, first) => inputOf(what, data, first));
}

/** What the original is asked for, which makes up no data itself. */
function inputOf(what: string, data: BoardData, first: number): unknown {
  const seeds = Array.from({ length: 3 }, (_, i) => first + i);
  switch (what) {
    case 'get by id':
      return data.ids(first, GETS);
    case 'list by type':
      return [data.listed];
    case 'query by producer':
      return seeds.map((seed) => data.questionByProducer(seed));
    case 'query by tag':
      return seeds.map((seed) => data.questionByTag(seed));
    default:
      return first;
  }
}
