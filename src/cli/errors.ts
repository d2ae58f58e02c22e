import { inspect } from 'node:util';
import { CommanderError } from 'commander';
import { BlackboardError, type BlackboardErrorCode } from '../index.ts';
import { Interrupted, NobodyReads, type Session } from './session.ts';

/** What a process ends with. */
export const EXIT = { done: 0, failed: 1, usage: 2, faults: 3 } as const;

/** What the messages of the library leave to whoever calls it. */
const ADVICE: Partial<Record<BlackboardErrorCode, string>> = {
  locked: 'wait until it is closed; commands that only read work meanwhile',
  'newer-format': 'update boardlite',
  quota: 'free some space and run the command again',
};

/** Says in one line why a command failed, and what to do. Returns what the process ends with. */
export function report(error: unknown, session: Session, isDebugging: boolean): number {
  if (error instanceof NobodyReads) return session.exitCode;
  if (error instanceof Interrupted) return error.exitCode;
  // Commander has printed it already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  session.note(describe(error));
  if (isDebugging) session.debug(inspect(error));
  return error instanceof BlackboardError && error.code === 'invalid-argument' ? EXIT.usage : EXIT.failed;
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const advice = error instanceof BlackboardError ? ADVICE[error.code] : undefined;
  return advice === undefined ? error.message : `${error.message}; ${advice}`;
}
