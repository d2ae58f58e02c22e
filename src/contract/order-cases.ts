import { equal, rejects } from './assert.ts';
import { casesOf, type ContractCase } from './contract-case.ts';
import { movieType } from './sample-types.ts';
import { agent, at, clockOf, consumption, entry, idOf, note, numbers } from './samples.ts';
import type { UntypedStore } from './untyped-store.ts';

// U+FF5E comes before U+1D11E by code point, and after it by UTF-16 unit.
const WIDE_TILDE = '\uff5e';
const CLEF = '\u{1d11e}';

const totalOrder = casesOf(1, {
  'lists artifacts by creation time, whatever the order of publishing': async (bench) => {
    const store = await bench.open();
    for (const n of [3, 1, 4, 2]) await store.publish(entry(n));
    equal(numbers(await store.list()), [1, 2, 3, 4]);
  },
  'lists artifacts of the same instant by id': async (bench) => {
    const store = await bench.open();
    for (const n of [3, 1, 255, 2]) await store.publish(entry(n, { createdAt: at(0) }));
    equal(numbers(await store.list()), [1, 2, 3, 255]);
  },
  'puts the creation time before the id': async (bench) => {
    const store = await bench.open();
    await store.publishMany([entry(1, { createdAt: at(2) }), entry(2, { createdAt: at(1) })]);
    equal(numbers(await store.list()), [2, 1]);
  },
  'lists the artifacts of a type in the same order': async (bench) => {
    const store = await bench.open();
    await store.publishMany([entry(3), entry(2, { createdAt: at(3) }), entry(1, { type: 'Other' }), entry(4)]);
    equal(numbers(await store.listByType('Note')), [2, 3, 4]);
  },
  'gives typed values in the same order': async (bench) => {
    const Movie = movieType('films.Movie');
    const store = await bench.open();
    for (const n of [3, 1, 2]) {
      await store.publish({
        type: Movie,
        payload: { title: `No ${String(n)}` },
        producedBy: 'critic',
        id: idOf(n),
        createdAt: at(0),
      });
    }
    const movies = await store.getByType(Movie);
    equal(
      movies.map(({ title }) => title),
      ['No 1', 'No 2', 'No 3'],
    );
  },
  'pages in the same order, the oldest first unless told': async (bench) => {
    const store = await bench.open();
    for (const n of [2, 3, 1]) await store.publish(entry(n));
    const unordered = await store.queryArtifacts();
    const ascending = await store.queryArtifacts({}, { order: 'asc' });
    equal(
      [numbers(unordered.items), numbers(ascending.items)],
      [
        [1, 2, 3],
        [1, 2, 3],
      ],
    );
  },
  'pages of several types are in one order': async (bench) => {
    const store = await bench.open();
    await store.publishMany([entry(1, { type: 'B' }), entry(2, { type: 'A' }), entry(3, { type: 'B' })]);
    equal(numbers((await store.queryArtifacts({ typeNames: ['A', 'B'] })).items), [1, 2, 3]);
  },
  'pages in the exact reverse when the order is desc, ties included': async (bench) => {
    const store = await bench.open();
    for (const n of [5, 2, 4, 1, 3]) await store.publish(entry(n, { createdAt: at(n > 3 ? 1 : 0) }));
    const { items } = await store.queryArtifacts({}, { order: 'desc' });
    equal(numbers(items), [5, 4, 3, 2, 1]);
  },
  'goes on by cursor through ties in both orders': async (bench) => {
    const store = await bench.open();
    for (const n of [2, 4, 1, 3]) await store.publish(entry(n, { createdAt: at(0) }));
    const seen: number[][] = [];
    for (const order of ['asc', 'desc'] as const) {
      const first = await store.queryArtifacts({}, { order, limit: 3 });
      const second = await store.queryArtifacts({}, { order, limit: 3, cursor: first.nextCursor ?? '' });
      seen.push([...numbers(first.items), ...numbers(second.items)]);
    }
    equal(seen, [
      [1, 2, 3, 4],
      [4, 3, 2, 1],
    ]);
  },
  'gives graph envelopes in the same order, and in reverse': async (bench) => {
    const store = await bench.open();
    for (const n of [2, 3, 1]) await store.publish(entry(n, { createdAt: at(0) }));
    const { items } = await store.fetchGraphArtifacts();
    const reverse = await store.fetchGraphArtifacts({}, { order: 'desc' });
    equal(numbers(items.map(({ artifact }) => artifact)), [1, 2, 3]);
    equal(numbers(reverse.items.map(({ artifact }) => artifact)), [3, 2, 1]);
  },
  'lists what was published with defaults in the order of publishing': async (bench) => {
    const store = await bench.open({ now: clockOf(0) });
    const ids: string[] = [];
    for (let i = 0; i < 300; i++) ids.push((await store.publish(note())).id);
    equal(
      (await store.list()).map(({ id }) => id),
      ids,
    );
  },
  'lists what publishMany published with defaults in the given order': async (bench) => {
    const store = await bench.open({ now: clockOf(0) });
    const drafts = Array.from({ length: 300 }, (_, n) => note({ payload: { n } }));
    await store.publishMany(drafts);
    equal(
      (await store.list()).map(({ payload }) => payload['n']),
      drafts.map((_, n) => n),
    );
  },
  'keeps the order of publishing when the clock is set back': async (bench) => {
    const store = await bench.open({ now: clockOf(5000, 1000, 2000, 6000) });
    const ids: string[] = [];
    for (let i = 0; i < 4; i++) ids.push((await store.publish(note())).id);
    equal(
      (await store.list()).map(({ id }) => id),
      ids,
    );
  },
  'stamps no creation time earlier than its last stamp': async (bench) => {
    const store = await bench.open({ now: clockOf(5000, 1000, 6000) });
    for (let i = 0; i < 3; i++) await store.publish(note());
    equal(
      (await store.list()).map(({ createdAt }) => createdAt),
      [at(5000), at(5000), at(6000)],
    );
  },
  'orders consumptions by instant, then consumer, then run, those without a run first': async (bench) => {
    const store = await bench.open();
    await store.publish(entry(1));
    await store.recordConsumptions([
      consumption(1, { consumer: 'b', runId: 'r2' }),
      consumption(1, { consumer: 'a', consumedAt: at(1) }),
      consumption(1, { consumer: 'b', runId: 'r10' }),
      consumption(1, { consumer: 'b', runId: null }),
      consumption(1, { consumer: 'b', runId: '' }),
      consumption(1, { consumer: 'a', runId: 'z' }),
    ]);
    const [envelope] = (await store.fetchGraphArtifacts()).items;
    equal(
      envelope?.consumptions.map(({ consumer, runId, consumedAt }) => [consumer, runId, consumedAt]),
      [
        ['a', 'z', at(0)],
        ['b', null, at(0)],
        ['b', '', at(0)],
        ['b', 'r10', at(0)],
        ['b', 'r2', at(0)],
        ['a', null, at(1)],
      ],
    );
  },
  'orders consumers and runs by code point': async (bench) => {
    const store = await bench.open();
    await store.publish(entry(1));
    await store.recordConsumptions([
      consumption(1, { consumer: CLEF }),
      consumption(1, { consumer: WIDE_TILDE, runId: CLEF }),
      consumption(1, { consumer: WIDE_TILDE, runId: WIDE_TILDE }),
      consumption(1, { consumer: 'z' }),
      consumption(1, { consumer: 'Z' }),
    ]);
    const [envelope] = (await store.queryArtifacts({}, { embedMeta: true })).items;
    equal(
      envelope?.consumptions.map(({ consumer, runId }) => [consumer, runId]),
      [
        ['Z', null],
        ['z', null],
        [WIDE_TILDE, WIDE_TILDE],
        [WIDE_TILDE, CLEF],
        [CLEF, null],
      ],
    );
  },
  'orders agent snapshots by name, by code point': async (bench) => {
    const store = await bench.open();
    for (const name of [CLEF, 'b', WIDE_TILDE, 'a10', 'B', 'a2', 'a']) await store.upsertAgentSnapshot(agent(name));
    equal(
      (await store.loadAgentSnapshots()).map(({ agentName }) => agentName),
      ['B', 'a', 'a10', 'a2', 'b', WIDE_TILDE, CLEF],
    );
  },
  'orders tags by code point': async (bench) => {
    const store = await bench.open();
    await store.publish(entry(1, { tags: [CLEF, 'b', WIDE_TILDE, 'a10', 'B', 'a2', 'é'] }));
    equal((await store.list())[0]?.tags, ['B', 'a10', 'a2', 'b', 'é', WIDE_TILDE, CLEF]);
  },
});

