import { describe, expect, it } from 'vitest';
import { QuotaError } from '../../src/core/errors.ts';
import type { SqliteStore } from '../../src/sqlite/sqlite-store.ts';
import type { StoreEvent } from '../../src/sqlite/store-event.ts';
import { countIn, keptOn, NOTE, open, until } from './trial-store.ts';
import { TrialMedium } from './trial-medium.ts';

const full = new QuotaError('full');

/** Lets the log grow by a little more than so many bytes, and a checkpoint begin if that was the moment for it. */
async function grow(store: SqliteStore, bytes: number): Promise<void> {
  await store.publish({ ...NOTE, payload: { text: 'x'.repeat(bytes) } });
  await store.list();
}

const MB = 1 << 20;

describe.each([true, false])(
  'a log that has become longer than a megabyte and the snapshot, shared: %s',
  (isShared) => {
    it('is folded into a snapshot by itself, while writes go on', async () => {
      const medium = new TrialMedium();
      medium.isShared = isShared;
      const store = await open({ medium });
      await grow(store, MB / 2);
      expect(medium.count('save')).toBe(1);
      const save = medium.hold('save');
      await grow(store, MB / 2);
      await save.begun;
      const after = await store.publish(NOTE);
      expect(await store.list()).toContainEqual(after);
      save.finish();
      await until(() => medium.count('saved') === 2);
      expect(await countIn(medium.snapshot?.bytes ?? null)).toBe(2);
      expect(medium.records).toHaveLength(1);
      expect(await keptOn(medium)).toHaveLength(3);
      const stats = await store.stats();
      expect(stats.log?.records).toBe(1);
      expect(stats.lastCheckpoint).not.toBeNull();
    });
  },
);

describe('a checkpoint that nobody asked for', () => {
  it('is one at a time', async () => {
    const medium = new TrialMedium();
    const store = await open({ medium });
    await store.flush();
    const save = medium.hold('save');
    await grow(store, MB);
    await save.begun;
    for (let n = 0; n < 3; n++) await grow(store, MB);
    expect(medium.count('save')).toBe(2);
    save.finish();
    await until(() => medium.count('saved') === 2);
    await grow(store, MB);
    await until(() => medium.count('saved') === 3);
    expect(medium.records).toEqual([]);
  });

  it('waits until the log is longer than a snapshot that is long itself', async () => {
    const medium = new TrialMedium();
    const store = await open({ medium });
    await store.publishMany([{ ...NOTE, payload: { text: 'x'.repeat(3 * MB) } }]);
    await store.checkpoint();
    const saves = medium.count('save');
    await grow(store, 2 * MB);
    expect(medium.count('save')).toBe(saves);
    await grow(store, 2 * MB);
    expect(medium.count('save')).toBe(saves + 1);
  });

  it('and fails is told, loses nothing, and is tried again when the log is twice as long', async () => {
    const medium = new TrialMedium();
    const events: StoreEvent[] = [];
    const store = await open({ medium, onEvent: (event) => events.push(event) });
    await store.flush();
    medium.fail('save', full);
    await grow(store, 1.2 * MB);
    await until(() => events.length > 0);
    expect(events).toEqual([{ type: 'checkpoint-failed', error: full }]);
    await grow(store, MB);
    expect(medium.count('save')).toBe(2);
    expect(await keptOn(medium)).toHaveLength(2);
    await grow(store, MB / 2);
    await until(() => medium.count('saved') === 2);
    expect(await countIn(medium.snapshot?.bytes ?? null)).toBe(3);
    expect(events).toHaveLength(1);
  });

  it('is tried again as ever after one that was asked for', async () => {
    const medium = new TrialMedium();
    const events: StoreEvent[] = [];
    const store = await open({ medium, onEvent: (event) => events.push(event) });
    await store.flush();
    medium.fail('save', full);
    await grow(store, 4 * MB);
    await until(() => events.length > 0);
    await store.deleteBefore(new Date('9999-01-01'));
    await store.vacuum();
    await store.checkpoint();
    await grow(store, 1.2 * MB);
    await until(() => medium.count('saved') === 3);
    expect(medium.records).toEqual([]);
  });

  it('is waited for by close', async () => {
    const medium = new TrialMedium();
    const store = await open({ medium });
    await store.flush();
    const save = medium.hold('save');
    await grow(store, MB);
    await save.begun;
    const closing = store.close({ checkpoint: false });
    save.finish();
    await closing;
    expect(medium.steps.slice(-3)).toEqual(['saved', 'sync', 'close']);
  });
});
