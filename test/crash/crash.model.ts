import * as fc from 'fast-check';
import { beforeAll, describe, it } from 'vitest';
import { openSqliteStore } from '../../src/sqlite/sqlite-store.ts';
import { histories } from './history.ts';
import { Run } from './run.ts';

const seed = Number(process.env['CRASH_SEED'] ?? Date.now() % 2 ** 31);
const numRuns = Number(process.env['CRASH_RUNS'] ?? 1000);

beforeAll(async () => {
  // What comes later is counted in steps, and does not wait for the engine to be compiled.
  await (await openSqliteStore()).close();
});

describe(`with seed ${String(seed)} (CRASH_SEED), ${String(numRuns)} times (CRASH_RUNS)`, () => {
  console.log(`crash tests: seed ${String(seed)}, ${String(numRuns)} histories of each kind`);
  for (const isShared of [false, true]) {
    it(isShared ? 'several stores' : 'one store', { timeout: 1_200_000 }, async () => {
      const property = fc.asyncProperty(histories(isShared), async (history) => {
        const run = new Run(history);
        try {
          await run.toEnd();
        } catch (error) {
          throw new Error(`${String(error)}\n${run.world.trace.join('\n')}`, { cause: error });
        }
      });
      await fc.assert(property, { seed, numRuns });
    });
  }
});
