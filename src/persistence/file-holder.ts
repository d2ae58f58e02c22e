import { isGone, readFile, startOf, stateOf } from './files.ts';
import type { ProcessIdentity } from './files.ts';

/** Who holds a lock. */
export interface Holder extends ProcessIdentity {
  /** Of this one taking of the lock. */
  readonly token: string;
  readonly since: string;
  /** Whether it has let go, without having written what tells its successor that all is well. */
  readonly isOver?: boolean | undefined;
}

export const HEARTBEAT_MS = 10_000;
/** So long without a heartbeat is silence. */
const SILENCE_MS = 60_000;

/** What is known about the process of a holder. */
export type Fate = 'alive' | 'dead' | 'unknown';

export function encodeHolder(holder: Holder): string {
  return JSON.stringify(holder);
}

/** The holder in a lock file; null when there is no file, `unreadable` when something else is in it. */
export async function readHolder(path: string): Promise<Holder | 'unreadable' | null> {
  const content = await readFile(path);
  if (content === null) return null;
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(content.bytes));
    return isHolder(value) ? value : 'unreadable';
  } catch {
    return 'unreadable';
  }
}

export function describeHolder(holder: Holder | 'unreadable'): string {
  if (holder === 'unreadable') return 'somebody';
  return `process ${String(holder.pid)} on ${JSON.stringify(holder.host)}, since ${holder.since}`;
}

/** Whether a holder is provably alive or dead. The lock file tells when it was last heard of. */
export async function fateOf(holder: Holder | 'unreadable', self: ProcessIdentity, path: string): Promise<Fate> {
  if (holder === 'unreadable') return 'unknown';
  if (holder.isOver === true) return 'dead';
  if (holder.host !== self.host) return 'unknown';
  // A process of another container, or of a machine of the same name, cannot be asked about; its silence can be measured.
  const isElsewhere = holder.boot !== null && self.boot !== null && holder.boot !== self.boot;
  if (isElsewhere || holder.pidSpace !== self.pidSpace) return (await isSilent(path)) ? 'dead' : 'unknown';
  if (isGone(holder.pid)) return 'dead';
  const start = await startOf(holder.pid);
  if (holder.start === null || start === null) return 'unknown';
  return holder.start === start ? 'alive' : 'dead';
}

async function isSilent(path: string): Promise<boolean> {
  const state = await stateOf(path);
  return state !== null && Date.now() - Number(state.writtenAt / 1_000_000n) > SILENCE_MS;
}

function isHolder(value: unknown): value is Holder {
  if (typeof value !== 'object' || value === null) return false;
  const fields = new Map<string, unknown>(Object.entries(value));
  const isText = (name: string) => typeof fields.get(name) === 'string';
  const pid = fields.get('pid');
  return (
    typeof pid === 'number' &&
    Number.isInteger(pid) &&
    pid > 0 &&
    ['token', 'host', 'since'].every(isText) &&
    ['boot', 'pidSpace', 'start'].every((name) => isText(name) || fields.get(name) === null)
  );
}
