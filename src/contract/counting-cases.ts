import { equal, rejects } from './assert.ts';
import { casesOf, type ContractCase } from './contract-case.ts';
import { anyType } from './sample-types.ts';
import { at, consumption, entry, note, once } from './samples.ts';
import type { UntypedStore } from './untyped-store.ts';

const HOUR = 3_600_000;
const NOTHING = { total: 0, byType: {} };

const tags = casesOf(10, {
  'keeps tags as a set, sorted': async (bench) => {
    const store = await bench.open();
    const published = await store.publish(entry(1, { tags: ['b', 'a', 'b', 'c', 'a'] }));
    equal(published.tags, ['a', 'b', 'c']);
    equal((await store.list())[0]?.tags, ['a', 'b', 'c']);
    equal((await store.queryArtifacts()).items[0]?.tags, ['a', 'b', 'c']);
  },
  'counts a tag that was given twice once': async (bench) => {
    const store = await bench.open();
    await store.publishMany([entry(1, { tags: ['a', 'a', 'b'] }), entry(2, { tags: once('a') }), entry(3)]);
    equal((await store.summarizeArtifacts()).tagCounts, { a: 2, b: 1 });
  },
});

const histories = casesOf(10, {
  'counts what an agent produced, by type': async (bench) => {
    const store = await bench.open({ types: [anyType('a.Report')] });
    await store.publishMany([
      note(),
      note({ type: 'Report' }),
      note(),
      note({ producedBy: 'other' }),
      note({ producedBy: 'Scribe' }),
    ]);
    equal(await store.agentHistorySummary('scribe'), {
      produced: { total: 3, byType: { Note: 2, 'a.Report': 1 } },
      consumed: NOTHING,
    });
  },
  'counts the consumptions of an agent, not the artifacts it consumed': async (bench) => {
    const store = await bench.open();
    await store.publishMany([entry(1), entry(2, { type: 'Report' }), entry(3)]);
    await store.recordConsumptions([
      consumption(1, { runId: 'r1' }),
      consumption(1, { runId: 'r2' }),
      consumption(1, { runId: 'r1', consumedAt: at(1) }),
      consumption(2),
      consumption(3, { consumer: 'other' }),
    ]);
    equal(await store.agentHistorySummary('reader'), {
      produced: NOTHING,
      consumed: { total: 4, byType: { Note: 3, Report: 1 } },
    });
  },
  'counts nothing for an agent that nobody knows': async (bench) => {
    const store = await bench.open();
    await store.publish(note());
    equal(await store.agentHistorySummary('nobody'), { produced: NOTHING, consumed: NOTHING });
  },
  'applies the filter of a history to the artifacts, produced and consumed': async (bench) => {
    const store = await bench.open();
    await store.publishMany([
      entry(1, { tags: 'x' }),
      entry(2),
      entry(3, { tags: 'x', producedBy: 'reader', type: 'Report' }),
    ]);
    await store.recordConsumptions([consumption(1, { consumedAt: at(99) }), consumption(2), consumption(3)]);
    equal(await store.agentHistorySummary('reader', { tags: 'x' }), {
      produced: { total: 1, byType: { Report: 1 } },
      consumed: { total: 2, byType: { Note: 1, Report: 1 } },
    });
    equal((await store.agentHistorySummary('reader', { end: at(1) })).consumed, { total: 1, byType: { Note: 1 } });
    equal((await store.agentHistorySummary('scribe', { producedBy: 'reader' })).produced, NOTHING);
    equal((await store.agentHistorySummary('reader', { producedBy: 'scribe' })).consumed.total, 2);
  },
  'counts what an agent consumed of its own': async (bench) => {
    const store = await bench.open();
    await store.publish(entry(1, { producedBy: 'reader' }));
    await store.recordConsumptions([consumption(1)]);
    const one = { total: 1, byType: { Note: 1 } };
    equal(await store.agentHistorySummary('reader'), { produced: one, consumed: one });
  },
  'takes __proto__ for a type name and an agent like any other': async (bench) => {
    const store = await bench.open();
    await store.publish(entry(1, { type: '__proto__', producedBy: '__proto__', tags: '__proto__' }));
    await store.recordConsumptions([consumption(1, { consumer: '__proto__' })]);
    const { produced, consumed } = await store.agentHistorySummary('__proto__');
    const { byType, byProducer, tagCounts } = await store.summarizeArtifacts();
    for (const counts of [produced.byType, consumed.byType, byType, byProducer, tagCounts]) {
      equal(Object.entries(counts), [['__proto__', 1]]);
    }
  },
  'refuses an agent id that is no text': async (bench) => {
    const store: UntypedStore = await bench.open();
    await rejects(store.agentHistorySummary(), 'invalid-argument', 'agent id');
    await rejects(store.agentHistorySummary(7), 'invalid-argument', 'agent id', '7');
  },
});

