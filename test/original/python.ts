import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('original.py', import.meta.url));

/** Whether the original's language and its SQLite are here. */
export const hasPython =
  spawnSync('python3', ['-c', 'import sqlite3, sys; sys.exit(sys.version_info < (3, 7))']).status === 0;

/** What the title of a test says that needs them. */
export const needsPython = 'where there is a python3 with sqlite3';

export type Operation = readonly [name: string, argument?: unknown];

/** Does operations of the original on a board file, in a process of its own, and returns the answer to each. */
export function original(path: string, ...operations: readonly Operation[]): unknown[] {
  const input = JSON.stringify(operations.map(([name, argument = null]) => [name, argument]));
  const { status, stdout, stderr } = spawnSync('python3', [script, path], { input, encoding: 'utf8' });
  if (status !== 0) throw new Error(`original.py failed: ${stderr}`);
  const answers: unknown = JSON.parse(stdout);
  if (!Array.isArray(answers)) throw new Error(`original.py answered ${stdout}`);
  return answers;
}
