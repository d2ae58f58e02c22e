import { describe, expect, it } from 'vitest';
import { StorageLostError } from '../../src/core/errors.ts';
import type { StoreEvent } from '../../src/sqlite/store-event.ts';
import { countIn, failureOf, NOTE, open, until } from './trial-store.ts';
import { TrialMedium } from './trial-medium.ts';

const detached = [{ type: 'detached', error: expect.objectContaining({ code: 'storage-lost' }) as Error }];

/** A store whose board was taken from the shared medium, with two artifacts on it. */
async function openLost(replace: (medium: TrialMedium) => void | Promise<void>) {
  const medium = new TrialMedium();
  medium.isShared = true;
  const events: StoreEvent[] = [];
  const store = await open({ medium, onEvent: (event) => events.push(event) });
  const artifacts = await store.publishMany([NOTE, NOTE]);
  medium.snapshot = null;
  medium.records = [];
  await replace(medium);
  return { medium, events, store, artifacts };
}

/** What somebody else puts there: another board, with as many writes. */
async function beginAnother(medium: TrialMedium): Promise<void> {
  const other = await open({ medium });
  await other.publishMany([NOTE, NOTE]);
}

const losses: [string, (medium: TrialMedium) => void | Promise<void>][] = [
  ['is gone from its medium', () => undefined],
  ['gave way to another board', beginAnother],
  [
    'gave way to another board that was checkpointed',
    async (medium) => {
      await beginAnother(medium);
      await (await open({ medium })).checkpoint();
    },
  ],
];

it('a medium that failed once and works again fails no close silently, and says again when it fails', async () => {
  const medium = new TrialMedium();
  const events: StoreEvent[] = [];
  const store = await open({ medium, onEvent: (event) => events.push(event) });
  await store.publish(NOTE);
  const failed = new StorageLostError('the disk failed');
  medium.fail('append', failed);
  expect(await failureOf(store.publish(NOTE))).toBe(failed);
  await store.publish(NOTE);
  medium.fail('sync', failed);
  expect(await failureOf(store.close())).toBe(failed);
  expect(events).toEqual([...detached, ...detached]);
  await store.close();
  expect(await countIn(medium.snapshot?.bytes ?? null)).toBe(2);
});

describe.each(losses)('a board that %s', (_, replace) => {
  it('refuses writes and says so once; what is in memory can be read and exported', async () => {
    const { medium, events, store, artifacts } = await openLost(replace);
    const { records } = medium;
    const calls = [store.publish(NOTE), store.list(), store.deleteBefore(new Date(0))];
    const [published, listed, deleted] = await Promise.allSettled(calls);
    expect(published).toMatchObject({ reason: { code: 'storage-lost' } });
    expect(deleted).toMatchObject({ reason: { code: 'storage-lost' } });
    expect(listed).toMatchObject({ value: artifacts });
    expect(events).toEqual(detached);
    expect(await failureOf(store.publish(NOTE))).toMatchObject({ code: 'storage-lost' });
    medium.watchers[0]?.changed();
    expect(await failureOf(store.refresh())).toMatchObject({ code: 'storage-lost' });
    expect(await store.list()).toEqual(artifacts);
    expect(await countIn(await store.exportBytes())).toBe(2);
    expect(events).toEqual(detached);
    expect(medium.records).toEqual(records);
    await store.close();
  });

  it('is noticed at a sign of it', async () => {
    const { medium, events, store, artifacts } = await openLost(replace);
    medium.watchers[0]?.changed();
    await until(() => events.length > 0);
    expect(events).toEqual(detached);
    expect(await store.list()).toEqual(artifacts);
  });

  it('is noticed by refresh', async () => {
    const { events, store, artifacts } = await openLost(replace);
    expect(await failureOf(store.refresh())).toMatchObject({ code: 'storage-lost' });
    expect(events).toEqual(detached);
    expect(await store.list()).toEqual(artifacts);
  });
});

describe('a checkpoint of a board that gave way to another', () => {
  it('is refused, and leaves the other as it is', async () => {
    const { medium, events, store } = await openLost(beginAnother);
    const { snapshot } = medium;
    expect(await failureOf(store.checkpoint())).toMatchObject({ code: 'storage-lost' });
    expect(events).toEqual(detached);
    expect(await failureOf(store.close({ checkpoint: true }))).toMatchObject({ code: 'storage-lost' });
    expect(medium.snapshot).toBe(snapshot);
    await store.close();
  });

  it('succeeds when somebody else has only checkpointed more of the same board', async () => {
    const medium = new TrialMedium();
    medium.isShared = true;
    const [one, other] = [await open({ medium }), await open({ medium })];
    await one.publish(NOTE);
    const save = medium.hold('save');
    const checkpointing = one.checkpoint();
    await save.begun;
    await other.publish(NOTE);
    await other.checkpoint();
    save.finish();
    await checkpointing;
    expect(await countIn(medium.snapshot?.bytes ?? null)).toBe(2);
    expect(await one.list()).toEqual(await other.list());
  });
});
