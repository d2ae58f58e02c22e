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

type Case = readonly [what: string, deeds: readonly Deed[], isShared: boolean, History['durability']];

const LENGTHS = [1, 2, 3, 4];

const cases = (['relaxed', 'strict'] as const).flatMap((durability): Case[] => [
  [`one by one, ${durability}`, patient, false, durability],
  [`at once, ${durability}`, hasty, false, durability],
  [`at once in two stores, ${durability}`, two, true, durability],
]);

beforeAll(async () => {
  // What comes later is counted in steps, and does not wait for the engine to be compiled.
  await (await openSqliteStore()).close();
});

describe('a crash at any point of any history of up to four calls leaves what was promised', () => {
  it.each(cases)('%s', { timeout: 600_000 }, async (_, deeds, isShared, durability) => {
    let crashes = 0;
    for (const sequence of LENGTHS.flatMap((length) => sequences(deeds, length))) {
      const history = { isShared, durability, deeds: sequence, faults: [], isClosed: false, choices: [] };
      crashes += await crashEverywhere(history).catch((cause: unknown) => {
        throw new Error(`Not in the history ${JSON.stringify(sequence)}`, { cause });
      });
    }
    expect(crashes).toBeGreaterThan(500);
  });
});
