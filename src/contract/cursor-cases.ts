import type { ArtifactFilter } from '../core/filter.ts';
import type { PageOptions } from '../core/page.ts';
import type { BlackboardStore } from '../core/store.ts';
import { equal, rejects } from './assert.ts';
import { casesOf, type ContractCase } from './contract-case.ts';
import { at, consumption, entry, idOf, numbers } from './samples.ts';

const entries = (...all: number[]) => all.map((n) => entry(n));

async function firstPage(store: BlackboardStore, filter: ArtifactFilter = {}, page: PageOptions = {}) {
  const { items, nextCursor } = await store.queryArtifacts(filter, { limit: 2, ...page, embedMeta: false });
  return { seen: numbers(items), cursor: nextCursor ?? 'no cursor' };
}

const goingOn = casesOf(8, {
  'visits every match once by cursor': async (bench) => {
    const store = await bench.open();
    await store.publishMany(entries(1, 2, 3, 4, 5, 6, 7));
    for (const order of ['asc', 'desc'] as const) {
      const seen: number[] = [];
      let cursor: string | undefined;
      do {
        const page = await store.queryArtifacts({}, { order, limit: 3, cursor });
        seen.push(...numbers(page.items));
        cursor = page.nextCursor ?? undefined;
      } while (cursor !== undefined && seen.length < 20);
      equal(seen, order === 'asc' ? [1, 2, 3, 4, 5, 6, 7] : [7, 6, 5, 4, 3, 2, 1]);
    }
  },
  'goes on where its page ended, whatever was published before that place': async (bench) => {
    const store = await bench.open();
    await store.publishMany(entries(10, 20, 30, 40));
    const { cursor } = await firstPage(store);
    await store.publishMany(entries(5, 15, 19));
    equal(numbers((await store.queryArtifacts({}, { cursor })).items), [30, 40]);
  },
  'finds what was published after the place where its page ended': async (bench) => {
    const store = await bench.open();
    await store.publishMany(entries(10, 20, 30));
    const { cursor } = await firstPage(store);
    await store.publishMany(entries(21, 35));
    equal(numbers((await store.queryArtifacts({}, { cursor })).items), [21, 30, 35]);
  },
  'goes on in descending order, whatever was published in between': async (bench) => {
    const store = await bench.open();
    await store.publishMany(entries(10, 20, 30, 40));
    const { seen, cursor } = await firstPage(store, {}, { order: 'desc' });
    equal(seen, [40, 30]);
    await store.publishMany(entries(50, 35, 25));
    equal(numbers((await store.queryArtifacts({}, { cursor, order: 'desc' })).items), [25, 20, 10]);
  },
  'goes on between artifacts of the same instant': async (bench) => {
    const store = await bench.open();
    const ties = (...all: number[]) => all.map((n) => entry(n, { createdAt: at(0) }));
    await store.publishMany(ties(10, 20, 30));
    const { cursor } = await firstPage(store);
    await store.publishMany(ties(15, 25));
    equal(numbers((await store.queryArtifacts({}, { cursor })).items), [25, 30]);
  },
  'goes on when the artifact where its page ended is gone': async (bench) => {
    const store = await bench.open();
    await store.publishMany(entries(1, 2, 3, 4));
    const { cursor } = await firstPage(store);
    await store.deleteBefore(at(3));
    equal(numbers((await store.queryArtifacts({}, { cursor })).items), [3, 4]);
  },
  'goes on from the old place when the artifact there was moved': async (bench) => {
    const store = await bench.open();
    await store.publishMany(entries(1, 2, 3, 4));
    const { cursor } = await firstPage(store);
    await store.publish(entry(2, { createdAt: at(9) }));
    equal(numbers((await store.queryArtifacts({}, { cursor })).items), [3, 4, 2]);
  },
  'goes on with another limit': async (bench) => {
    const store = await bench.open();
    await store.publishMany(entries(1, 2, 3, 4, 5));
    const { cursor } = await firstPage(store);
    equal(numbers((await store.queryArtifacts({}, { cursor, limit: 1 })).items), [3]);
    equal(numbers((await store.queryArtifacts({}, { cursor, limit: Infinity })).items), [3, 4, 5]);
  },
  'goes on after a page with an offset': async (bench) => {
    const store = await bench.open();
    await store.publishMany(entries(1, 2, 3, 4, 5));
    const { seen, cursor } = await firstPage(store, {}, { offset: 1 });
    equal(
      [seen, numbers((await store.queryArtifacts({}, { cursor })).items)],
      [
        [2, 3],
        [4, 5],
      ],
    );
  },
  'goes on with envelopes': async (bench) => {
    const store = await bench.open();
    await store.publishMany(entries(1, 2, 3));
    await store.recordConsumptions([consumption(3)]);
    const { nextCursor } = await store.fetchGraphArtifacts({}, { limit: 2 });
    const { items } = await store.fetchGraphArtifacts({}, { cursor: nextCursor ?? '' });
    equal(
      items.map(({ artifact, consumptions }) => [artifact.id, consumptions.length]),
      [[idOf(3), 1]],
    );
  },
  'goes on with a filter of every field': async (bench) => {
    const store = await bench.open();
    const fields = { producedBy: 'ann', correlationId: 'c', partitionKey: null, tags: ['x', 'y'] };
    await store.publishMany([1, 2, 3, 4].map((n) => entry(n, n === 3 ? {} : fields)));
    const filter = {
      ...fields,
      ids: [idOf(1), idOf(2), idOf(4)],
      typeNames: ['Note'],
      visibility: ['Public'] as const,
      start: at(1),
      end: at(4),
    };
    const { cursor } = await firstPage(store, filter);
    equal(numbers((await store.queryArtifacts(filter, { cursor })).items), [4]);
  },
  'goes on with the same filter in other words': async (bench) => {
    const store = await bench.open();
    await store.publishMany(entries(1, 2, 3));
    const { cursor } = await firstPage(store, { typeNames: ['A', 'Note'], tags: [], end: at(9), start: undefined });
    const filter = { end: at(9), tags: new Set<string>(), typeNames: ['Note', 'A', 'Note'] };
    equal(numbers((await store.queryArtifacts(filter, { cursor, order: 'asc' })).items), [3]);
  },
});

