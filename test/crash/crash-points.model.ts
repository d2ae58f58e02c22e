import { beforeAll, describe, expect, it } from 'vitest';
import { openSqliteStore } from '../../src/sqlite/sqlite-store.ts';
import { crashEverywhere, sequences } from './crash-points.ts';
import type { Action, Deed, History } from './history.ts';

const one: Action = { kind: 'publish', ids: [0] };
const many: Action = { kind: 'publish', ids: [1, 0] };
const alone: readonly Action[] = [one, many, { kind: 'checkpoint' }, { kind: 'reopen' }];

/** Waited for one by one. */
const patient = alone.map((action): Deed => ({ store: 0, action, pace: null }));
/** Called at once. */
const hasty = alone.map((action): Deed => ({ store: 0, action, pace: 0 }));
/** Called at once in two stores. */
const two = [0, 1].flatMap((store): Deed[] => [
  { store, action: one, pace: 0 },
  { store, action: { kind: 'checkpoint' }, pace: 0 },
]);

type Case = readonly [what: string, deeds: readonly Deed[], upTo: number, isShared: boolean, History['durability']];

const cases: readonly Case[] = [
  ['four calls, one by one', patient, 4, false, 'relaxed'],
  ['four calls, one by one', patient, 4, false, 'strict'],
  ['three calls at once', hasty, 3, false, 'relaxed'],
  ['three calls at once', hasty, 3, false, 'strict'],
  ['three calls of two stores at once', two, 3, true, 'relaxed'],
  ['three calls of two stores at once', two, 3, true, 'strict'],
];

beforeAll(async () => {
  // What comes later is counted in steps, and does not wait for the engine to be compiled.
  await (await openSqliteStore()).close();
});

describe('a crash at any point leaves what was promised in every history of up to', () => {
  it.each(cases)('%s (%5$s)', { timeout: 600_000 }, async (_, deeds, upTo, isShared, durability) => {
    let crashes = 0;
    for (let length = 1; length <= upTo; length++) {
      for (const sequence of sequences(deeds, length)) {
        crashes += await crashEverywhere({
          isShared,
          durability,
          deeds: sequence,
          faults: [],
          isClosed: false,
          choices: [],
        }).catch((cause: unknown) => {
          throw new Error(`Not in the history ${JSON.stringify(sequence)}`, { cause });
        });
      }
    }
    expect(crashes).toBeGreaterThan(500);
  });
});
