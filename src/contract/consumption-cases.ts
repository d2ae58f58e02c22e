import type { BlackboardStore } from '../core/store.ts';
import { equal, rejects } from './assert.ts';
import { casesOf, type ContractCase } from './contract-case.ts';
import { at, clockOf, consumption, entry, idOf, once } from './samples.ts';
import type { UntypedStore } from './untyped-store.ts';

async function recorded(store: BlackboardStore, n = 1) {
  const { items } = await store.fetchGraphArtifacts({ ids: idOf(n) });
  return items[0]?.consumptions ?? [];
}

const recording = casesOf(9, {
  'records who consumed what, when, in which run and correlation': async (bench) => {
    const store = await bench.open();
    await store.publish(entry(1));
    const record = {
      artifactId: idOf(1),
      consumer: 'reader',
      runId: 'run 1',
      correlationId: 'c',
      consumedAt: new Date('2025-02-01T00:00:00.007Z'),
    };
    await store.recordConsumptions([record]);
    equal(await recorded(store), [record]);
  },
  'records a consumption without run, correlation and instant': async (bench) => {
    const store = await bench.open({ now: clockOf(7) });
    await store.publish(entry(1));
    await store.recordConsumptions([{ artifactId: idOf(1), consumer: 'reader' }]);
    equal(await recorded(store), [
      { artifactId: idOf(1), consumer: 'reader', runId: null, correlationId: null, consumedAt: at(7) },
    ]);
  },
  'stamps all records of a call with one instant': async (bench) => {
    const store = await bench.open({ now: clockOf(1, 2, 3, 4) });
    await store.publish(entry(1));
    await store.recordConsumptions(['a', 'b', 'c'].map((consumer) => ({ artifactId: idOf(1), consumer })));
    const instants = new Set((await recorded(store)).map(({ consumedAt }) => consumedAt.getTime()));
    equal(instants.size, 1);
  },
  'takes a consumption from before its artifact was created': async (bench) => {
    const store = await bench.open();
    await store.publish(entry(1));
    await store.recordConsumptions([consumption(1, { consumedAt: new Date('1999-01-01T00:00:00Z') })]);
    equal((await recorded(store)).length, 1);
  },
  'reads the records once': async (bench) => {
    const store = await bench.open();
    await store.publish(entry(1));
    await store.recordConsumptions(once(consumption(1, { runId: 'a' }), consumption(1, { runId: 'b' })));
    equal(
      (await recorded(store)).map(({ runId }) => runId),
      ['a', 'b'],
    );
  },
  'takes an empty iterable of records': async (bench) => {
    const store = await bench.open();
    await store.recordConsumptions([]);
    equal((await store.stats()).consumptions, 0);
  },
  'gives each artifact its own consumptions': async (bench) => {
    const store = await bench.open();
    await store.publishMany([entry(1), entry(2), entry(3)]);
    await store.recordConsumptions([consumption(3), consumption(1), consumption(3, { consumer: 'other' })]);
    const { items } = await store.fetchGraphArtifacts();
    equal(
      items.map(({ consumptions }) => consumptions.map(({ consumer }) => consumer)),
      [['reader'], [], ['other', 'reader']],
    );
  },
});

