import { equal } from './assert.ts';
import { casesOf, type ContractCase } from './contract-case.ts';
import { agent, at, consumption, entry, idOf, numbers } from './samples.ts';

export const deletionCases: readonly ContractCase[] = casesOf(11, {
  'deletes what was created before an instant, and says how many': async (bench) => {
    const store = await bench.open();
    await store.publishMany([entry(3), entry(1), entry(4), entry(2)]);
    equal(await store.deleteBefore(at(3)), 2);
    equal(numbers(await store.list()), [3, 4]);
  },
  'keeps what was created at that very instant': async (bench) => {
    const store = await bench.open();
    await store.publish(entry(1, { createdAt: at(5) }));
    equal(await store.deleteBefore(at(5)), 0);
    equal(await store.deleteBefore(at(6)), 1);
  },
  'compares instants, not texts': async (bench) => {
    const store = await bench.open();
    const created = ['0999-12-31T23:59:59.999Z', '1969-12-31T23:59:59.900Z', '1970-01-01T00:00:00.010Z'];
    await store.publishMany(created.map((text, i) => entry(i, { createdAt: new Date(text) })));
    equal(await store.deleteBefore(new Date('1970-01-01T00:00:00.009Z')), 2);
    equal(numbers(await store.list()), [2]);
  },
  'deletes nothing when nothing is that old': async (bench) => {
    const store = await bench.open();
    equal(await store.deleteBefore(at(5)), 0);
    await store.publish(entry(9));
    equal(await store.deleteBefore(at(5)), 0);
    equal(numbers(await store.list()), [9]);
  },
  'deletes an artifact from every read': async (bench) => {
    const store = await bench.open();
    await store.publishMany([entry(1, { tags: 'x', producedBy: 'old' }), entry(2)]);
    await store.deleteBefore(at(2));
    equal(await store.get(idOf(1)), null);
    equal(numbers(await store.listByType('Note')), [2]);
    equal((await store.queryArtifacts({ tags: 'x' })).total, 0);
    equal((await store.queryArtifacts({ ids: idOf(1) })).total, 0);
    equal((await store.fetchGraphArtifacts()).total, 1);
    equal((await store.agentHistorySummary('old')).produced.total, 0);
    const { byProducer, tagCounts, earliestCreatedAt } = await store.summarizeArtifacts();
    equal([byProducer, tagCounts, earliestCreatedAt], [{ scribe: 1 }, {}, at(2)]);
  },
  'counts artifacts, not their consumptions': async (bench) => {
    const store = await bench.open();
    await store.publishMany([entry(1), entry(2)]);
    await store.recordConsumptions([consumption(1, { runId: 'a' }), consumption(1, { runId: 'b' }), consumption(2)]);
    equal(await store.deleteBefore(at(2)), 1);
  },
  'deletes the consumptions of what it deletes, and no others': async (bench) => {
    const store = await bench.open();
    await store.publishMany([entry(1), entry(2)]);
    await store.recordConsumptions([consumption(1), consumption(2, { consumedAt: at(-9999) })]);
    await store.deleteBefore(at(2));
    equal((await store.agentHistorySummary('reader')).consumed, { total: 1, byType: { Note: 1 } });
    equal((await store.stats()).consumptions, 1);
  },
  'gives an artifact that is published again no consumptions from before its deletion': async (bench) => {
    const store = await bench.open();
    await store.publish(entry(1));
    await store.recordConsumptions([consumption(1)]);
    await store.deleteBefore(at(2));
    await store.publish(entry(1));
    const [envelope] = (await store.fetchGraphArtifacts()).items;
    equal(envelope?.consumptions, []);
    await store.recordConsumptions([consumption(1)]);
    equal((await store.agentHistorySummary('reader')).consumed.total, 1);
  },
  'deletes a replaced artifact by its new creation time': async (bench) => {
    const store = await bench.open();
    await store.publishMany([entry(1), entry(2)]);
    await store.publish(entry(1, { createdAt: at(9) }));
    equal(await store.deleteBefore(at(5)), 1);
    equal(numbers(await store.list()), [1]);
  },
  'deletes what was published before the call, and nothing published after it': async (bench) => {
    const store = await bench.open();
    const calls = [store.publish(entry(1)), store.deleteBefore(at(9)), store.publish(entry(2))];
    await Promise.all(calls);
    equal(await calls[1], 1);
    equal(numbers(await store.list()), [2]);
  },
  'deletes thousands of artifacts at once': async (bench) => {
    const store = await bench.open();
    await store.publishMany(Array.from({ length: 3000 }, (_, n) => entry(n)));
    equal(await store.deleteBefore(at(2999)), 2999);
    equal(numbers(await store.list()), [2999]);
  },
  'keeps agent snapshots': async (bench) => {
    const store = await bench.open();
    await store.upsertAgentSnapshot(agent('a'));
    await store.publish(entry(1));
    await store.deleteBefore(at(99_999));
    equal(await store.loadAgentSnapshots(), [agent('a')]);
  },
  'gives the space back without changing anything': async (bench) => {
    const store = await bench.open();
    await store.publishMany([entry(1), entry(2), entry(3)]);
    await store.recordConsumptions([consumption(3)]);
    await store.deleteBefore(at(2));
    const before = await store.fetchGraphArtifacts();
    await store.vacuum();
    equal(await store.fetchGraphArtifacts(), before);
    await store.publish(entry(4));
    equal(numbers(await store.list()), [2, 3, 4]);
  },
});
