import { equal, rejects } from './assert.ts';
import { casesOf, type ContractCase } from './contract-case.ts';
import { createGate, gatedType } from './sample-types.ts';
import { at, consumption, entry, idOf, note, numbers } from './samples.ts';
import type { UntypedStore } from './untyped-store.ts';

const entries = (count: number) => Array.from({ length: count }, (_, i) => entry(i + 1));

const limits = casesOf(8, {
  'gives pages of 50 unless told': async (bench) => {
    const store = await bench.open();
    await store.publishMany(entries(51));
    const { items, total, nextCursor } = await store.queryArtifacts();
    equal([items.length, total, nextCursor !== null], [50, 51, true]);
  },
  'gives graph pages of 500 unless told': async (bench) => {
    const store = await bench.open();
    await store.publishMany(entries(501));
    const { items, total, nextCursor } = await store.fetchGraphArtifacts();
    equal([items.length, total, nextCursor !== null], [500, 501, true]);
  },
  'gives everything with a limit of Infinity': async (bench) => {
    const store = await bench.open();
    await store.publishMany(entries(601));
    const page = await store.queryArtifacts({}, { limit: Infinity });
    const graph = await store.fetchGraphArtifacts({}, { limit: Infinity });
    equal([page.items.length, page.nextCursor, graph.items.length, graph.nextCursor], [601, null, 601, null]);
  },
  'gives at most limit items': async (bench) => {
    const store = await bench.open();
    await store.publishMany(entries(4));
    equal(numbers((await store.queryArtifacts({}, { limit: 3 })).items), [1, 2, 3]);
    equal(numbers((await store.queryArtifacts({}, { limit: 1 })).items), [1]);
    equal(numbers((await store.queryArtifacts({}, { limit: Number.MAX_SAFE_INTEGER })).items), [1, 2, 3, 4]);
  },
  'skips offset matches, in the order of the page': async (bench) => {
    const store = await bench.open();
    await store.publishMany([...entries(4), entry(5, { type: 'Other' })]);
    const filter = { typeNames: 'Note' };
    equal(numbers((await store.queryArtifacts(filter, { offset: 1, limit: 2 })).items), [2, 3]);
    equal(numbers((await store.queryArtifacts(filter, { offset: 1, limit: 2, order: 'desc' })).items), [3, 2]);
    equal(numbers((await store.queryArtifacts(filter, { offset: 3, limit: Infinity })).items), [4]);
    equal(numbers((await store.queryArtifacts(filter, { offset: 0 })).items), [1, 2, 3, 4]);
  },
  'gives an empty page beyond the end, with the total': async (bench) => {
    const store = await bench.open();
    await store.publishMany(entries(2));
    equal(await store.queryArtifacts({}, { offset: 2 }), { items: [], total: 2, nextCursor: null });
    equal(await store.queryArtifacts({}, { offset: Number.MAX_SAFE_INTEGER }), {
      items: [],
      total: 2,
      nextCursor: null,
    });
  },
  'gives envelopes when meta are asked for, and artifacts else': async (bench) => {
    const store = await bench.open();
    await store.publishMany(entries(2));
    await store.recordConsumptions([consumption(2)]);
    const envelopes = await store.queryArtifacts({}, { embedMeta: true });
    const artifacts = await store.queryArtifacts({}, { embedMeta: false });
    const record = { ...consumption(2), runId: null, correlationId: null };
    equal(envelopes.items, [
      { artifact: artifacts.items[0], consumptions: [] },
      { artifact: artifacts.items[1], consumptions: [record] },
    ]);
    equal(envelopes, await store.fetchGraphArtifacts());
  },
});

