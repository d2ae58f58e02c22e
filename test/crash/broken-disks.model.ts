import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { openSqliteStore } from '../../src/sqlite/sqlite-store.ts';
import { brokenDisks } from './broken-disks.ts';
import { Disk } from './disk.ts';
import { keepsPromises } from './property.ts';

const HISTORIES = { seed: 7, numRuns: 1000, endOnFailure: true };

/** What becomes of a store on such a disk: alone on it, and among others. */
function tryOut(Kind: new () => Disk) {
  return Promise.all(
    [false, true].map((isShared) =>
      fc.check(
        keepsPromises(isShared, () => new Kind()),
        HISTORIES,
      ),
    ),
  );
}

beforeAll(async () => {
  // The engine is loaded once, outside of every history.
  await (await openSqliteStore()).close();
});

describe('the crash test finds a disk that', () => {
  it.each(Object.entries(brokenDisks))('%s', { timeout: 120_000 }, async (_, Broken) => {
    const outcomes = await tryOut(Broken);
    expect(outcomes.some(({ failed }) => failed)).toBe(true);
  });
});

describe('the crash test finds nothing', () => {
  // Where this fails, a broken disk may have been found for what a sound one shows as well.
  it('in a sound disk, in the same histories', { timeout: 120_000 }, async () => {
    const outcomes = await tryOut(Disk);
    expect(outcomes.map(({ errorInstance }) => errorInstance)).toEqual([null, null]);
  });
});
