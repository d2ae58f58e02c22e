import { equal, includes, rejects } from './assert.ts';
import { casesOf, type ContractCase } from './contract-case.ts';
import { at, clockOf, consumption, entry, idOf, note, numbers } from './samples.ts';
import type { UntypedStore } from './untyped-store.ts';

const replacing = casesOf(2, {
  'replaces an artifact that is published again': async (bench) => {
    const store = await bench.open();
    await store.publish(
      entry(1, { payload: { draft: 1 }, tags: ['old'], correlationId: 'c', partitionKey: 'p', version: 1 }),
    );
    const second = await store.publish(
      entry(1, { type: 'Report', payload: { draft: 2 }, producedBy: 'editor', version: 2 }),
    );
    equal(await store.get(idOf(1)), second);
    equal(
      [second.type, second.payload, second.tags, second.correlationId, second.partitionKey, second.version],
      ['Report', { draft: 2 }, [], null, null, 2],
    );
  },
  'lists a replaced artifact once': async (bench) => {
    const store = await bench.open();
    for (const payload of [{ n: 1 }, { n: 2 }, { n: 3 }]) await store.publish(entry(1, { payload }));
    equal(
      (await store.list()).map(({ payload }) => payload),
      [{ n: 3 }],
    );
    equal(
      (await store.listByType('Note')).map(({ payload }) => payload),
      [{ n: 3 }],
    );
  },
  'lists a replaced artifact no longer under its old type': async (bench) => {
    const store = await bench.open();
    await store.publish(entry(1));
    await store.publish(entry(1, { type: 'Report' }));
    equal([numbers(await store.listByType('Note')), numbers(await store.listByType('Report'))], [[], [1]]);
  },
  'queries and counts a replaced artifact once, by its new fields only': async (bench) => {
    const store = await bench.open();
    await store.publish(entry(1, { tags: ['old', 'kept'], correlationId: 'old', partitionKey: 'old' }));
    await store.publish(entry(1, { tags: ['kept'], producedBy: 'editor' }));
    const totals: (number | null)[] = [];
    for (const filter of [
      {},
      { tags: 'kept' },
      { tags: 'old' },
      { producedBy: 'scribe' },
      { correlationId: 'old' },
      { partitionKey: 'old' },
    ]) {
      totals.push((await store.queryArtifacts(filter)).total);
    }
    equal(totals, [1, 1, 0, 0, 0, 0]);
    const { total, byProducer, tagCounts } = await store.summarizeArtifacts();
    equal([total, byProducer, tagCounts], [1, { editor: 1 }, { kept: 1 }]);
  },
  'counts a replaced artifact for its new producer': async (bench) => {
    const store = await bench.open();
    await store.publish(entry(1));
    await store.publish(entry(1, { producedBy: 'editor' }));
    equal((await store.agentHistorySummary('scribe')).produced.total, 0);
    equal((await store.agentHistorySummary('editor')).produced.total, 1);
  },
  'moves a replaced artifact to its new creation time': async (bench) => {
    const store = await bench.open();
    await store.publishMany([entry(1), entry(2), entry(3)]);
    await store.publish(entry(1, { createdAt: at(10) }));
    equal(numbers(await store.list()), [2, 3, 1]);
    equal(numbers((await store.queryArtifacts({ end: at(9) })).items), [2, 3]);
    equal(numbers(await store.listByType('Note')), [2, 3, 1]);
  },
  'stamps a replaced artifact anew when the draft has no creation time': async (bench) => {
    const store = await bench.open({ now: clockOf(100, 200) });
    await store.publish(note({ id: idOf(1) }));
    await store.publish(note({ id: idOf(1) }));
    equal((await store.list())[0]?.createdAt, at(200));
  },
  'gives a replaced artifact a new sequence': async (bench) => {
    const store = await bench.open();
    const first = await store.publish(entry(1));
    const other = await store.publish(entry(2));
    const again = await store.publish(entry(1));
    equal([other.sequence - first.sequence, again.sequence - other.sequence], [1, 1]);
    equal((await store.get(idOf(1)))?.sequence, again.sequence);
  },
  'keeps the consumptions of a replaced artifact: they belong to the id': async (bench) => {
    const store = await bench.open();
    await store.publish(entry(1));
    await store.recordConsumptions([consumption(1, { runId: 'r1' })]);
    await store.publish(entry(1, { type: 'Report' }));
    const [envelope] = (await store.fetchGraphArtifacts()).items;
    equal(
      envelope?.consumptions.map(({ runId }) => runId),
      ['r1'],
    );
    equal((await store.agentHistorySummary('reader')).consumed, { total: 1, byType: { Report: 1 } });
  },
  'shows the last of two drafts with one id in publishMany': async (bench) => {
    const store = await bench.open();
    const [first, second] = await store.publishMany([
      entry(1, { payload: { n: 1 } }),
      entry(1, { payload: { n: 2 }, type: 'Report' }),
    ]);
    equal([first.payload, second.payload], [{ n: 1 }, { n: 2 }]);
    equal(await store.list(), [second]);
    equal(await store.listByType('Note'), []);
  },
});

