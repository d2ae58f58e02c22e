import { equal, rejects } from './assert.ts';
import { casesOf, type ContractCase } from './contract-case.ts';
import { createGate, gatedType, laterMovieType } from './sample-types.ts';
import { agent, at, consumption, entry, idOf, note, numbers } from './samples.ts';
import type { UntypedStore } from './untyped-store.ts';

const SLOW = { payload: { title: 'M' }, producedBy: 'critic' };

const order = casesOf(13, {
  'shows a write to every read that is called after it': async (bench) => {
    const store = await bench.open();
    const publishing = store.publish(entry(1));
    const reads = [
      store.get(idOf(1)).then((artifact) => artifact !== null),
      store.list().then(({ length }) => length),
      store.listByType('Note').then(({ length }) => length),
      store.queryArtifacts().then(({ total }) => total),
      store.fetchGraphArtifacts().then(({ total }) => total),
      store.summarizeArtifacts().then(({ total }) => total),
      store.agentHistorySummary('scribe').then(({ produced }) => produced.total),
      store.stats().then(({ artifacts }) => artifacts),
    ];
    equal(await Promise.all(reads), [true, 1, 1, 1, 1, 1, 1, 1]);
    await publishing;
  },
  'shows a write to no read that was called before it': async (bench) => {
    const store = await bench.open();
    const reads = [
      store.get(idOf(1)).then((artifact) => artifact !== null),
      store.list().then(({ length }) => length),
      store.queryArtifacts().then(({ total }) => total),
      store.summarizeArtifacts().then(({ total }) => total),
      store.stats().then(({ artifacts }) => artifacts),
    ];
    const publishing = store.publish(entry(1));
    equal(await Promise.all(reads), [false, 0, 0, 0, 0]);
    await publishing;
  },
  'gives a slow validation its place: later calls wait, earlier ones do not': async (bench) => {
    const store = await bench.open();
    const gate = createGate();
    const before = store.list();
    const slow = store.publish({ ...SLOW, type: gatedType('Slow', gate), id: idOf(1), createdAt: at(1) });
    const between = store.list();
    const quick = store.publish(entry(2));
    const after = store.list();
    equal(numbers(await before), []);
    gate.open();
    const [first, second] = await Promise.all([slow, quick]);
    equal(second.sequence - first.sequence, 1);
    equal([numbers(await between), numbers(await after)], [[1], [1, 2]]);
  },
  'takes two slow validations in the order of the calls, however they end': async (bench) => {
    const store = await bench.open();
    const [firstGate, secondGate] = [createGate(), createGate()];
    const first = store.publish({ ...SLOW, type: gatedType('First', firstGate) });
    const second = store.publish({ ...SLOW, type: gatedType('Second', secondGate) });
    secondGate.open();
    // Time for the second to run ahead, in a store that lets it.
    for (let i = 0; i < 50; i++) await Promise.resolve();
    firstGate.open();
    equal((await second).sequence - (await first).sequence, 1);
    equal(
      (await store.list()).map(({ type }) => type),
      ['First', 'Second'],
    );
  },
  'frees the place of a validation that fails': async (bench) => {
    const store = await bench.open();
    const gate = createGate();
    const failing = store.publish({ ...SLOW, type: gatedType('Slow', gate, 'invalid') });
    const quick = store.publish(entry(2));
    const list = store.list();
    gate.open();
    await rejects(failing, 'invalid-payload', 'is never valid');
    equal(numbers(await list), [2]);
    await quick;
  },
  'takes writes of all kinds in the order of the calls': async (bench) => {
    const store = await bench.open();
    const gate = createGate();
    const calls = [
      store.publish({ ...SLOW, type: gatedType('Slow', gate), id: idOf(1), createdAt: at(1) }),
      store.recordConsumptions([consumption(1)]),
      store.upsertAgentSnapshot(agent('a')),
      store.deleteBefore(at(2)),
      store.publish(entry(1)),
      store.clearAgentSnapshots(),
      store.upsertAgentSnapshot(agent('b')),
    ];
    gate.open();
    await Promise.all(calls);
    const [envelope] = (await store.fetchGraphArtifacts()).items;
    equal([envelope?.artifact.type, envelope?.consumptions], ['Note', []]);
    equal(await store.loadAgentSnapshots(), [agent('b')]);
  },
  'replaces in the order of the calls': async (bench) => {
    const store = await bench.open();
    const gate = createGate();
    const calls = [
      store.publish({ ...SLOW, type: gatedType('Slow', gate), id: idOf(1) }),
      store.publish(entry(1, { payload: { n: 2 } })),
    ];
    gate.open();
    await Promise.all(calls);
    equal((await store.get(idOf(1)))?.payload, { n: 2 });
  },
  'keeps the order of many concurrent callers': async (bench) => {
    const store = await bench.open();
    const callers = ['a', 'b', 'c'].map(async (producedBy) => {
      for (let n = 0; n < 10; n++) await store.publish(note({ producedBy, payload: { n } }));
    });
    await Promise.all(callers);
    for (const producedBy of ['a', 'b', 'c']) {
      const { items } = await store.queryArtifacts({ producedBy });
      equal(
        items.map(({ payload }) => payload['n']),
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
      );
    }
    equal((await store.stats()).sequence, 30);
  },
});