const totals = casesOf(8, {
  'counts all matches, paging aside': async (bench) => {
    const store = await bench.open();
    await store.publishMany([...entries(5), entry(6, { type: 'Other' })]);
    const filter = { typeNames: 'Note' };
    const pages = [{ limit: 2 }, { limit: 2, offset: 4 }, { offset: 9 }, { order: 'desc' as const, limit: 1 }];
    for (const page of pages) equal((await store.queryArtifacts(filter, page)).total, 5);
  },
  'does not count when told so': async (bench) => {
    const store = await bench.open();
    await store.publishMany(entries(3));
    const page = await store.queryArtifacts({}, { total: false, limit: 2 });
    equal([numbers(page.items), page.total, page.nextCursor !== null], [[1, 2], null, true]);
    equal((await store.fetchGraphArtifacts({}, { total: false })).total, null);
    equal((await store.queryArtifacts({}, { total: true })).total, 3);
  },
  'does not count when a cursor is given': async (bench) => {
    const store = await bench.open();
    await store.publishMany(entries(3));
    const { nextCursor } = await store.queryArtifacts({}, { limit: 2 });
    const cursor = nextCursor ?? '';
    equal(await store.queryArtifacts({}, { cursor }), {
      items: [await store.get(idOf(3))],
      total: null,
      nextCursor: null,
    });
    equal((await store.queryArtifacts({}, { cursor, total: true })).total, null);
  },
  'counts at the same instant as the page, whatever waits around it': async (bench) => {
    const store = await bench.open();
    const gate = createGate();
    const slow = store.publish({ type: gatedType('Slow', gate), payload: { title: 'M' }, producedBy: 'critic' });
    const pages = [1, 2, 3].map((n) => {
      void store.publish(entry(n));
      return store.queryArtifacts({ typeNames: 'Note' }, { limit: 10 });
    });
    gate.open();
    await slow;
    equal(
      (await Promise.all(pages)).map(({ items, total, nextCursor }) => [items.length, total, nextCursor]),
      [
        [1, 1, null],
        [2, 2, null],
        [3, 3, null],
      ],
    );
  },
});

const WRONG_PAGES: Readonly<Record<string, { readonly page: unknown; readonly words: readonly string[] }>> = {
  'a limit of 0': { page: { limit: 0 }, words: ['limit', '0'] },
  'a negative limit': { page: { limit: -1 }, words: ['limit', '-1'] },
  'a limit of minus Infinity': { page: { limit: -Infinity }, words: ['limit', '-Infinity'] },
  'a limit with a fraction': { page: { limit: 1.5 }, words: ['limit', '1.5'] },
  'a limit that is NaN': { page: { limit: Number.NaN }, words: ['limit', 'NaN'] },
  'a limit as a text': { page: { limit: '10' }, words: ['limit', '"10"'] },
  'a limit that is null': { page: { limit: null }, words: ['limit', 'null'] },
  'a negative offset': { page: { offset: -1 }, words: ['offset', '-1'] },
  'an offset with a fraction': { page: { offset: 0.5 }, words: ['offset', '0.5'] },
  'an infinite offset': { page: { offset: Infinity }, words: ['offset', 'Infinity'] },
  'an offset as a text': { page: { offset: '1' }, words: ['offset', '"1"'] },
  'an unknown order': { page: { order: 'newest' }, words: ['order', '"newest"'] },
  'an order in upper case': { page: { order: 'DESC' }, words: ['order', '"DESC"'] },
  'a total that is no boolean': { page: { total: 1 }, words: ['total', '1'] },
  'an embedMeta that is no boolean': { page: { embedMeta: 'yes' }, words: ['embedMeta', '"yes"'] },
  'a cursor that is no text': { page: { cursor: 1 }, words: ['cursor', '1'] },
  'a page option that does not exist': { page: { size: 10 }, words: ['"size"'] },
};

const wrongPages = Object.entries(WRONG_PAGES).flatMap(([name, { page, words }]) =>
  casesOf(8, {
    [`refuses ${name}`]: async (bench) => {
      const store: UntypedStore = await bench.open();
      await store.publish(note());
      await rejects(store.queryArtifacts({}, page), 'invalid-argument', 'query', ...words);
      await rejects(store.fetchGraphArtifacts({}, page), 'invalid-argument', 'fetch', ...words);
    },
  }),
);

const windows = casesOf(8, {
  'pages through what one instant holds': async (bench) => {
    const store = await bench.open();
    await store.publishMany(entries(7).map((draft, i) => ({ ...draft, createdAt: at(i > 4 ? 1 : 0) })));
    const seen: number[] = [];
    for (let offset = 0; offset < 7; offset += 2) {
      seen.push(...numbers((await store.queryArtifacts({}, { offset, limit: 2 })).items));
    }
    equal(seen, [1, 2, 3, 4, 5, 6, 7]);
  },
});

export const pageCases: readonly ContractCase[] = [...limits, ...totals, ...windows, ...wrongPages];
