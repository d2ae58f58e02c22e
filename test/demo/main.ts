import { realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { BlackboardError } from 'boardlite';
import { runAgents } from './run-agents.ts';
import type { Run } from './run-agents.ts';
import { Terminal } from './terminal.ts';

const USAGE = `usage: npm run demo -- [board file] [folder to audit]

Three agents audit the packages in a folder's node_modules and keep what they
find on a board. Unless told otherwise they audit boardlite's own folder, on the
board test/demo/.board/audit.db.`;

/** Runs the demo; resolves with the exit code. */
export async function main(args: string[], root: string): Promise<number> {
  const terminal = new Terminal(process.stdout);
  const interrupt = new AbortController();
  const onInterrupt = () => {
    interrupt.abort();
  };
  // Once: whoever presses Ctrl-C again does not want to wait.
  process.once('SIGINT', onInterrupt).once('SIGTERM', onInterrupt);
  try {
    const run = readArguments(args, root);
    if (run === null) terminal.lines(USAGE.split('\n'));
    else await runAgents(run, terminal, interrupt.signal);
    return 0;
  } catch (error) {
    terminal.lines([]);
    if (interrupt.signal.aborted && error === interrupt.signal.reason) {
      terminal.lines(['Stopped. The board keeps what was published; another run goes on from there.']);
      return 130;
    }
    if (!(error instanceof BlackboardError || error instanceof UsageError)) throw error;
    console.error(error.message);
    return error instanceof UsageError ? 2 : 1;
  } finally {
    process.off('SIGINT', onInterrupt).off('SIGTERM', onInterrupt);
  }
}

class UsageError extends Error {}

/** Null when help was asked for. Paths are relative to where the user is, which is not where npm runs scripts. */
function readArguments(args: string[], root: string): Run | null {
  const base = process.env['INIT_CWD'] ?? process.cwd();
  const { values, positionals } = parse(args);
  if (values.help === true) return null;
  const [board, folder, ...rest] = positionals;
  if (rest.length > 0) throw new UsageError(`Cannot run the demo with "${rest.join('" "')}": it takes two arguments`);
  return {
    base,
    boardPath: board === undefined ? join(root, 'test/demo/.board/audit.db') : resolve(base, board),
    folder: auditedFolder(folder === undefined ? root : resolve(base, folder)),
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, allowPositionals: true, options: { help: { type: 'boolean', short: 'h' } } });
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`, { cause: error });
  }
}

/** The folder that holds node_modules; node_modules itself is taken for it. */
function auditedFolder(path: string): string {
  const folder = basename(path) === 'node_modules' ? dirname(path) : path;
  if (statSync(join(folder, 'node_modules'), { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new UsageError(`Cannot audit "${path}": it has no node_modules folder`);
  }
  return realpathSync(folder);
}
