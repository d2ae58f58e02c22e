import { describe, expect, it } from 'vitest';
import type { StoreEvent } from '../../src/sqlite/store-event.ts';
import { keptOn, NOTE, open } from './trial-store.ts';
import { TrialMedium } from './trial-medium.ts';

/** A board with three artifacts, the last of which is in a record that a crash left incomplete. */
async function tornBoard(isShared = false) {
  const medium = new TrialMedium();
  const store = await open({ medium });
  const artifacts = await store.publishMany([NOTE, NOTE]);
  const { epoch } = await store.stats();
  await store.publish(NOTE);
  await store.close({ checkpoint: false });
  medium.records.pop();
  medium.recovered = 'torn-tail';
  medium.isShared = isShared;
  return { medium, artifacts, epoch };
}

describe('a board whose last record is incomplete', () => {
  it('opens without it, says so, and begins a new epoch, since the lost numbers may have been seen', async () => {
    const { medium, artifacts, epoch } = await tornBoard();
    const events: StoreEvent[] = [];
    const store = await open({ medium, onEvent: (event) => events.push(event) });
    expect(events).toEqual([{ type: 'recovered', from: 'torn-tail' }]);
    expect(await store.list()).toEqual(artifacts);
    const after = await store.stats();
    expect(after).toMatchObject({ sequence: 2 });
    expect(after.epoch).not.toBe(epoch);
    medium.recovered = null;
    const { sequence } = await store.publish(NOTE);
    expect(sequence).toBe(3);
  });

  it.each([true, false])('keeps that epoch, closed with a checkpoint or without: %s', async (checkpoint) => {
    const { medium } = await tornBoard();
    const store = await open({ medium });
    medium.recovered = null;
    const { epoch } = await store.stats();
    await store.close({ checkpoint });
    const events: StoreEvent[] = [];
    const again = await open({ medium, onEvent: (event) => events.push(event) });
    expect(events).toEqual([]);
    expect((await again.stats()).epoch).toBe(epoch);
    await again.publish(NOTE);
    expect(await keptOn(medium)).toHaveLength(3);
  });

  it('is told to a reader, who changes nothing', async () => {
    const { medium, artifacts, epoch } = await tornBoard();
    const records = [...medium.records];
    const events: StoreEvent[] = [];
    const store = await open({ medium, readOnly: true, onEvent: (event) => events.push(event) });
    expect(events).toEqual([{ type: 'recovered', from: 'torn-tail' }]);
    expect(await store.list()).toEqual(artifacts);
    expect((await store.stats()).epoch).toBe(epoch);
    await store.close();
    expect(medium.records).toEqual(records);
    expect(medium.steps.slice(-3)).toEqual(['open', 'load', 'close']);
  });

  it('has one epoch for two who find it so at the same time', async () => {
    const { medium } = await tornBoard(true);
    const append = medium.hold('append');
    const opening = open({ medium });
    await append.begun;
    const other = await open({ medium });
    append.finish();
    const store = await opening;
    medium.recovered = null;
    await other.refresh();
    expect((await store.stats()).epoch).toBe((await other.stats()).epoch);
    const published = await store.publish(NOTE);
    await other.refresh();
    expect(await other.get(published.id)).toEqual(published);
    expect((await (await open({ medium })).stats()).epoch).toBe((await store.stats()).epoch);
  });

  it('is the same board to those who have it open, also when all has to be loaded again', async () => {
    const { medium } = await tornBoard(true);
    const store = await open({ medium });
    medium.recovered = null;
    const other = await open({ medium });
    const published = await store.publish(NOTE);
    await store.checkpoint();
    await other.refresh();
    expect(await other.get(published.id)).toEqual(published);
    await other.publish(NOTE);
    expect(await keptOn(medium)).toHaveLength(4);
  });
});

describe('a board whose last snapshot is damaged', () => {
  it('opens from the one before it and its log, and says so', async () => {
    const medium = new TrialMedium();
    const first = await open({ medium });
    const artifact = await first.publish(NOTE);
    const { epoch } = await first.stats();
    await first.close({ checkpoint: false });
    medium.recovered = 'earlier-generation';
    const events: StoreEvent[] = [];
    const store = await open({ medium, onEvent: (event) => events.push(event) });
    expect(events).toEqual([{ type: 'recovered', from: 'earlier-generation' }]);
    expect(await store.list()).toEqual([artifact]);
    expect((await store.stats()).epoch).toBe(epoch);
  });
});
