import { describe, expect, it } from 'vitest';
import type { StoredArtifact } from '../../src/core/fact.ts';
import { matcher, type Selection } from '../../src/core/filter.ts';
import { artifactWith, idOf } from './samples.ts';

const artifact = artifactWith({
  correlationId: 'c',
  partitionKey: 'p',
  tags: ['alpha', 'beta'],
  visibility: { kind: 'Tenant', tenantId: 't' },
});

describe('a filter', () => {
  it.each<[string, Selection, boolean]>([
    ['nothing', {}, true],
    ['its id', { ids: [idOf(1)] }, true],
    ['one of several ids', { ids: [idOf(0), idOf(1)] }, true],
    ['another id', { ids: [idOf(2)] }, false],
    ['no id', { ids: [] }, false],
    ['its type', { typeNames: ['films.Movie'] }, true],
    ['one of several types', { typeNames: ['films.Movie', 'films.Review'] }, true],
    ['another type', { typeNames: ['Movie'] }, false],
    ['no type', { typeNames: [] }, false],
    ['its producer', { producedBy: ['scout'] }, true],
    ['one of several producers', { producedBy: ['critic', 'scout'] }, true],
    ['another producer', { producedBy: ['critic'] }, false],
    ['no producer', { producedBy: [] }, false],
    ['its kind of visibility', { visibility: ['Tenant'] }, true],
    ['one of several kinds', { visibility: ['Public', 'Tenant'] }, true],
    ['another kind', { visibility: ['Public'] }, false],
    ['no kind', { visibility: [] }, false],
    ['its correlation', { correlationId: 'c' }, true],
    ['another correlation', { correlationId: 'd' }, false],
    ['no correlation', { correlationId: null }, false],
    ['its partition', { partitionKey: 'p' }, true],
    ['another partition', { partitionKey: 'c' }, false],
    ['no partition', { partitionKey: null }, false],
    ['one of its tags', { tags: ['beta'] }, true],
    ['both of its tags', { tags: ['alpha', 'beta'] }, true],
    ['a tag it lacks', { tags: ['gamma'] }, false],
    ['a tag it has and one it lacks', { tags: ['alpha', 'gamma'] }, false],
    ['an empty set of tags', { tags: [] }, true],
    ['its own instant as the start', { start: 1000 }, true],
    ['a start one millisecond later', { start: 1001 }, false],
    ['its own instant as the end', { end: 1000 }, true],
    ['an end one millisecond earlier', { end: 999 }, false],
    ['exactly its instant', { start: 1000, end: 1000 }, true],
    ['a window that ends before it starts', { start: 1001, end: 999 }, false],
    ['two fields that hold', { ids: [idOf(1)], producedBy: ['scout'] }, true],
    ['two fields of which one holds', { ids: [idOf(1)], producedBy: ['critic'] }, false],
  ])('for %s', (_, selection, expected) => {
    expect(matcher(selection)(artifact)).toBe(expected);
  });

  it('for null matches artifacts without a correlation or partition, and those only', () => {
    const without = artifactWith();
    expect(matcher({ correlationId: null, partitionKey: null })(without)).toBe(true);
    expect(matcher({ correlationId: 'c' })(without)).toBe(false);
    expect(matcher({ partitionKey: 'p' })(without)).toBe(false);
  });

  it('keeps the empty string apart from null', () => {
    const empty = artifactWith({ correlationId: '', partitionKey: '' });
    expect(matcher({ correlationId: '', partitionKey: '' })(empty)).toBe(true);
    expect(matcher({ correlationId: null })(empty)).toBe(false);
    expect(matcher({ partitionKey: null })(empty)).toBe(false);
  });

  it('is false as soon as any one field does not hold', () => {
    const all: Required<Selection> = {
      ids: [idOf(1)],
      typeNames: ['films.Movie'],
      producedBy: ['scout'],
      correlationId: 'c',
      partitionKey: 'p',
      tags: ['alpha'],
      visibility: ['Tenant'],
      start: 1000,
      end: 1000,
    };
    const others: Partial<StoredArtifact>[] = [
      { id: idOf(2) },
      { type: 'films.Review' },
      { producedBy: 'critic' },
      { correlationId: null },
      { partitionKey: null },
      { tags: ['beta'] },
      { visibility: { kind: 'Public' } },
      { createdAt: 999 },
      { createdAt: 1001 },
    ];
    expect(matcher(all)(artifact)).toBe(true);
    for (const other of others) expect(matcher(all)({ ...artifact, ...other })).toBe(false);
  });
});