const instants = casesOf(1, {
  'keeps the milliseconds of a creation time': async (bench) => {
    const store = await bench.open();
    const createdAt = new Date('2025-03-30T01:59:59.007Z');
    await store.publish(entry(1, { createdAt }));
    equal((await store.get(idOf(1)))?.createdAt, createdAt);
  },
  'tells instants apart by the millisecond': async (bench) => {
    const store = await bench.open();
    await store.publishMany([entry(1, { createdAt: at(2) }), entry(2, { createdAt: at(1) })]);
    equal(numbers((await store.queryArtifacts({ start: at(2) })).items), [1]);
    equal(numbers((await store.queryArtifacts({ end: at(1) })).items), [2]);
  },
  'takes instants from the first of the year 1 to the last of the year 9999': async (bench) => {
    const store = await bench.open();
    const first = new Date('0001-01-01T00:00:00.000Z');
    const last = new Date('9999-12-31T23:59:59.999Z');
    await store.publishMany([entry(1, { createdAt: last }), entry(2, { createdAt: first })]);
    equal(
      (await store.list()).map(({ createdAt }) => createdAt),
      [first, last],
    );
  },
  'orders instants before 1970 before those after it': async (bench) => {
    const store = await bench.open();
    const years = ['0099', '1969', '1970', '2025', '0999'];
    await store.publishMany(years.map((year, i) => entry(i, { createdAt: new Date(`${year}-06-01T00:00:00.500Z`) })));
    equal(numbers(await store.list()), [0, 4, 1, 2, 3]);
    equal(numbers((await store.queryArtifacts({ end: new Date('1969-12-31T23:59:59.999Z') })).items), [0, 4, 1]);
  },
});

