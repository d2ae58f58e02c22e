import type { BlackboardStore } from '../core/store.ts';
import { equal } from './assert.ts';
import { casesOf, type ContractCase } from './contract-case.ts';
import { anyType } from './sample-types.ts';
import { agent, at, consumption, entry, HOSTILE_TEXTS, idOf, note, numbers } from './samples.ts';

async function contentOf(store: BlackboardStore): Promise<unknown> {
  const { items } = await store.fetchGraphArtifacts();
  return [items, await store.loadAgentSnapshots(), (await store.stats()).sequence];
}

const keeping = casesOf(
  13,
  {
    'has everything again after it was closed and opened': async (bench) => {
      const store = await bench.open();
      await store.publishMany(
        HOSTILE_TEXTS.map((text, n) => entry(n, { producedBy: text, tags: [text], payload: { text } })),
      );
      await store.publish(
        entry(99, { visibility: { kind: 'After', ttl: 'PT1H', then: { kind: 'Private', agents: ['a'] } } }),
      );
      await store.recordConsumptions([consumption(1, { runId: 'r', correlationId: 'c' }), consumption(2)]);
      await store.upsertAgentSnapshot(agent('a', { labels: ['x'] }));
      const graph = await store.fetchGraphArtifacts();
      const agents = await store.loadAgentSnapshots();
      const { sequence } = await store.stats();
      await store.close();
      const again = await bench.reopen(store);
      equal(await again.fetchGraphArtifacts(), graph);
      equal(await again.loadAgentSnapshots(), agents);
      equal((await again.stats()).sequence, sequence);
    },
    'has what was flushed, without being told to close': async (bench) => {
      const store = await bench.open();
      const published = await store.publish(entry(1));
      await store.flush();
      const again = await bench.reopen(store, { abandon: true });
      equal(await again.list(), [published]);
    },
    'has every write that was answered, without being told to flush or to close': async (bench) => {
      const writes: readonly ((store: BlackboardStore) => Promise<unknown>)[] = [
        (store) => store.publish(entry(1)),
        (store) => store.publishMany([entry(2), entry(3)]),
        (store) => store.recordConsumptions([consumption(1), consumption(3, { runId: 'r' })]),
        (store) => store.upsertAgentSnapshot(agent('a')),
        (store) => store.publish(entry(1, { payload: { text: 'replaced' } })),
        (store) => store.deleteBefore(at(2)),
        (store) => store.clearAgentSnapshots(),
      ];
      let store = await bench.open();
      for (const [i, write] of writes.entries()) {
        await write(store);
        const written = await contentOf(store);
        store = await bench.reopen(store, { abandon: true });
        equal(await contentOf(store), written, `the board after write ${String(i + 1)}`);
      }
    },
    'has what was called before close, without waiting for it': async (bench) => {
      const store = await bench.open();
      const publishing = store.publish(entry(1));
      const closing = store.close();
      await publishing;
      await closing;
      equal(numbers(await (await bench.reopen(store)).list()), [1]);
    },
    'keeps deleted what was deleted': async (bench) => {
      const store = await bench.open();
      await store.publishMany([entry(1), entry(2)]);
      await store.recordConsumptions([consumption(1)]);
      await store.upsertAgentSnapshot(agent('a'));
      await store.flush();
      await store.deleteBefore(at(2));
      await store.clearAgentSnapshots();
      const again = await bench.reopen(store);
      equal([numbers(await again.list()), (await again.stats()).consumptions], [[2], 0]);
      equal(await again.loadAgentSnapshots(), []);
    },
    'has a board again and again': async (bench) => {
      let store = await bench.open();
      for (let n = 1; n <= 4; n++) {
        await store.publish(entry(n));
        store = await bench.reopen(store);
      }
      equal(numbers(await store.list()), [1, 2, 3, 4]);
      equal((await store.stats()).sequence, 4);
    },
    'has an empty board again': async (bench) => {
      const store = await bench.open();
      await store.flush();
      const again = await bench.reopen(store);
      equal([await again.list(), (await again.stats()).sequence], [[], 0]);
    },
    'goes on counting where it was': async (bench) => {
      const store = await bench.open();
      await store.publishMany([entry(1), entry(2)]);
      await store.deleteBefore(at(9));
      const again = await bench.reopen(store);
      equal((await again.publish(entry(3))).sequence, 5);
    },
  },
  ['durable'],
);

const rules = [
  ...casesOf(
    3,
    {
      'prefers a name on the board to a simple name after opening again': async (bench) => {
        const store = await bench.open();
        await store.publish(entry(1, { type: 'Movie' }));
        const again = await bench.reopen(store, { types: [anyType('films.Movie')] });
        equal((await again.publish(entry(2, { type: 'Movie' }))).type, 'Movie');
        equal(numbers(await again.listByType('films.Movie')), []);
      },
    },
    ['durable'],
  ),
  ...casesOf(
    8,
    {
      'goes on with a cursor from before it was closed': async (bench) => {
        const store = await bench.open();
        await store.publishMany([entry(1), entry(2), entry(3)]);
        const { nextCursor } = await store.queryArtifacts({ typeNames: 'Note' }, { limit: 2 });
        const again = await bench.reopen(store);
        await again.publish(entry(1, { payload: {} }));
        const page = await again.queryArtifacts({ typeNames: 'Note' }, { cursor: nextCursor ?? '' });
        equal(numbers(page.items), [3]);
      },
    },
    ['durable'],
  ),
  ...casesOf(
    9,
    {
      'knows a consumption again after it was closed': async (bench) => {
        const store = await bench.open();
        await store.publish(entry(1));
        const records = [consumption(1), consumption(1, { runId: '' }), consumption(1, { runId: 'r' })];
        await store.recordConsumptions(records);
        const again = await bench.reopen(store);
        await again.recordConsumptions(records);
        equal((await again.agentHistorySummary('reader')).consumed.total, 3);
      },
    },
    ['durable'],
  ),
  ...casesOf(
    2,
    {
      'replaces an artifact from before it was closed': async (bench) => {
        const store = await bench.open();
        await store.publish(entry(1));
        await store.recordConsumptions([consumption(1)]);
        const again = await bench.reopen(store);
        await again.publish(note({ id: idOf(1), payload: { n: 2 } }));
        const { items } = await again.fetchGraphArtifacts();
        equal(
          items.map(({ artifact, consumptions }) => [artifact.payload, consumptions.length]),
          [[{ n: 2 }, 1]],
        );
      },
    },
    ['durable'],
  ),
];

export const durabilityCases: readonly ContractCase[] = [...keeping, ...rules];
