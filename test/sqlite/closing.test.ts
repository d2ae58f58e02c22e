import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { LockedError, QuotaError, StorageLostError } from '../../src/core/errors.ts';
import { openTold, sharedMedium } from './ended-page.ts';
import { idOf } from './new-board.ts';
import { countIn, failureOf, keptOn, NOTE, open } from './trial-store.ts';
import { TrialMedium } from './trial-medium.ts';

const full = new QuotaError('full');

describe('closing', () => {
  it('checkpoints a board with one user, and lets the medium go last', async () => {
    const medium = new TrialMedium();
    const store = await open({ medium });
    await store.publish(NOTE);
    medium.steps.length = 0;
    await store.close();
    expect(medium.steps).toEqual(['save', 'saved', 'sync', 'close']);
    expect(await countIn(medium.snapshot?.bytes ?? null)).toBe(1);
    expect(await failureOf(store.list())).toMatchObject({ code: 'closed' });
    await store.close();
    expect(medium.count('close')).toBe(1);
  });

  it('leaves the log as it is when told so', async () => {
    const medium = new TrialMedium();
    const store = await open({ medium });
    await store.publish(NOTE);
    medium.steps.length = 0;
    await store.close({ checkpoint: false });
    expect(medium.steps).toEqual(['sync', 'close']);
    expect(await keptOn(medium)).toHaveLength(1);
  });

  it('never checkpoints a board that others share, unless told to', async () => {
    const medium = new TrialMedium();
    medium.isShared = true;
    for (const checkpoint of [undefined, false]) {
      const store = await open({ medium });
      await store.publish(NOTE);
      medium.steps.length = 0;
      await store.close({ checkpoint });
      expect(medium.steps).toEqual(['sync', 'close']);
    }
    expect(medium.records).toHaveLength(2);
    await (await open({ medium })).close({ checkpoint: true });
    expect(medium.records).toEqual([]);
    expect(await keptOn(medium)).toHaveLength(2);
  });

  it('waits for what was called before it', async () => {
    const medium = new TrialMedium();
    const store = await open({ medium });
    const append = medium.hold('append');
    const publishing = store.publish(NOTE);
    const closing = store.close();
    await append.begun;
    append.finish();
    const artifact = await publishing;
    await closing;
    expect(await keptOn(medium)).toEqual([artifact]);
  });

  it('waits for checkpoints and flushes that were called before it, and they succeed', async () => {
    const medium = new TrialMedium();
    for (const checkpoint of [true, false]) {
      const store = await open({ medium });
      await store.publish(NOTE);
      const save = medium.hold('save');
      const called = [store.checkpoint(), store.checkpoint(), store.flush(), store.close({ checkpoint })];
      await save.begun;
      save.finish();
      await Promise.all(called);
      expect(medium.steps.at(-1)).toBe('close');
    }
    const store = await open({ medium: new TrialMedium() });
    await Promise.all([store.flush(), store.close({ checkpoint: false })]);
  });

  it.each(['save', 'sync'] as const)(
    'leaves the store open when its %s fails, and can be tried again',
    async (step) => {
      const medium = new TrialMedium();
      const store = await open({ medium });
      await store.publish(NOTE);
      medium.fail(step, full);
      expect(await failureOf(store.close())).toBe(full);
      await store.publish(NOTE);
      expect(await store.list()).toHaveLength(2);
      await store.close();
      expect(await countIn(medium.snapshot?.bytes ?? null)).toBe(2);
      expect(await failureOf(store.list())).toMatchObject({ code: 'closed' });
      expect(medium.steps.at(-1)).toBe('close');
    },
  );

  it('is not disturbed by a sign of others that comes too late', async () => {
    const medium = new TrialMedium();
    medium.isShared = true;
    const events: unknown[] = [];
    const store = await open({ medium, onEvent: (event) => events.push(event) });
    await store.publish(NOTE);
    const sync = medium.hold('sync');
    const closing = store.close();
    await sync.begun;
    medium.steps.length = 0;
    medium.hint();
    sync.finish();
    await closing;
    medium.hint();
    await store.close();
    expect(medium.steps).toEqual(['close']);
    expect(events).toEqual([]);
  });

  it('leaves nothing to be done for the writes that were called with it', async () => {
    const medium = sharedMedium();
    const { events, store } = await openTold(medium);
    const text = 'x'.repeat(1.3 * 2 ** 20);
    await Promise.all([store.publish({ ...NOTE, payload: { text } }), store.close({ checkpoint: false })]);
    await new Promise((resolve) => setImmediate(resolve));
    expect(events).toEqual([]);
    expect(medium.steps.at(-1)).toBe('close');
    expect(await keptOn(medium)).toHaveLength(1);
  });

  it('takes back what the page has left, before others can carry out what was refused', async () => {
    const medium = sharedMedium();
    const { store } = await openTold(medium);
    await store.flush();
    const other = await open({ medium });
    const read = medium.hold('read');
    const refused = failureOf(store.recordConsumptions([{ artifactId: idOf(1), consumer: 'a' }]));
    const closing = store.close();
    await read.begun;
    medium.endPage(0);
    expect(medium.left.size).toBe(1);
    read.finish();
    expect(await refused).toMatchObject({ code: 'not-found' });
    await closing;
    expect(medium.left.size).toBe(0);
    await other.publish({ ...NOTE, id: idOf(1) });
    expect((await (await open({ medium })).stats()).consumptions).toBe(0);
  });

  it.each([new StorageLostError('gone'), new LockedError('taken over')])(
    'lets go of what cannot be saved any more, once it has said so: %s',
    async (lost) => {
      const medium = sharedMedium();
      const { store } = await openTold(medium);
      await store.publish(NOTE);
      medium.fail('sync', lost);
      medium.fail('sync', lost);
      expect(await failureOf(store.close())).toBe(lost);
      expect(await countIn(await store.exportBytes())).toBe(1);
      await store.close();
      expect(medium.steps.at(-1)).toBe('close');
      expect(await failureOf(store.list())).toMatchObject({ code: 'closed' });
    },
  );

  it('of a board that is known to be lost needs one call', async () => {
    const medium = sharedMedium();
    const { events, store } = await openTold(medium);
    const lost = new StorageLostError('gone');
    medium.fail('append', lost);
    expect(await failureOf(store.publish(NOTE))).toBe(lost);
    medium.fail('sync', lost);
    await store.close();
    expect(medium.steps.at(-1)).toBe('close');
    expect(events).toEqual([{ type: 'detached', error: lost }]);
  });
});

describe('a store that is open for long', () => {
  it('keeps nothing of what its flushes came to', async () => {
    const medium = sharedMedium();
    const { store } = await openTold(medium);
    const fail = async () => {
      const error = new QuotaError('full');
      medium.fail('sync', error);
      expect(await failureOf(store.flush())).toBe(error);
      return new WeakRef(error);
    };
    const first = await fail();
    for (let n = 0; n < 3; n++) await fail();
    await new Promise((resolve) => setImmediate(resolve));
    setFlagsFromString('--expose-gc');
    (runInNewContext('gc') as () => void)();
    expect(first.deref()).toBeUndefined();
  });
});