const WRONG_INSTANTS: Readonly<Record<string, unknown>> = {
  'the last of the year 0': new Date(-62_135_596_800_001),
  'the first of the year 10000': new Date(253_402_300_800_000),
  'an invalid Date': new Date(Number.NaN),
  'a number of milliseconds': at(0).getTime(),
  'an ISO text': at(0).toISOString(),
};

const wrongInstants: ContractCase[] = Object.entries(WRONG_INSTANTS).flatMap(([name, instant]) =>
  casesOf(1, {
    [`refuses ${name} as an instant, wherever one is asked for`]: async (bench) => {
      const store: UntypedStore = await bench.open();
      await store.publish(entry(1));
      await rejects(store.publish({ ...entry(2), createdAt: instant }), 'invalid-argument', 'createdAt');
      await rejects(
        store.recordConsumptions([{ ...consumption(1), consumedAt: instant }]),
        'invalid-argument',
        'consumedAt',
      );
      await rejects(store.queryArtifacts({ start: instant }), 'invalid-argument', 'start');
      await rejects(store.summarizeArtifacts({ end: instant }), 'invalid-argument', 'end');
      await rejects(store.deleteBefore(instant), 'invalid-argument', 'before');
      await rejects(store.upsertAgentSnapshot({ ...agent('a'), lastSeen: instant }), 'invalid-argument', 'lastSeen');
    },
  }),
);

export const orderCases: readonly ContractCase[] = [...totalOrder, ...instants, ...wrongInstants];
