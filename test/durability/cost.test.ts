import { expect, it } from 'vitest';
import { WITH_ENGINE } from './engine.ts';
import { childScript, ended, start } from '../persistence/child.ts';
import { temporaryFolder } from '../persistence/temporary-folder.ts';

const script = childScript('count-bytes', new URL('count-bytes.ts', import.meta.url));

// Bytes, which are the same on every machine, and not time.
it.runIf(process.platform === 'linux')('writes what the log has to hold, and little beside', async () => {
  const { output } = await ended(start(process.execPath, [script(), await temporaryFolder()], WITH_ENGINE));
  const counts = JSON.parse(output) as Record<'small' | 'large' | 'ratio' | 'snapshots' | 'checkpoints', number>;
  console.log(
    `bytes written per artifact: ${String(Math.round(counts.small))} into a board of 100, ` +
      `${String(Math.round(counts.large))} into one of 100,000; ` +
      `${counts.ratio.toFixed(2)} times the log's records in a run of ${counts.snapshots.toFixed(1)} snapshots, ` +
      `${String(counts.checkpoints)} checkpoints included`,
  );
  expect(counts.large).toBeLessThanOrEqual(2 * counts.small);
  expect(counts.snapshots).toBeGreaterThanOrEqual(10);
  expect(counts.checkpoints).toBeGreaterThan(0);
  expect(counts.ratio).toBeLessThan(4);
});
