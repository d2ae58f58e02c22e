import { describe, expect, it } from 'vitest';
import { anyType } from '../../src/contract/sample-types.ts';
import type { StoreOperation } from '../../src/sqlite/operation.ts';
import type { SqliteStore } from '../../src/sqlite/sqlite-store.ts';
import { failureOf, NOTE, open } from './trial-store.ts';
import { idOf } from './new-board.ts';
import { TrialMedium } from './trial-medium.ts';

async function openWatched(options: { readonly medium?: TrialMedium } = {}) {
  const operations: StoreOperation[] = [];
  const store = await open({ ...options, onOperation: (operation) => operations.push(operation) });
  return { store, operations };
}

const type = anyType('app.Note');
const agent = {
  agentName: 'scout',
  description: '',
  subscriptions: [],
  outputTypes: [],
  labels: [],
  firstSeen: new Date(0),
  lastSeen: new Date(0),
  signature: '',
};

/** Every method, in an order in which each has something to do, and how many rows it gives. */
const methods: Readonly<Record<string, readonly [rows: number, call: (store: SqliteStore) => Promise<unknown>]>> = {
  publish: [1, (store) => store.publish({ ...NOTE, id: idOf(1) })],
  publishMany: [2, (store) => store.publishMany([NOTE, NOTE])],
  recordConsumptions: [0, (store) => store.recordConsumptions([{ artifactId: idOf(1), consumer: 'editor' }])],
  get: [1, (store) => store.get(idOf(1))],
  list: [3, (store) => store.list()],
  listByType: [3, (store) => store.listByType('app.Note')],
  getByType: [3, (store) => store.getByType(type)],
  queryArtifacts: [2, (store) => store.queryArtifacts({}, { limit: 2 })],
  fetchGraphArtifacts: [3, (store) => store.fetchGraphArtifacts()],
  summarizeArtifacts: [0, (store) => store.summarizeArtifacts()],
  agentHistorySummary: [0, (store) => store.agentHistorySummary('editor')],
  upsertAgentSnapshot: [0, (store) => store.upsertAgentSnapshot(agent)],
  loadAgentSnapshots: [1, (store) => store.loadAgentSnapshots()],
  clearAgentSnapshots: [0, (store) => store.clearAgentSnapshots()],
  deleteBefore: [0, (store) => store.deleteBefore(new Date('9999-01-01'))],
  vacuum: [0, (store) => store.vacuum()],
  stats: [0, (store) => store.stats()],
  flush: [0, (store) => store.flush()],
  checkpoint: [0, (store) => store.checkpoint()],
  refresh: [0, (store) => store.refresh()],
  exportBytes: [0, (store) => store.exportBytes()],
  explain: [0, (store) => store.explain()],
};

describe('each call is told of when it has ended', () => {
  it('with its name, how long it took, and how many rows it gave', async () => {
    const { store, operations } = await openWatched({ medium: new TrialMedium() });
    for (const [name, [rows, call]] of Object.entries(methods)) {
      operations.length = 0;
      const start = performance.now();
      await call(store);
      const elapsed = performance.now() - start;
      expect(operations).toEqual([{ name, rows, ms: expect.any(Number) as number }]);
      expect(operations[0]?.ms).toBeGreaterThanOrEqual(0);
      expect(operations[0]?.ms).toBeLessThanOrEqual(elapsed);
    }
  });

  it('as often as stats counts it', async () => {
    const { store, operations } = await openWatched();
    await Promise.all([store.publish(NOTE), store.list(), store.list(), failureOf(store.get('no id'))]);
    const counts = Object.entries((await store.stats()).operations).map(([name, { count }]) => [name, count]);
    expect(Object.fromEntries(counts)).toEqual({ publish: 1, list: 2, get: 1 });
    expect(operations.map(({ name }) => name).sort()).toEqual(['get', 'list', 'list', 'publish', 'stats']);
  });

  it('and not before: the time is that until it was accepted', async () => {
    const medium = new TrialMedium();
    const { store, operations } = await openWatched({ medium });
    const append = medium.hold('append');
    const publishing = store.publish(NOTE);
    await append.begun;
    const waiting = performance.now();
    expect(operations).toEqual([]);
    while (performance.now() - waiting < 5) await Promise.resolve();
    append.finish();
    await publishing;
    expect(operations[0]?.ms).toBeGreaterThanOrEqual(5);
  });

  it('with no rows where nothing was found', async () => {
    const { store, operations } = await openWatched();
    await store.get(idOf(1));
    await store.list();
    await store.queryArtifacts();
    expect(operations.map(({ rows }) => rows)).toEqual([0, 0, 0]);
  });

  it('with what it failed with, whatever that is', async () => {
    const { store, operations } = await openWatched();
    const errors = [
      await failureOf(store.get('no id')),
      await failureOf(store.recordConsumptions([{ artifactId: idOf(1), consumer: 'a' }])),
      await failureOf(store.list({ signal: AbortSignal.abort('enough') })),
      await failureOf(store.list({ signal: AbortSignal.abort(null) })),
      await failureOf(store.checkpoint()),
    ];
    await store.close();
    errors.push(await failureOf(store.list()));
    expect(operations.map(({ name, rows, error }) => [name, rows, error])).toEqual([
      ['get', 0, errors[0]],
      ['recordConsumptions', 0, errors[1]],
      ['list', 0, 'enough'],
      ['list', 0, errors[3]],
      ['checkpoint', 0, errors[4]],
      ['list', 0, errors[5]],
    ]);
    expect(errors[5]).toMatchObject({ code: 'closed' });
    expect(operations.every((operation) => 'error' in operation)).toBe(true);
  });
});
