import { removeFile, siblingsOf, stateOf } from './files.ts';
import type { FileState } from './files.ts';

/** A path in the same folder that nobody else uses. */
export function temporaryBeside(path: string): string {
  return `${path}.${crypto.randomUUID()}.tmp`;
}

const UUID = String.raw`[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}`;
/** What was not carried to its end: a new file of one kind, the right to take over a lock. */
const TEMPORARY = new RegExp(String.raw`^(?:(?:\.log)?\.${UUID}\.tmp|\.lock(?:\.${UUID})+(?:\.tmp)?)$`);
const STALE_AFTER = 3_600_000_000_000n;

/** A temporary file an hour older than what was just saved belongs to a run that died. Both times are the disk's. */
export async function removeStale(path: string, saved: FileState): Promise<void> {
  for (const sibling of await siblingsOf(path)) {
    if (!TEMPORARY.test(sibling.slice(path.length))) continue;
    const state = await stateOf(sibling);
    if (state !== null && saved.writtenAt - state.writtenAt > STALE_AFTER) await removeFile(sibling);
  }
}

/** For the removal of what takes room and does no harm: a later save tries again. */
export function ignore(): void {
  // Whoever waits learns of what matters.
}
