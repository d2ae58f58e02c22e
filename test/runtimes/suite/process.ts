import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { fileMedium } from 'boardlite/file';
import type { Task } from './host.ts';
import { perform } from './perform.ts';

/** In Node, Deno and Bun: `process.js FOLDER TASK` answers on a line. */
const [, , folder = '', task = ''] = process.argv;

const pathOf = (board: string) => join(folder, board, 'board.db');

/** No process has this number. */
const NOBODY = 2 ** 30;

async function leaveLock(board: string): Promise<void> {
  const lock = `${pathOf(board)}.lock`;
  const text = await readFile(lock, 'utf8').catch(() => '');
  if (text !== '') await writeFile(lock, text.replace(/"pid":\d+/, `"pid":${String(NOBODY)}`));
}

const answer = await perform(
  {
    media: {
      name: 'a file',
      capabilities: { shared: false, exclusive: true, orphans: false, powerCut: false },
      at: (board) => fileMedium(pathOf(board)),
      abandon: leaveLock,
    },
  },
  JSON.parse(task) as Task,
);
console.log(JSON.stringify(answer));
