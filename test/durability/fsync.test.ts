import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { childScript, ended, start } from '../persistence/child.ts';
import { temporaryFolder } from '../persistence/temporary-folder.ts';
import { WITH_ENGINE } from './engine.ts';
import { isProvided } from '../tooling/system-package.ts';

const script = childScript('publish-one-by-one', new URL('publish-one-by-one.ts', import.meta.url));
const WRITES = 20;

/** How often the process asked the system to flush between one acknowledgement and the next. */
async function flushesBefore(durability: string): Promise<number[]> {
  const folder = await temporaryFolder();
  const trace = join(folder, 'trace');
  const filter = ['-f', '-qq', '-e', 'trace=fsync,fdatasync,sync_file_range,write', '-o', trace];
  const writer = [process.execPath, script(), join(folder, 'board.db'), durability, String(WRITES)];
  const { output } = await ended(start('strace', [...filter, ...writer], WITH_ENGINE));
  expect(output).toBe(`ready\n${'acknowledged\n'.repeat(WRITES)}`);
  const [, ...afterReady] = (await readFile(trace, 'utf8')).split('write(1, "ready\\n"');
  const stretches = afterReady.join('').split('write(1, "acknowledged\\n"').slice(0, -1);
  return stretches.map((stretch) => stretch.match(/\b(?:fsync|fdatasync|sync_file_range)\(/g)?.length ?? 0);
}

describe.skipIf(!isProvided('strace', 'strace', () => spawnSync('strace', ['-V']).status === 0))(
  'a file medium, its system calls watched',
  () => {
    it('flushes to the disk before it acknowledges a strict write', async () => {
      const flushes = await flushesBefore('strict');
      expect(flushes).toHaveLength(WRITES);
      expect(Math.min(...flushes)).toBeGreaterThanOrEqual(1);
    });

    it('flushes nothing for a relaxed one', async () => {
      expect(await flushesBefore('relaxed')).toEqual(Array.from({ length: WRITES }, () => 0));
    });
  },
);