const atomicity = casesOf(13, {
  'shows all of publishMany or nothing of it to those who read meanwhile': async (bench) => {
    const store = await bench.open({ types: [laterMovieType('films.Movie')] });
    const seen: Promise<number>[] = [];
    const look = () => seen.push(store.list().then(({ length }) => length));
    look();
    const publishing = store.publishMany([
      note(),
      note({ type: 'films.Movie', payload: { title: 'M' } }),
      note({ tags: 'x' }),
    ]);
    for (let i = 0; i < 20; i++) {
      look();
      await Promise.resolve();
    }
    await publishing;
    const [before, ...after] = await Promise.all(seen);
    equal(before, 0);
    equal(
      after,
      after.map(() => 3),
      'what the reads after the call saw',
    );
  },
  'publishes nothing when one of many drafts is refused, whatever is wrong with it': async (bench) => {
    const store: UntypedStore = await bench.open();
    const wrong = [
      {},
      { ...note(), payload: { n: Number.NaN } },
      { ...note(), id: 'no' },
      { ...note(), version: 0 },
      null,
    ];
    for (const draft of wrong) {
      const call = store.publishMany([entry(1), draft, entry(2)]);
      const error: unknown = await call.then(
        () => null,
        (reason: unknown) => reason,
      );
      equal(error instanceof Error, true, 'whether the call was refused');
    }
    equal(await store.list(), []);
  },
  'publishes in any order what the drafts are told, and returns it in the given order': async (bench) => {
    const store = await bench.open();
    const published = await store.publishMany([entry(3), entry(1), entry(2)]);
    equal(
      [numbers(published), numbers(await store.list())],
      [
        [3, 1, 2],
        [1, 2, 3],
      ],
    );
  },
  'publishes an empty array of drafts as nothing': async (bench) => {
    const store = await bench.open();
    equal(await store.publishMany([]), []);
    equal((await store.stats()).sequence, 0);
  },
  'goes on after a write that failed': async (bench) => {
    const store = await bench.open();
    const failing = store.recordConsumptions([consumption(1)]);
    const publishing = store.publish(entry(1));
    const recording = store.recordConsumptions([consumption(1)]);
    await rejects(failing, 'not-found');
    await publishing;
    await recording;
    equal((await store.stats()).consumptions, 1);
  },
  'has a write on the board when its call resolves': async (bench) => {
    const store = await bench.open();
    const published = await store.publish(entry(1));
    equal(await store.get(idOf(1)), published);
    await store.upsertAgentSnapshot(agent('a'));
    equal((await store.loadAgentSnapshots()).length, 1);
  },
  'replaces an agent snapshot whole': async (bench) => {
    const store = await bench.open();
    await store.upsertAgentSnapshot(agent('a', { labels: ['x'], subscriptions: ['A', 'B'] }));
    await store.upsertAgentSnapshot(agent('b'));
    await store.upsertAgentSnapshot(agent('a', { description: 'new', lastSeen: at(9) }));
    equal(await store.loadAgentSnapshots(), [agent('a', { description: 'new', lastSeen: at(9) }), agent('b')]);
  },
  'clears agent snapshots and nothing else': async (bench) => {
    const store = await bench.open();
    await store.publish(entry(1));
    await store.upsertAgentSnapshot(agent('a'));
    await store.clearAgentSnapshots();
    equal(await store.loadAgentSnapshots(), []);
    equal(numbers(await store.list()), [1]);
  },
});

export const callOrderCases: readonly ContractCase[] = [...order, ...atomicity];
