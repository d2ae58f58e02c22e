import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { brokenDisks } from './broken-disks.ts';
import { keepsPromises } from './property.ts';
import { openSqliteStore } from '../../src/sqlite/sqlite-store.ts';

describe('the crash test finds a disk that', () => {
  for (const [name, Broken] of Object.entries(brokenDisks)) {
    it(name, { timeout: 120_000 }, async () => {
      await (await openSqliteStore()).close();
      for (const isShared of [false, true]) {
        const result = await fc.check(
          keepsPromises(isShared, () => new Broken()),
          { seed: 7, numRuns: 1000, endOnFailure: true },
        );
        console.log(name, isShared, result.failed, result.numRuns, String(result.errorInstance).slice(0, 300));
      }
      expect(1).toBe(1);
    });
  }
});
