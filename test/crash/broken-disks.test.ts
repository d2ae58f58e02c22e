import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { openSqliteStore } from '../../src/sqlite/sqlite-store.ts';
import { brokenDisks } from './broken-disks.ts';
import { Disk } from './disk.ts';
import { keepsPromises } from './property.ts';

/** What is wrong with a store on such a disk; null when nothing is found in these histories. */
async function faultOf(Kind: new () => Disk): Promise<unknown> {
  const histories = { seed: 7, numRuns: 2000, endOnFailure: true };
  return (
    await fc.check(
      keepsPromises(() => new Kind()),
      histories,
    )
  ).errorInstance;
}

beforeAll(async () => {
  // The engine is loaded once, outside of every history.
  await (await openSqliteStore()).close();
});

describe('the crash test finds a disk that', () => {
  it.each(Object.entries(brokenDisks))('%s', { timeout: 240_000 }, async (_, Broken) => {
    expect(await faultOf(Broken)).toBeInstanceOf(Error);
  });
});

describe('the crash test finds nothing', () => {
  // Where this fails, a broken disk may have been found for what a sound one shows as well.
  it('in a sound disk, in the same histories', { timeout: 240_000 }, async () => {
    expect(await faultOf(Disk)).toBeNull();
  });
});