const summaries = casesOf(10, {
  'summarizes what a filter matches': async (bench) => {
    const store = await bench.open({ types: [anyType('a.Report')] });
    await store.publishMany([
      entry(1, { tags: ['x', 'y'] }),
      entry(2, { type: 'Report', tags: ['x'], visibility: { kind: 'Tenant', tenantId: 't' } }),
      entry(3, { producedBy: 'editor', visibility: { kind: 'After', ttl: 'PT1H', then: null } }),
      entry(4, { producedBy: 'nobody' }),
    ]);
    equal(await store.summarizeArtifacts({ producedBy: ['scribe', 'editor'] }), {
      total: 3,
      byType: { Note: 2, 'a.Report': 1 },
      byProducer: { editor: 1, scribe: 2 },
      byVisibility: { After: 1, Public: 1, Tenant: 1 },
      tagCounts: { x: 2, y: 1 },
      earliestCreatedAt: at(1),
      latestCreatedAt: at(3),
      isFullWindow: true,
      windowSpanLabel: '1 minutes',
    });
  },
  'summarizes nothing as empty': async (bench) => {
    const store = await bench.open();
    await store.publish(note());
    equal(await store.summarizeArtifacts({ typeNames: [] }), {
      total: 0,
      byType: {},
      byProducer: {},
      byVisibility: {},
      tagCounts: {},
      earliestCreatedAt: null,
      latestCreatedAt: null,
      isFullWindow: true,
      windowSpanLabel: 'empty',
    });
  },
  'summarizes more artifacts than a page holds': async (bench) => {
    const store = await bench.open();
    await store.publishMany(Array.from({ length: 700 }, (_, n) => entry(n)));
    equal((await store.summarizeArtifacts()).total, 700);
    equal((await store.agentHistorySummary('scribe')).produced.total, 700);
  },
  'finds the earliest and the latest by instant, whatever the order of publishing': async (bench) => {
    const store = await bench.open();
    await store.publishMany([entry(2), entry(9, { createdAt: new Date('0050-01-01T00:00:00Z') }), entry(5), entry(1)]);
    const { earliestCreatedAt, latestCreatedAt } = await store.summarizeArtifacts();
    equal([earliestCreatedAt, latestCreatedAt], [new Date('0050-01-01T00:00:00Z'), at(5)]);
  },
  'says whether a summary is cut at a start or an end': async (bench) => {
    const store = await bench.open();
    const cut: boolean[] = [];
    for (const filter of [{}, { start: at(0) }, { end: at(9) }, { start: undefined, tags: 'x' }]) {
      cut.push((await store.summarizeArtifacts(filter)).isFullWindow);
    }
    equal(cut, [true, false, false, true]);
  },
  'says in words how long the time from the earliest to the latest is': async (bench) => {
    const labels: string[] = [];
    const spans = [0, 1, 90_000, 59 * 60_000, HOUR, 1.25 * HOUR, 24 * HOUR, 48 * HOUR - 1, 48 * HOUR, 100 * HOUR];
    for (const span of spans) {
      const store = await bench.open();
      await store.publishMany([entry(1, { createdAt: at(0) }), entry(2, { createdAt: at(span) })]);
      labels.push((await store.summarizeArtifacts()).windowSpanLabel);
    }
    equal(labels, [
      'moments',
      '1 minutes',
      '1 minutes',
      '59 minutes',
      '1.0 hours',
      '1.3 hours',
      '24.0 hours',
      '48.0 hours',
      '2 days',
      '4 days',
    ]);
  },
});

export const countingCases: readonly ContractCase[] = [...tags, ...histories, ...summaries];