const ends = casesOf(8, {
  'gives no cursor when nothing follows, be the page full or not': async (bench) => {
    const store = await bench.open();
    await store.publishMany(entries(1, 2, 3, 4));
    const cursors: boolean[] = [];
    for (const limit of [3, 4, 5]) cursors.push((await store.queryArtifacts({}, { limit })).nextCursor !== null);
    equal(cursors, [true, false, false], 'whether there is a cursor at limit 3, 4 and 5');
    equal((await store.queryArtifacts({}, { limit: 2, offset: 2 })).nextCursor, null);
    equal((await store.queryArtifacts({}, { limit: 1, offset: 2 })).nextCursor !== null, true);
  },
  'gives no cursor when only what does not match follows': async (bench) => {
    const store = await bench.open();
    await store.publishMany([...entries(1, 2), entry(3, { type: 'Other' })]);
    equal((await store.queryArtifacts({ typeNames: 'Note' }, { limit: 2 })).nextCursor, null);
  },
  'gives no cursor on the last page that a cursor leads to': async (bench) => {
    const store = await bench.open();
    await store.publishMany(entries(1, 2, 3, 4));
    const { cursor } = await firstPage(store);
    const last = await store.queryArtifacts({}, { cursor, limit: 2 });
    equal([numbers(last.items), last.nextCursor], [[3, 4], null]);
  },
  'gives no cursor on an empty board': async (bench) => {
    const store = await bench.open();
    equal(await store.queryArtifacts(), { items: [], total: 0, nextCursor: null });
    equal(await store.fetchGraphArtifacts(), { items: [], total: 0, nextCursor: null });
  },
});

const refused = casesOf(8, {
  'refuses a cursor with an offset': async (bench) => {
    const store = await bench.open();
    await store.publishMany(entries(1, 2, 3));
    const { cursor } = await firstPage(store);
    await rejects(store.queryArtifacts({}, { cursor, offset: 1 }), 'invalid-argument', 'offset 1', 'cursor');
  },
  'refuses a cursor from another filter': async (bench) => {
    const store = await bench.open();
    await store.publishMany(entries(1, 2, 3));
    const { cursor } = await firstPage(store, { typeNames: 'Note' });
    const others: ArtifactFilter[] = [
      {},
      { typeNames: ['Note', 'Other'] },
      { typeNames: 'Note', correlationId: null },
      { typeNames: 'Note', start: at(0) },
      { tags: 'Note' },
      { producedBy: 'Note' },
    ];
    for (const filter of others) {
      await rejects(store.queryArtifacts(filter, { cursor }), 'invalid-argument', 'cursor', 'filter');
      await rejects(store.fetchGraphArtifacts(filter, { cursor }), 'invalid-argument', 'cursor', 'filter');
    }
  },
  'refuses a cursor from the other order': async (bench) => {
    const store = await bench.open();
    await store.publishMany(entries(1, 2, 3));
    const { cursor } = await firstPage(store);
    await rejects(store.queryArtifacts({}, { cursor, order: 'desc' }), 'invalid-argument', 'cursor', 'order');
    const descending = await firstPage(store, {}, { order: 'desc' });
    await rejects(store.queryArtifacts({}, { cursor: descending.cursor }), 'invalid-argument', 'cursor', 'order');
  },
  'refuses what is no cursor': async (bench) => {
    const store = await bench.open();
    await store.publishMany(entries(1, 2, 3));
    const { cursor } = await firstPage(store);
    for (const wrong of ['', 'next', '💥', '\ud800', idOf(1), cursor.slice(1), cursor.slice(0, -4), `${cursor}AAAA`]) {
      await rejects(store.queryArtifacts({}, { cursor: wrong }), 'invalid-argument', 'cursor');
    }
  },
});

export const cursorCases: readonly ContractCase[] = [...goingOn, ...ends, ...refused];
