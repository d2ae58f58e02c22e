import { defineType } from '../core/artifact-type.ts';
import { equal } from './assert.ts';
import { casesOf, type ContractCase } from './contract-case.ts';
import { createGate, gatedType, schemaOf } from './sample-types.ts';
import { agent, at, consumption, entry, idOf, note, numbers } from './samples.ts';
import { vandalize } from './vandalize.ts';

const full = () =>
  entry(1, {
    payload: { list: [{ a: 1 }], object: { b: [2] } },
    tags: ['t1', 't2'],
    correlationId: 'c',
    visibility: { kind: 'After', ttl: 'PT1H', then: { kind: 'Private', agents: ['a', 'b'] } },
  });

const FULL = {
  id: idOf(1),
  type: 'Note',
  payload: { list: [{ a: 1 }], object: { b: [2] } },
  producedBy: 'scribe',
  correlationId: 'c',
  partitionKey: null,
  tags: ['t1', 't2'],
  visibility: { kind: 'After', ttl: 'PT1H', then: { kind: 'Private', agents: ['a', 'b'] } },
  createdAt: at(1),
  version: 1,
  sequence: 1,
};

const given = casesOf(6, {
  'keeps the board when a draft is changed after publish': async (bench) => {
    const store = await bench.open();
    const draft = full();
    await store.publish(draft);
    vandalize(draft);
    equal(await store.list(), [FULL]);
  },
  'takes a draft as it is at the call, however long the call waits': async (bench) => {
    const store = await bench.open();
    const gate = createGate();
    const slow = store.publish({ type: gatedType('Slow', gate), payload: { title: 'M' }, producedBy: 'critic' });
    const draft = full();
    const publishing = store.publish(draft);
    vandalize(draft);
    gate.open();
    await slow;
    await publishing;
    equal(await store.get(idOf(1)), { ...FULL, sequence: 2 });
  },
  'takes a payload as it is at the call, however long its own validation takes': async (bench) => {
    const store = await bench.open();
    const gate = createGate();
    const payload = { title: 'M', cast: ['a'] };
    const slow = store.publish({ type: gatedType('Slow', gate), payload, producedBy: 'critic' });
    payload.cast.push('b');
    gate.open();
    await slow;
    equal((await store.list())[0]?.payload, { title: 'M', cast: ['a'] });
  },
  'takes page options as they are at the call, however long the call waits': async (bench) => {
    const store = await bench.open();
    const gate = createGate();
    const slow = store.publish({ type: gatedType('Slow', gate), payload: { title: 'M' }, producedBy: 'critic' });
    const page: { embedMeta: true; limit?: number } = { embedMeta: true };
    const query = store.queryArtifacts({}, page);
    vandalize(page);
    Reflect.deleteProperty(page, 'embedMeta');
    gate.open();
    const artifact = await slow;
    equal((await query).items, [{ artifact, consumptions: [] }]);
  },
  'takes the drafts of publishMany as they are at the call': async (bench) => {
    const store = await bench.open();
    const drafts = [full(), entry(2)];
    const publishing = store.publishMany(drafts);
    vandalize(drafts);
    await publishing;
    equal(numbers(await store.list()), [1, 2]);
    equal(await store.get(idOf(1)), FULL);
  },
  'leaves the draft as it was': async (bench) => {
    const store = await bench.open();
    const draft = full();
    await store.publish(draft);
    equal(draft, full());
    equal(
      [draft, draft.payload, draft.tags, draft.visibility, draft.payload['list']].map((part) => Object.isFrozen(part)),
      [false, false, false, false, false],
      'which parts of the draft are frozen',
    );
  },
  'keeps consumptions when their records are changed after the call': async (bench) => {
    const store = await bench.open();
    await store.publish(entry(1));
    const records = [consumption(1, { consumedAt: at(5) })];
    const recording = store.recordConsumptions(records);
    vandalize(records);
    await recording;
    const [envelope] = (await store.fetchGraphArtifacts()).items;
    equal(envelope?.consumptions, [{ ...consumption(1, { consumedAt: at(5) }), runId: null, correlationId: null }]);
  },
  'keeps an agent snapshot when it is changed after the call': async (bench) => {
    const store = await bench.open();
    const snapshot = agent('a', { labels: ['l'] });
    const keeping = store.upsertAgentSnapshot(snapshot);
    vandalize(snapshot);
    await keeping;
    equal(await store.loadAgentSnapshots(), [agent('a', { labels: ['l'] })]);
  },
  'takes a filter and page options as they are at the call': async (bench) => {
    const store = await bench.open();
    await store.publishMany([entry(1), entry(2), entry(3)]);
    const gate = createGate();
    const slow = store.publish({ type: gatedType('Slow', gate), payload: { title: 'M' }, producedBy: 'critic' });
    const filter = { ids: [idOf(2), idOf(3)], start: at(0), end: at(9) };
    const page: { limit: number; order: 'asc' | 'desc'; embedMeta?: false } = {
      limit: 5,
      order: 'desc',
      embedMeta: false,
    };
    const querying = store.queryArtifacts(filter, page);
    vandalize(filter);
    vandalize(page);
    gate.open();
    await slow;
    equal(numbers((await querying).items), [3, 2]);
  },
  'takes a cut-off as it is at the call': async (bench) => {
    const store = await bench.open();
    await store.publishMany([entry(1), entry(2)]);
    const gate = createGate();
    const slow = store.publish({ type: gatedType('Slow', gate), payload: { title: 'M' }, producedBy: 'critic' });
    const before = at(2);
    const deleting = store.deleteBefore(before);
    before.setTime(0);
    gate.open();
    await slow;
    equal(await deleting, 1);
  },
});

