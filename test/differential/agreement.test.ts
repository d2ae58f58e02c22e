import * as fc from 'fast-check';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import type { StoreOptions } from '../../src/core/store.ts';
import { fileMedium } from '../../src/file.ts';
import { createMemoryStore } from '../../src/memory/memory-store.ts';
import { openSqliteStore } from '../../src/sqlite/sqlite-store.ts';
import { coin, reopening } from '../contract/reopening.ts';
import { agreement, agreementOfBoards, compare, someTypes } from './agreement.ts';
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

  it('memory and a file, closed and opened again between steps, answer alike', { timeout: 1_200_000 }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'boardlite-agreement-'));
    let boards = 0;
    const openOnFile = (options: StoreOptions) => {
      const medium = fileMedium(join(folder, `${String(++boards)}.db`));
      return reopening(async (before) => {
        await before?.close({ checkpoint: boards % 2 === 0 });
        return openSqliteStore({ ...options, medium });
      }, coin(boards));
    };
    try {
      await fc.assert(agreementOfBoards(createMemoryStore, openOnFile), {
        ...runs,
        numRuns: Math.ceil(runs.numRuns / 10),
      });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('calls answer alike whether each is waited for or none', { timeout: 1_200_000 }, async () => {
    const property = fc.asyncProperty(plainCalls, times, someTypes, async (calls, clock, types) => {
      const patient = new Session(createMemoryStore(optionsOf(clock, types)));
      const hasty = new Session(createMemoryStore(optionsOf(clock, types)));
      const expected: string[] = [];
      for (const call of calls) expected.push(await patient.start(call));
      compare(await Promise.all(calls.map((call) => hasty.start(call))), expected, calls);
      compare(await hasty.end(), await patient.end(), calls);
    });
    await fc.assert(property, runs);
  });
});
