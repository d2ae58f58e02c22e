import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMemoryStore } from '../../src/memory/memory-store.ts';
import { altered } from '../contract/altered-store.ts';
import { brokenStores } from '../contract/broken-stores.ts';
import { agreement } from './agreement.ts';

/** Bugs of different kinds, from those that nearly every sequence meets to those that need a rare one. */
const PLANTED = [
  'lists artifacts of one instant in the order of publishing',
  'reverses the times only in descending pages',
  'lists a replaced artifact twice',
  'resolves names when it reads',
  'does not wait for a schema that answers later',
  'loses the key __proto__',
  'gives everyone the same creation time',
  'leaves out what was created at the end',
  'takes null for no filter',
  'goes on by offset behind its cursors',
  'knows a consumption without its run',
  'counts consumed artifacts instead of consumptions',
  'deletes what was created at that very instant, too',
  'takes writes in the order in which their validations end',
  'takes a number for a write that fails',
  'words the refusal of an unknown artifact its own way',
];

const CHECK = { numRuns: 1000, seed: 7, endOnFailure: true };

describe('the differential test finds a store that', () => {
  for (const name of PLANTED) {
    it(name, { timeout: 60_000 }, async () => {
      const broken = brokenStores.find((store) => store.name === name);
      const { failed } = await fc.check(
        agreement(createMemoryStore, (options) => broken?.alter(createMemoryStore(options)) ?? createMemoryStore()),
        CHECK,
      );
      expect(failed).toBe(true);
    });
  }
});

describe('the differential test', () => {
  it('agrees with the same wrapper without a bug', { timeout: 60_000 }, async () => {
    const { failed } = await fc.check(
      agreement(createMemoryStore, (options) => altered(createMemoryStore(options), {})),
      { ...CHECK, numRuns: 100 },
    );
    expect(failed).toBe(false);
  });
});
