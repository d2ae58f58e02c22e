import { utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BlackboardError } from '../../src/core/errors.ts';
import { thisProcess, type ProcessIdentity } from '../../src/persistence/files.ts';
import { openFile } from './boards.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** No process has this number. */
const NOBODY = 2 ** 30;
const [NOW, A_MINUTE_AGO] = [0, 61_000];

/** Tries to open a board whose lock names this process with a difference, and was last touched so long ago. */
async function outcomeOf(difference: Partial<ProcessIdentity>, silence: number): Promise<string> {
  const path = join(await temporaryFolder(), 'board.db');
  const holder = { ...(await thisProcess()), token: 'token', since: '2026-01-01T00:00:00.000Z', ...difference };
  await writeFile(`${path}.lock`, JSON.stringify(holder));
  const touched = new Date(Date.now() - silence);
  await utimes(`${path}.lock`, touched, touched);
  return openFile(path).then(
    () => 'taken over',
    (error: unknown) => (error instanceof BlackboardError ? error.code : String(error)),
  );
}

describe('a lock that was left by', () => {
  it.each<[string, Partial<ProcessIdentity>, silence: number, outcome: string]>([
    ['a process of this machine that is gone', { pid: NOBODY }, NOW, 'taken over'],
    ['a process of this machine whose number another has by now', { start: '1' }, NOW, 'taken over'],
    ['a process of this machine that lives, and is silent', {}, A_MINUTE_AGO, 'locked'],
    ['a process of another machine', { host: 'elsewhere', pid: NOBODY }, A_MINUTE_AGO, 'locked'],
    ['a process of another machine with the same name that writes', { boot: 'another', pid: NOBODY }, NOW, 'locked'],
    ['a process of this machine before it started anew', { boot: 'another', pid: NOBODY }, A_MINUTE_AGO, 'taken over'],
    ['a process of another container that writes', { pidSpace: 'another', pid: NOBODY }, NOW, 'locked'],
    ['a process of another container that is silent', { pidSpace: 'another' }, A_MINUTE_AGO, 'taken over'],
  ])('%s', async (_, difference, silence, outcome) => {
    expect(await outcomeOf(difference, silence)).toBe(outcome);
  });
});
