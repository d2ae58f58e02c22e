import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Check, Checks } from './program.ts';

/** How programs are run in a runtime. */
interface Runner {
  readonly path: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Where the package is installed. */
  readonly folder: string;
  readonly boards: string;
}

const PROGRAM = 'node_modules/boardlite/dist/cli/main.js';

async function call({ path, args, env, folder, boards }: Runner, line: readonly string[], input = ''): Promise<string> {
  const child = spawn(path, [...args, PROGRAM, ...line], {
    cwd: folder,
    env: { ...env, TMPDIR: boards },
    stdio: 'pipe',
  });
  child.stdin.end(input);
  const [out, errors, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number]>,
  ]);
  assert.equal(code, 0, `boardlite ${line.join(' ')}: ${errors}`);
  return out;
}

/** The command line, from a board that is made to one that is moved, where the same file runs it. */
export function commandLineIn(runner: Runner): Checks {
  const boardliteOn = (...line: string[]) => call(runner, line);
  const pathOf = (name: string) => join(runner.boards, name);
  const run = async () => {
    await copyFile('test/original/fixtures/original-v3.db', pathOf('board.db'));
    await boardliteOn('migrate', pathOf('board.db'));
    const bundle = await boardliteOn('export', pathOf('board.db'));
    await call(runner, ['import', pathOf('copy/board.db')], bundle);
    assert.equal(await boardliteOn('export', pathOf('copy/board.db')), bundle);
    await boardliteOn('snapshot', pathOf('copy/board.db'), pathOf('snapshot.db'));
    const deleted = await boardliteOn(
      'sqlite-maintenance',
      pathOf('board.db'),
      '--delete-before',
      '2025-10-14',
      '--vacuum',
    );
    assert.equal(deleted, 'Deleted 39 artifacts\nVACUUM completed\n');
    await boardliteOn('restore', pathOf('board.db'), pathOf('snapshot.db'));
    assert.match(await boardliteOn('verify', pathOf('board.db')), /no faults/);
    assert.equal(
      (await boardliteOn('query', pathOf('board.db'), '--jsonl', '--limit', '100')).trim().split('\n').length,
      60,
    );
  };
  const all: Check[] = [{ name: 'makes, moves, mends and reads boards', run }];
  const sabotaged: Check = {
    name: 'a board that is not there',
    run: async () => {
      await boardliteOn('verify', pathOf('nowhere.db'));
    },
  };
  return { scope: 'command line', all, sabotaged };
}
