import * as fc from 'fast-check';
import { describe, it } from 'vitest';
import { createMemoryStore } from '../../src/memory/memory-store.ts';
import { openSqliteStore } from '../../src/sqlite/sqlite-store.ts';
import { agreement, compare } from './agreement.ts';
import { plainCalls } from './operations.ts';
import { runsOf } from './runs.ts';
import { times } from './sample-values.ts';
import { optionsOf, Session } from './session.ts';

const runs = runsOf(2000);

describe(`with seed ${String(runs.seed)} (DIFFERENTIAL_SEED), ${String(runs.numRuns)} times (DIFFERENTIAL_RUNS)`, () => {
  // Printed whatever the reporter shows, so that a failure on another machine can be seen again.
  console.log(`differential tests: seed ${String(runs.seed)}, ${String(runs.numRuns)} sequences`);

  it('memory and SQLite answer every sequence of calls alike', { timeout: 1_200_000 }, async () => {
    await fc.assert(agreement(createMemoryStore, openSqliteStore), runs);
  });

  it('calls answer alike whether each is waited for or none', { timeout: 1_200_000 }, async () => {
    const property = fc.asyncProperty(plainCalls, times, fc.boolean(), async (calls, clock, withTypes) => {
      const patient = new Session(createMemoryStore(optionsOf(clock, withTypes)));
      const hasty = new Session(createMemoryStore(optionsOf(clock, withTypes)));
      const expected: string[] = [];
      for (const call of calls) expected.push(await patient.start(call));
      compare(await Promise.all(calls.map((call) => hasty.start(call))), expected, calls);
      compare(await hasty.end(), await patient.end(), calls);
    });
    await fc.assert(property, runs);
  });
});
