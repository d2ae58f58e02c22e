import * as fc from 'fast-check';
import { beforeAll, it } from 'vitest';
import { openSqliteStore } from '../../src/sqlite/sqlite-store.ts';
import { keepsPromises } from './property.ts';

const seed = Number(process.env['CRASH_SEED'] ?? 329_196_108);
const numRuns = Number(process.env['CRASH_RUNS'] ?? 5000);

beforeAll(async () => {
  // What comes later is counted in steps, and does not wait for the engine to be compiled.
  await (await openSqliteStore()).close();
});

it(
  `keeps its promises in ${numRuns} histories (CRASH_RUNS) from seed ${seed} (CRASH_SEED)`,
  { timeout: 1_200_000 },
  async () => {
    await fc.assert(keepsPromises(), { seed, numRuns });
  },
);
