import type { BlackboardStore } from '../core/store.ts';
import { equal, rejection } from './assert.ts';
import { casesOf, type ContractCase } from './contract-case.ts';
import { movieType } from './sample-types.ts';
import { agent, at, consumption, entry, idOf, note } from './samples.ts';
import type { UntypedStore } from './untyped-store.ts';

/** How many numbers a call takes. */
async function taken(store: BlackboardStore, call: () => Promise<unknown>): Promise<number> {
  const before = (await store.stats()).sequence;
  await call();
  return (await store.stats()).sequence - before;
}

export const sequenceCases: readonly ContractCase[] = casesOf(13, {
  'starts at 0, and numbers what is published from 1 without gaps': async (bench) => {
    const store = await bench.open();
    equal((await store.stats()).sequence, 0);
    const first = await store.publish(note());
    const more = await store.publishMany([note(), note()]);
    equal(
      [first, ...more].map(({ sequence }) => sequence),
      [1, 2, 3],
    );
    equal(
      (await store.list()).map(({ sequence }) => sequence),
      [1, 2, 3],
    );
    equal((await store.stats()).sequence, 3);
  },
  'takes a number for each artifact published, replaced or deleted': async (bench) => {
    const store = await bench.open();
    equal(await taken(store, () => store.publishMany([entry(1), entry(2), entry(3)])), 3);
    equal(await taken(store, () => store.publish(entry(2))), 1);
    equal(await taken(store, () => store.deleteBefore(at(3))), 2);
  },
  'takes a number for each new consumption': async (bench) => {
    const store = await bench.open();
    await store.publish(entry(1));
    const records = [consumption(1), consumption(1), consumption(1, { runId: 'r' })];
    equal(await taken(store, () => store.recordConsumptions(records)), 2);
    equal(await taken(store, () => store.recordConsumptions(records)), 0);
  },
  'takes a number for each agent snapshot written': async (bench) => {
    const store = await bench.open();
    equal(await taken(store, () => store.upsertAgentSnapshot(agent('a'))), 1);
    equal(await taken(store, () => store.upsertAgentSnapshot(agent('a'))), 1);
  },
  'takes no number for calls that change nothing': async (bench) => {
    const store = await bench.open();
    await store.publish(entry(9));
    const calls: (() => Promise<unknown>)[] = [
      () => store.publishMany([]),
      () => store.recordConsumptions([]),
      () => store.deleteBefore(at(9)),
      () => store.clearAgentSnapshots(),
      () => store.vacuum(),
      () => store.flush(),
      () => store.get(idOf(9)),
      () => store.list(),
      () => store.listByType('Note'),
      () => store.getByType(movieType('films.Movie')),
      () => store.queryArtifacts(),
      () => store.fetchGraphArtifacts(),
      () => store.summarizeArtifacts(),
      () => store.agentHistorySummary('scribe'),
      () => store.loadAgentSnapshots(),
      () => store.stats(),
    ];
    for (const call of calls) equal(await taken(store, call), 0, `what ${String(call)} takes`);
  },
  'takes no number for calls that fail': async (bench) => {
    const store = await bench.open({ types: [movieType('films.Movie')] });
    const untyped: UntypedStore = store;
    const calls = [
      () => store.publish(note({ type: 'Movie', payload: {} })),
      () => store.publishMany([note(), note({ type: 'Movie', payload: {} })]),
      () => untyped.publish({ ...note(), payload: { n: Number.NaN } }),
      () => store.recordConsumptions([consumption(1)]),
      () => untyped.upsertAgentSnapshot({}),
      () => untyped.deleteBefore('then'),
    ];
    for (const call of calls) equal(await taken(store, () => rejection(call())), 0, `what ${String(call)} takes`);
    equal((await store.publish(note())).sequence, 1);
  },
  'gives no number twice when what had it is gone': async (bench) => {
    const store = await bench.open();
    await store.publishMany([entry(1), entry(2)]);
    await store.deleteBefore(at(9));
    equal((await store.publish(entry(1))).sequence, 5);
  },
});