const WRONG_IDS: Readonly<Record<string, unknown>> = {
  'an empty text': '',
  'a word': 'movie-1',
  'a UUID in braces': `{${idOf(1)}}`,
  'a UUID as a URN': `urn:uuid:${idOf(1)}`,
  'a UUID without dashes': idOf(1).replaceAll('-', ''),
  'a UUID with a line break after it': `${idOf(1)}\n`,
  'a UUID that is too long': `${idOf(1)}0`,
  'a UUID with a letter after f': `g${idOf(1).slice(1)}`,
  'a number': 1,
  null: null,
};

const ids = casesOf(2, {
  'makes ids that are UUIDs of version 7': async (bench) => {
    const store = await bench.open();
    const { id } = await store.publish(note());
    equal(
      /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id),
      true,
      `the form of "${id}"`,
    );
  },
  'makes strictly increasing ids, also when the clock stands or goes back': async (bench) => {
    const store = await bench.open({ now: clockOf(5000, 5000, 1000, 1000, 6000) });
    const made: string[] = [];
    for (let i = 0; i < 6; i++) made.push((await store.publish(note())).id);
    equal(made, [...new Set(made)].sort());
  },
  'takes ids from the source it was given': async (bench) => {
    let n = 40;
    const store = await bench.open({ newId: () => idOf(++n) });
    await store.publishMany([note(), entry(7), note()]);
    equal(numbers(await store.list()).sort(), [41, 42, 7]);
  },
  'folds ids to lower case': async (bench) => {
    const store = await bench.open();
    const id = 'abcdef01-2345-4678-9abc-def012345678';
    const published = await store.publish(note({ id: id.toUpperCase() }));
    equal(published.id, id);
    equal((await store.list())[0]?.id, id);
  },
  'finds an artifact by its id in upper case, wherever ids are taken': async (bench) => {
    const store = await bench.open();
    const id = 'abcdef01-2345-4678-9abc-def012345678';
    await store.publish(note({ id }));
    await store.recordConsumptions([{ artifactId: id.toUpperCase(), consumer: 'reader' }]);
    equal((await store.get(id.toUpperCase()))?.id, id);
    const { items } = await store.queryArtifacts({ ids: [id.toUpperCase()] }, { embedMeta: true });
    equal(items[0]?.consumptions[0]?.artifactId, id);
  },
  'replaces an artifact whose id comes again in upper case': async (bench) => {
    const store = await bench.open();
    const id = 'abcdef01-2345-4678-9abc-def012345678';
    await store.publish(note({ id, payload: { n: 1 } }));
    await store.publish(note({ id: id.toUpperCase(), payload: { n: 2 } }));
    equal(
      (await store.list()).map(({ payload }) => payload),
      [{ n: 2 }],
    );
  },
  'gives null for an id that is not on the board': async (bench) => {
    const store = await bench.open();
    await store.publish(entry(1));
    equal(await store.get(idOf(2)), null);
  },
  'refuses what a source of ids makes when it is not a UUID': async (bench) => {
    const store = await bench.open({ newId: () => 'movie-1' });
    await rejects(store.publish(note()), 'invalid-argument', '"movie-1"');
    equal(await store.list(), []);
  },
});

const wrongIds = Object.entries(WRONG_IDS).flatMap(([name, id]) =>
  casesOf(2, {
    [`refuses ${name} as an id, wherever one is asked for`]: async (bench) => {
      const store: UntypedStore = await bench.open();
      await store.publish(entry(1));
      const errors = [
        await rejects(store.publish({ ...entry(2), id }), 'invalid-argument', 'UUID'),
        await rejects(store.get(id), 'invalid-argument', 'UUID'),
        await rejects(store.queryArtifacts({ ids: [id] }), 'invalid-argument', 'UUID'),
        await rejects(store.recordConsumptions([{ ...consumption(1), artifactId: id }]), 'invalid-argument', 'UUID'),
      ];
      for (const { message } of errors) includes(message, typeof id === 'string' ? JSON.stringify(id) : String(id));
    },
  }),
);

export const replacingCases: readonly ContractCase[] = [...replacing, ...ids, ...wrongIds];