const returned = casesOf(6, {
  'keeps the board when what publish returned is changed': async (bench) => {
    const store = await bench.open();
    vandalize(await store.publish(full()));
    equal(await store.get(idOf(1)), FULL);
  },
  'keeps the board when what a read returned is changed': async (bench) => {
    const store = await bench.open();
    await store.publish(full());
    vandalize(await store.get(idOf(1)));
    vandalize(await store.list());
    vandalize(await store.listByType('Note'));
    vandalize(await store.queryArtifacts());
    vandalize(await store.fetchGraphArtifacts());
    equal(await store.get(idOf(1)), FULL);
    equal(await store.list(), [FULL]);
  },
  'gives every caller a creation time of its own': async (bench) => {
    const store = await bench.open();
    const published = await store.publish(full());
    const [listed] = await store.list();
    published.createdAt.setTime(0);
    listed?.createdAt.setTime(1);
    equal((await store.get(idOf(1)))?.createdAt, at(1));
    equal(numbers((await store.queryArtifacts({ start: at(1) })).items), [1]);
  },
  'keeps consumptions when what a read returned is changed': async (bench) => {
    const store = await bench.open();
    await store.publish(entry(1));
    await store.recordConsumptions([consumption(1, { runId: 'r' })]);
    vandalize(await store.fetchGraphArtifacts());
    vandalize(await store.queryArtifacts({}, { embedMeta: true }));
    const [envelope] = (await store.fetchGraphArtifacts()).items;
    equal(envelope?.consumptions, [{ ...consumption(1, { runId: 'r' }), correlationId: null }]);
  },
  'keeps agent snapshots when what a read returned is changed': async (bench) => {
    const store = await bench.open();
    await store.upsertAgentSnapshot(agent('a', { labels: ['l'] }));
    vandalize(await store.loadAgentSnapshots());
    equal(await store.loadAgentSnapshots(), [agent('a', { labels: ['l'] })]);
  },
  'keeps the counts when a summary or a history is changed': async (bench) => {
    const store = await bench.open();
    await store.publish(full());
    vandalize(await store.summarizeArtifacts());
    vandalize(await store.agentHistorySummary('scribe'));
    const { total, byType, tagCounts, latestCreatedAt } = await store.summarizeArtifacts();
    equal([total, byType, tagCounts, latestCreatedAt], [1, { Note: 1 }, { t1: 1, t2: 1 }, at(1)]);
    equal((await store.agentHistorySummary('scribe')).produced, { total: 1, byType: { Note: 1 } });
  },
  'keeps the board when typed values and their artifacts are changed': async (bench) => {
    const Same = defineType(
      'Same',
      schemaOf<Readonly<Record<string, unknown>>>((value) => ({ value: Object(value) as Record<string, unknown> })),
    );
    const store = await bench.open();
    await store.publish({ type: Same, payload: { list: [1] }, producedBy: 'scribe' });
    vandalize(await store.getByType(Same, { withArtifact: true }));
    equal(await store.getByType(Same), [{ list: [1] }]);
  },
});

const outputs = casesOf(6, {
  'never touches the objects that a schema returns': async (bench) => {
    const output = { at: new Date(5), list: [{ a: 1 }], map: new Map([['a', 1]]) };
    const Kept = defineType(
      'Kept',
      schemaOf(() => ({ value: output })),
    );
    const store = await bench.open();
    await store.publish(note({ type: 'Kept' }));
    const [value] = await store.getByType(Kept);
    equal(value === output, true, 'whether the value is the object that the schema returned');
    equal(
      [output, output.list, output.list[0]].map((part) => Object.isFrozen(part)),
      [false, false, false],
    );
    equal(output, { at: new Date(5), list: [{ a: 1 }], map: new Map([['a', 1]]) });
  },
});

export const copyCases: readonly ContractCase[] = [...given, ...returned, ...outputs];
