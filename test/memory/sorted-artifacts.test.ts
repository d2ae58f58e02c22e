import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareArtifacts, type StoredArtifact } from '../../src/core/fact.ts';
import { SortedArtifacts } from '../../src/memory/sorted-artifacts.ts';
import { artifactWith, idOf } from '../core/samples.ts';

/** Few instants and ids, so that ties are frequent; each artifact once, as on a board. */
const artifacts = fc.uniqueArray(
  fc
    .record({ createdAt: fc.integer({ min: -3, max: 3 }), id: fc.nat(20).map(idOf) })
    .map((fields) => artifactWith(fields)),
  { selector: ({ id }) => id, maxLength: 15 },
);

function sortedFrom(given: readonly StoredArtifact[]): SortedArtifacts {
  const sorted = new SortedArtifacts();
  for (const artifact of given) sorted.add(artifact);
  return sorted;
}

describe('sorted artifacts', () => {
  it('are what a sorted array would be, whatever is added and removed, in whatever order', () => {
    const instant = fc.option(fc.integer({ min: -4, max: 4 }), { nil: undefined });
    fc.assert(
      fc.property(artifacts, fc.array(fc.nat(14)), instant, instant, (given, removals, start, end) => {
        const sorted = sortedFrom(given);
        const gone = new Set(removals.flatMap((index) => given[index] ?? []));
        for (const artifact of gone) sorted.remove(artifact);
        const kept = given.filter((artifact) => !gone.has(artifact)).sort(compareArtifacts);
        const from = start ?? -Infinity;
        const to = end ?? Infinity;
        expect(sorted.length).toBe(kept.length);
        expect(sorted.between()).toEqual(kept);
        expect(sorted.between(start, end)).toEqual(kept.filter(({ createdAt: at }) => at >= from && at <= to));
        expect(sorted.countBefore(to)).toBe(kept.filter(({ createdAt }) => createdAt < to).length);
        expect(sorted.removeBefore(from)).toEqual(kept.filter(({ createdAt }) => createdAt < from));
        expect(sorted.between()).toEqual(kept.filter(({ createdAt }) => createdAt >= from));
      }),
      { numRuns: 1000 },
    );
  });

  it('can be added again once removed', () => {
    const sorted = sortedFrom([artifactWith({ id: idOf(2) }), artifactWith({ id: idOf(1) })]);
    sorted.remove(artifactWith({ id: idOf(1) }));
    sorted.remove(artifactWith({ id: idOf(2) }));
    expect(sorted.length).toBe(0);
    sorted.add(artifactWith({ id: idOf(1) }));
    expect(sorted.between()).toEqual([artifactWith({ id: idOf(1) })]);
  });

  it('are handed out as arrays of their own', () => {
    const sorted = sortedFrom([artifactWith()]);
    sorted.between().pop();
    expect(sorted.length).toBe(1);
  });
});
