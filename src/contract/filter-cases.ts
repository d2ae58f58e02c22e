import type { NamedDraft } from '../core/artifact.ts';
import type { ArtifactType } from '../core/artifact-type.ts';
import type { ArtifactFilter } from '../core/filter.ts';
import { VISIBILITY_KINDS } from '../core/visibility.ts';
import { equal, rejects } from './assert.ts';
import { casesOf, type ContractCase, type StoreBench } from './contract-case.ts';
import { anyType } from './sample-types.ts';
import { at, consumption, entry, idOf, numbers, once } from './samples.ts';
import type { UntypedStore } from './untyped-store.ts';

const DRAFTS: readonly NamedDraft[] = [
  entry(1, { type: 'A', producedBy: 'ann', tags: ['x', 'y'], correlationId: 'c1', partitionKey: 'p1' }),
  entry(2, {
    type: 'A',
    producedBy: 'bob',
    tags: ['x'],
    correlationId: 'c1',
    visibility: { kind: 'Private', agents: ['a'] },
  }),
  entry(3, {
    type: 'B',
    producedBy: 'ann',
    tags: ['y'],
    correlationId: 'c2',
    visibility: { kind: 'Tenant', tenantId: 't' },
  }),
  entry(4, {
    type: 'B',
    producedBy: 'cy',
    partitionKey: 'p1',
    visibility: { kind: 'Labelled', requiredLabels: ['l'] },
  }),
  entry(5, {
    type: 'C',
    producedBy: 'bob',
    tags: ['x', 'y', 'z'],
    visibility: { kind: 'After', ttl: 'PT1H', then: null },
  }),
];

/** What a filter matches, by number: asked for in every way a filter can be, which must all agree. */
async function matching(bench: StoreBench, filter: ArtifactFilter | undefined): Promise<number[]> {
  const store = await bench.open();
  await store.publishMany(DRAFTS);
  await store.recordConsumptions(DRAFTS.map((_, i) => consumption(i + 1)));
  const page = await store.queryArtifacts(filter);
  const found = numbers(page.items);
  const graph = await store.fetchGraphArtifacts(filter);
  equal([page.total, graph.total], [found.length, found.length], 'the totals');
  equal(numbers(graph.items.map(({ artifact }) => artifact)), found, 'the graph');
  equal((await store.summarizeArtifacts(filter)).total, found.length, 'the total of the summary');
  equal((await store.agentHistorySummary('reader', filter)).consumed.total, found.length, 'what the reader consumed');
  let produced = 0;
  for (const producer of ['ann', 'bob', 'cy']) {
    produced += (await store.agentHistorySummary(producer, filter)).produced.total;
  }
  equal(produced, found.length, 'what was produced');
  return found;
}

const MATCHES: readonly (readonly [name: string, filter: ArtifactFilter | undefined, expected: readonly number[]])[] = [
  ['matches everything without a filter', undefined, [1, 2, 3, 4, 5]],
  ['matches everything with an empty filter', {}, [1, 2, 3, 4, 5]],
  [
    'filters nothing with undefined',
    {
      ids: undefined,
      typeNames: undefined,
      producedBy: undefined,
      correlationId: undefined,
      partitionKey: undefined,
      tags: undefined,
      visibility: undefined,
      start: undefined,
      end: undefined,
    },
    [1, 2, 3, 4, 5],
  ],
  ['matches any of the ids', { ids: [idOf(4), idOf(2), idOf(9)] }, [2, 4]],
  ['matches any of the type names', { typeNames: ['C', 'A'] }, [1, 2, 5]],
  ['matches any of the producers', { producedBy: ['cy', 'ann'] }, [1, 3, 4]],
  ['matches any of the visibility kinds', { visibility: ['Tenant', 'Private'] }, [2, 3]],
  ['matches one correlation', { correlationId: 'c1' }, [1, 2]],
  ['matches one partition', { partitionKey: 'p1' }, [1, 4]],
  ['matches artifacts that have all of the tags', { tags: ['y', 'x'] }, [1, 5]],
  ['matches nothing when one of the tags is nowhere', { tags: ['x', 'no'] }, []],
  ['takes a text as that one id', { ids: idOf(3) }, [3]],
  ['takes a text as that one type name', { typeNames: 'B' }, [3, 4]],
  ['takes a text as that one producer', { producedBy: 'bob' }, [2, 5]],
  ['takes a text as that one tag', { tags: 'z' }, [5]],
  ['takes a text as that one visibility kind', { visibility: 'Public' }, [1]],
  ['matches the kind After, whatever has opened', { visibility: 'After' }, [5]],
  ['matches artifacts without a correlation with null', { correlationId: null }, [4, 5]],
  ['matches artifacts without a partition with null', { partitionKey: null }, [2, 3, 5]],
  ['includes the instant of start', { start: at(4) }, [4, 5]],
  ['includes the instant of end', { end: at(2) }, [1, 2]],
  ['matches the one instant that is start and end', { start: at(3), end: at(3) }, [3]],
  ['matches nothing when start is after end', { start: at(4), end: at(2) }, []],
  ['matches nothing with an empty set of ids', { ids: [] }, []],
  ['matches nothing with an empty set of type names', { typeNames: [] }, []],
  ['matches nothing with an empty set of producers', { producedBy: [] }, []],
  ['matches nothing with an empty set of visibility kinds', { visibility: [] }, []],
  ['matches everything with an empty set of tags', { tags: [] }, [1, 2, 3, 4, 5]],
  ['matches what passes all of its fields', { typeNames: ['A', 'B'], producedBy: ['ann', 'bob'], tags: 'y' }, [1, 3]],
  ['matches nothing when one of its fields does not pass', { ids: idOf(1), correlationId: 'c2' }, []],
  [
    'matches what passes a filter of every field',
    {
      ids: [idOf(1), idOf(2), idOf(3)],
      typeNames: ['A', 'B'],
      producedBy: ['ann', 'cy'],
      correlationId: 'c1',
      partitionKey: 'p1',
      tags: ['x'],
      visibility: ['Public', 'Private'],
      start: at(1),
      end: at(2),
    },
    [1],
  ],
  [
    'takes values that come twice as one',
    { ids: [idOf(2), idOf(2)], tags: ['x', 'x'], producedBy: ['bob', 'bob'] },
    [2],
  ],
  ['compares texts with their case', { producedBy: ['ANN', 'Bob'] }, []],
  ['takes no text as a pattern', { producedBy: ['%', '_nn', 'a*', 'ann '] }, []],
];

