import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('original.py', import.meta.url));

const CHECK = `import sqlite3, sys
sqlite3.connect(":memory:").execute("SELECT 1 FROM json_each('[1]')")
sys.exit(sys.version_info < (3, 7) or sqlite3.sqlite_version_info < (3, 24))`;

/** Whether the original's language is here, and a SQLite that knows JSON and upserts, as the original's statements do. */
export const hasPython = spawnSync('python3', ['-c', CHECK]).status === 0;

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
