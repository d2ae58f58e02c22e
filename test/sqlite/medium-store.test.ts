import { describe, expect, it } from 'vitest';
import { QuotaError } from '../../src/core/errors.ts';
import type { SqliteStore } from '../../src/sqlite/sqlite-store.ts';
import { failureOf, keptOn, NOTE, open } from './trial-store.ts';
import { TrialMedium } from './trial-medium.ts';

describe('a store on a medium', () => {
  it('starts a new board where there is none, and goes on with it the next time', async () => {
    const medium = new TrialMedium();
    const first = await open({ medium });
    expect(first.capabilities).toEqual({ durable: true, writable: true, sqlite: true });
    const artifact = await first.publish(NOTE);
    const { epoch } = await first.stats();
    await first.close();
    const second = await open({ medium });
    expect(await second.list()).toEqual([artifact]);
    expect(await second.stats()).toMatchObject({ epoch, sequence: 1, lastCheckpoint: null });
    expect((await second.publish(NOTE)).sequence).toBe(2);
  });

  it('puts nothing on the medium before the first write', async () => {
    const medium = new TrialMedium();
    const store = await open({ medium });
    await store.list();
    await store.close({ checkpoint: false });
    expect(medium.snapshot).toBeNull();
    expect(medium.steps).not.toContain('save');
  });

  it('has every write on the medium when it is accepted, and nothing more to do for it', async () => {
    const medium = new TrialMedium();
    const store = await open({ medium });
    const first = await store.publish(NOTE);
    expect(await keptOn(medium)).toEqual([first]);
    const more = await store.publishMany([NOTE, NOTE]);
    expect(await keptOn(medium)).toEqual([first, ...more]);
    expect(medium.count('save')).toBe(1);
  });

  it('answers a write, and shows it, only when its record is on the medium', async () => {
    const medium = new TrialMedium();
    const store = await open({ medium });
    await store.flush();
    const append = medium.hold('append');
    const answers: string[] = [];
    const publishing = store.publish(NOTE).then(() => answers.push('published'));
    const listing = store.list().then((list) => answers.push(`listed ${String(list.length)}`));
    await append.begun;
    expect(await keptOn(medium)).toEqual([]);
    expect(answers).toEqual([]);
    append.finish();
    await Promise.all([publishing, listing]);
    expect(answers).toEqual(['published', 'listed 1']);
  });

  it('shows a read that was called before a write the board without it', async () => {
    const medium = new TrialMedium();
    const store = await open({ medium });
    const [before, , after] = await Promise.all([store.list(), store.publish(NOTE), store.list()]);
    expect([before.length, after.length]).toEqual([0, 1]);
  });

  it('asks the medium for the durability that it was opened with, and says which', async () => {
    for (const durability of ['strict', 'relaxed'] as const) {
      const medium = new TrialMedium();
      const store = await open({ medium, durability });
      await store.publish(NOTE);
      await store.deleteBefore(new Date('9999-01-01'));
      expect(medium.durabilities).toEqual([durability, durability]);
      expect((await store.stats()).durability).toBe(durability);
    }
    const medium = new TrialMedium();
    const store = await open({ medium });
    await store.publish(NOTE);
    expect(medium.durabilities).toEqual(['relaxed']);
    expect((await store.stats()).durability).toBe('relaxed');
  });

  it('counts the records and bytes that came after the last snapshot', async () => {
    const medium = new TrialMedium();
    const store = await open({ medium });
    expect((await store.stats()).log).toEqual({ records: 0, bytes: 0 });
    await store.publish(NOTE);
    await store.publish(NOTE);
    const bytes = medium.records.reduce((sum, record) => sum + record.length, 0);
    expect((await store.stats()).log).toEqual({ records: 2, bytes });
    await store.close({ checkpoint: false });
    const again = await open({ medium });
    expect((await again.stats()).log).toEqual({ records: 2, bytes });
    await again.checkpoint();
    expect((await again.stats()).log).toEqual({ records: 0, bytes: 0 });
  });

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
  it.each<[string, (store: SqliteStore) => Promise<unknown>]>([
    ['nobody closes it', async () => {}],
    ['it is flushed', (store) => store.flush()],
    ['it is checkpointed', (store) => store.checkpoint()],
    ['it is closed', (store) => store.close()],
    ['it is closed without a checkpoint', (store) => store.close({ checkpoint: false })],
  ])('has what every kind of write did when %s', async (_, end) => {
    const medium = new TrialMedium();
    let id = '';
    const writes: ((store: SqliteStore) => Promise<unknown>)[] = [
      async (store) => (id = (await store.publish(NOTE)).id),
      (store) => store.publishMany([NOTE, NOTE]),
      (store) => store.recordConsumptions([{ artifactId: id, consumer: 'editor' }]),
      (store) => store.upsertAgentSnapshot(agent),
      (store) => store.clearAgentSnapshots(),
      (store) => store.deleteBefore(new Date('9999-01-01')),
    ];
    for (const write of writes) {
      const store = await open({ medium });
      await write(store);
      const [graph, agents] = [await store.fetchGraphArtifacts(), await store.loadAgentSnapshots()];
      const { sequence } = await store.stats();
      await end(store);
      const again = await open({ medium });
      expect(await again.fetchGraphArtifacts()).toEqual(graph);
      expect(await again.loadAgentSnapshots()).toEqual(agents);
      expect((await again.stats()).sequence).toBe(sequence);
      await again.close({ checkpoint: false });
    }
  });
});

describe('flush', () => {
  it('resolves when the medium has made all of it durable, and lets later calls go on meanwhile', async () => {
    const medium = new TrialMedium();
    const store = await open({ medium });
    const sync = medium.hold('sync');
    void store.publish(NOTE);
    let isFlushed = false;
    const flushing = store.flush().then(() => (isFlushed = true));
    await store.publish(NOTE);
    await sync.begun;
    expect(await store.list()).toHaveLength(2);
    expect(isFlushed).toBe(false);
    sync.finish();
    await flushing;
    expect(medium.steps.slice(2)).toEqual(['orphans', 'save', 'saved', 'append', 'appended', 'sync']);
  });

  it('saves a board that is new', async () => {
    const medium = new TrialMedium();
    const store = await open({ medium });
    await store.flush();
    await store.flush();
    expect(medium.steps.slice(2)).toEqual(['orphans', 'save', 'saved', 'sync', 'sync']);
    expect(await keptOn(medium)).toEqual([]);
  });

  it('fails with what the medium failed with, and the store goes on', async () => {
    const medium = new TrialMedium();
    const store = await open({ medium });
    await store.publish(NOTE);
    const full = new QuotaError('full');
    medium.fail('sync', full);
    expect(await failureOf(store.flush())).toBe(full);
    await store.publish(NOTE);
    await store.flush();
    expect(await keptOn(medium)).toHaveLength(2);
  });
});