const matches = MATCHES.flatMap(([name, filter, expected]) =>
  casesOf(7, {
    [name]: async (bench) => {
      equal(await matching(bench, filter), expected);
    },
  }),
);

const sets = casesOf(7, {
  'reads the iterables of a filter once': async (bench) => {
    const filter = {
      ids: once(idOf(1), idOf(2)),
      typeNames: once<string | ArtifactType>('A', anyType('B')),
      producedBy: new Set(['ann']),
      tags: once('x', 'y'),
      visibility: once('Public' as const),
    };
    const store = await bench.open();
    await store.publishMany(DRAFTS);
    const page = await store.queryArtifacts(filter, { limit: 1 });
    equal([numbers(page.items), page.total], [[1], 1]);
  },
  'reads iterables at the call': async (bench) => {
    const store = await bench.open();
    await store.publishMany(DRAFTS);
    const read: string[] = [];
    const ids = {
      *[Symbol.iterator]() {
        read.push('ids');
        yield idOf(1);
      },
    };
    const querying = store.queryArtifacts({ ids });
    equal(read, ['ids'], 'what was read when the call returned');
    equal(numbers((await querying).items), [1]);
    equal(read, ['ids'], 'what was read when the call ended');
  },
  'takes the tags of a draft as a text or as any iterable': async (bench) => {
    const store = await bench.open();
    const published = await store.publishMany([
      entry(1, { tags: 'one tag' }),
      entry(2, { tags: once('b', 'a') }),
      entry(3, { tags: new Set(['c']) }),
    ]);
    equal(
      published.map(({ tags }) => tags),
      [['one tag'], ['a', 'b'], ['c']],
    );
  },
  'takes 100,000 ids in one filter': async (bench) => {
    const store = await bench.open();
    await store.publishMany([entry(1), entry(70_000), entry(200_000)]);
    const ids = Array.from({ length: 100_000 }, (_, n) => idOf(n));
    const page = await store.queryArtifacts({ ids }, { embedMeta: true });
    equal([numbers(page.items.map(({ artifact }) => artifact)), page.total], [[1, 70_000], 2]);
    equal((await store.summarizeArtifacts({ ids })).total, 2);
  },
  'takes 2,000 tags, producers and type names in one filter': async (bench) => {
    const store = await bench.open();
    const many = Array.from({ length: 2000 }, (_, n) => `name ${String(n)}`);
    await store.publishMany([
      entry(1, { tags: many, producedBy: 'name 1999', type: 'name 0' }),
      entry(2, { tags: many.slice(1), producedBy: 'name 0', type: 'name 1999' }),
    ]);
    equal(numbers((await store.queryArtifacts({ tags: many })).items), [1]);
    equal(numbers((await store.queryArtifacts({ producedBy: many, typeNames: many })).items), [1, 2]);
  },
});

const WRONG_FILTERS: Readonly<Record<string, { readonly filter: unknown; readonly words: readonly string[] }>> = {
  'an unknown visibility kind': { filter: { visibility: 'Secret' }, words: ['visibility', '"Secret"'] },
  'a visibility kind in lower case': {
    filter: { visibility: ['Public', 'private'] },
    words: ['visibility', '"private"'],
  },
  'a field that does not exist': { filter: { tag: 'x' }, words: ['"tag"'] },
  'a number as a producer': { filter: { producedBy: 7 }, words: ['producedBy', '7'] },
  'null as a set': { filter: { tags: null }, words: ['tags', 'null'] },
  'a number in a set': { filter: { tags: ['x', 7] }, words: ['tags', '7'] },
  'an empty type name': { filter: { typeNames: '' }, words: ['typeNames', '""'] },
  'a number as a correlation': { filter: { correlationId: 7 }, words: ['correlationId', '7'] },
  'a text': { filter: 'type = A', words: ['"type = A"'] },
  null: { filter: null, words: ['null'] },
};

const wrongFilters = Object.entries(WRONG_FILTERS).flatMap(([name, { filter, words }]) =>
  casesOf(7, {
    [`refuses ${name} as or in a filter, in every call that takes one`]: async (bench) => {
      const store: UntypedStore = await bench.open();
      await rejects(store.queryArtifacts(filter), 'invalid-argument', ...words);
      await rejects(store.fetchGraphArtifacts(filter), 'invalid-argument', ...words);
      await rejects(store.summarizeArtifacts(filter), 'invalid-argument', ...words);
      await rejects(store.agentHistorySummary('ann', filter), 'invalid-argument', ...words);
    },
  }),
);

const kinds = casesOf(7, {
  'takes every visibility kind there is': async (bench) => {
    equal(await matching(bench, { visibility: VISIBILITY_KINDS }), [1, 2, 3, 4, 5]);
  },
});

export const filterCases: readonly ContractCase[] = [...matches, ...sets, ...kinds, ...wrongFilters];