const identity = casesOf(9, {
  'takes the same artifact, consumer, run and instant as one record': async (bench) => {
    const store = await bench.open();
    await store.publish(entry(1));
    for (let i = 0; i < 2; i++) await store.recordConsumptions([consumption(1, { runId: 'r' }), consumption(1)]);
    equal(
      (await recorded(store)).map(({ runId }) => runId),
      [null, 'r'],
    );
    equal((await store.agentHistorySummary('reader')).consumed.total, 2);
    equal((await store.stats()).consumptions, 2);
  },
  'takes the same record twice in one call as one': async (bench) => {
    const store = await bench.open();
    await store.publish(entry(1));
    await store.recordConsumptions([consumption(1), consumption(1), consumption(1)]);
    equal((await recorded(store)).length, 1);
  },
  'keeps the first of two records that are one': async (bench) => {
    const store = await bench.open();
    await store.publish(entry(1));
    await store.recordConsumptions([
      consumption(1, { correlationId: 'first' }),
      consumption(1, { correlationId: 'second' }),
    ]);
    await store.recordConsumptions([consumption(1, { correlationId: 'third' })]);
    equal(
      (await recorded(store)).map(({ correlationId }) => correlationId),
      ['first'],
    );
  },
  'takes two runs in the same millisecond as two': async (bench) => {
    const store = await bench.open();
    await store.publish(entry(1));
    await store.recordConsumptions([consumption(1, { runId: 'a' }), consumption(1, { runId: 'b' })]);
    equal((await recorded(store)).length, 2);
  },
  'takes no run and a run with an empty name as two': async (bench) => {
    const store = await bench.open();
    await store.publish(entry(1));
    await store.recordConsumptions([consumption(1, { runId: '' }), consumption(1, { runId: null })]);
    equal(
      (await recorded(store)).map(({ runId }) => runId),
      [null, ''],
    );
  },
  'takes two consumers, two instants and two artifacts as two': async (bench) => {
    const store = await bench.open();
    await store.publishMany([entry(1), entry(2)]);
    await store.recordConsumptions([
      consumption(1),
      consumption(1, { consumer: 'other' }),
      consumption(1, { consumedAt: at(1) }),
      consumption(2),
    ]);
    equal([(await recorded(store, 1)).length, (await recorded(store, 2)).length], [3, 1]);
  },
  'does not take parts of a name for another part': async (bench) => {
    const store = await bench.open();
    await store.publish(entry(1));
    const pairs = [
      ['a', 'b|c'],
      ['a|b', 'c'],
      ['a","b', 'c'],
      ['a', 'b","c'],
      ['a\u0000b', 'c'],
      ['a', 'b\u0000c'],
    ] as const;
    await store.recordConsumptions(pairs.map(([consumer, runId]) => consumption(1, { consumer, runId })));
    equal((await recorded(store)).length, pairs.length);
  },
  'knows a record again after its artifact was replaced': async (bench) => {
    const store = await bench.open();
    await store.publish(entry(1));
    await store.recordConsumptions([consumption(1)]);
    await store.publish(entry(1));
    await store.recordConsumptions([consumption(1)]);
    equal((await recorded(store)).length, 1);
  },
});

const refused = casesOf(9, {
  'refuses to consume an unknown artifact, naming it, and records nothing of that call': async (bench) => {
    const store = await bench.open();
    await store.publish(entry(1));
    await rejects(
      store.recordConsumptions([consumption(1), consumption(2), consumption(1, { runId: 'r' })]),
      'not-found',
      'record consumptions',
      `"${idOf(2)}"`,
    );
    equal(await recorded(store), []);
    equal((await store.stats()).consumptions, 0);
    equal((await store.agentHistorySummary('reader')).consumed.total, 0);
  },
  'refuses to consume a deleted artifact': async (bench) => {
    const store = await bench.open();
    await store.publish(entry(1));
    await store.recordConsumptions([consumption(1)]);
    await store.deleteBefore(at(2));
    await rejects(store.recordConsumptions([consumption(1)]), 'not-found', `"${idOf(1)}"`);
  },
  'consumes an artifact whose publishing was called just before': async (bench) => {
    const store = await bench.open();
    const publishing = store.publish(entry(1));
    await store.recordConsumptions([consumption(1)]);
    await publishing;
    equal((await recorded(store)).length, 1);
  },
  'refuses to consume an artifact whose publishing is called just after': async (bench) => {
    const store = await bench.open();
    const recordingTooEarly = store.recordConsumptions([consumption(1)]);
    const publishing = store.publish(entry(1));
    await rejects(recordingTooEarly, 'not-found', `"${idOf(1)}"`);
    await publishing;
    equal(await recorded(store), []);
  },
  'refuses records that are not what a consumption is': async (bench) => {
    const store = await bench.open();
    const untyped: UntypedStore = store;
    await store.publish(entry(1));
    const wrong: readonly (readonly [records: unknown, word: string])[] = [
      [undefined, 'records'],
      ['text', '"text"'],
      [consumption(1), 'records'],
      [[null], 'null'],
      [[{ artifactId: idOf(1) }], 'consumer'],
      [[{ consumer: 'reader' }], 'artifactId'],
      [[consumption(1), { ...consumption(1), runId: 7 }], 'runId'],
      [[{ ...consumption(1), run: 'r' }], '"run"'],
    ];
    for (const [records, word] of wrong) {
      await rejects(untyped.recordConsumptions(records), 'invalid-argument', 'record consumptions', word);
    }
    equal((await store.stats()).consumptions, 0);
  },
});

export const consumptionCases: readonly ContractCase[] = [...recording, ...identity, ...refused];
