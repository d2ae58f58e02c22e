import { describe, expect, it } from 'vitest';
import { QuotaError } from '../../src/core/errors.ts';
import type { StoreEvent } from '../../src/sqlite/store-event.ts';
import { databaseOf, failureOf, keptOn, NOTE, open } from './trial-store.ts';
import { TrialMedium } from './trial-medium.ts';

/** A board that lost the record with its third artifact in a power cut. */
async function boardWithoutEnd(isShared = false) {
  const medium = new TrialMedium();
  const store = await open({ medium });
  const artifacts = await store.publishMany([NOTE, NOTE]);
  const { epoch } = await store.stats();
  await store.publish(NOTE);
  await store.close({ checkpoint: false });
  medium.records.pop();
  medium.mayLackRecords = true;
  medium.isShared = isShared;
  return { medium, artifacts, epoch };
}

/** As {@link boardWithoutEnd}, and a part of the record is there. */
async function tornBoard() {
  const board = await boardWithoutEnd();
  board.medium.recovered = 'torn-tail';
  return board;
}

describe('a board whose last record is incomplete', () => {
  it('opens without it, says so, and goes on in a new epoch, since the lost numbers may have been seen', async () => {
    const { medium, artifacts, epoch } = await tornBoard();
    const events: StoreEvent[] = [];
    const store = await open({ medium, onEvent: (event) => events.push(event) });
    expect(events).toEqual([{ type: 'recovered', from: 'torn-tail' }]);
    expect(await store.list()).toEqual(artifacts);
    expect(await store.stats()).toMatchObject({ sequence: 2, epoch });
    const { sequence } = await store.publish(NOTE);
    expect(sequence).toBe(3);
    const { epoch: next } = await store.stats();
    expect(next).not.toBe(epoch);
    await store.publish(NOTE);
    expect(await store.stats()).toMatchObject({ sequence: 4, epoch: next });
  });

  it.each([true, false])('keeps that epoch, closed with a checkpoint or without: %s', async (checkpoint) => {
    const { medium, epoch } = await tornBoard();
    const store = await open({ medium });
    medium.endWell();
    await store.close({ checkpoint });
    const events: StoreEvent[] = [];
    const again = await open({ medium, onEvent: (event) => events.push(event) });
    expect(events).toEqual([]);
    const { epoch: next } = await again.stats();
    expect(next).not.toBe(epoch);
    await again.publish(NOTE);
    expect((await again.stats()).epoch).toBe(next);
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
});

describe('a board of which the end may be lost', () => {
  it('opens on a full disk, and goes on in a new epoch when there is room', async () => {
    const { medium, epoch } = await boardWithoutEnd();
    const store = await open({ medium });
    medium.fail('append', new QuotaError('full'));
    expect(await failureOf(store.publish(NOTE))).toMatchObject({ code: 'quota' });
    expect((await store.stats()).epoch).toBe(epoch);
    await store.publish(NOTE);
    expect((await store.stats()).epoch).not.toBe(epoch);
  });

  it('stays open when the new epoch cannot be written as it is closed', async () => {
    const { medium, epoch } = await boardWithoutEnd();
    const store = await open({ medium });
    medium.fail('append', new QuotaError('full'));
    expect(await failureOf(store.close({ checkpoint: false }))).toMatchObject({ code: 'quota' });
    await store.close({ checkpoint: false });
    medium.endWell();
    expect((await (await open({ medium })).stats()).epoch).not.toBe(epoch);
  });

  it('is one epoch further for all who found it so, whoever writes first', async () => {
    const { medium, epoch } = await boardWithoutEnd(true);
    const stores = [await open({ medium }), await open({ medium })] as const;
    await Promise.all(stores.map((store) => store.publish(NOTE)));
    await Promise.all(stores.map((store) => store.refresh()));
    const [one, other] = await Promise.all(stores.map(async (store) => (await store.stats()).epoch));
    expect(one).not.toBe(epoch);
    expect(other).toBe(one);
    await stores[0].publish(NOTE);
    expect((await stores[0].stats()).epoch).toBe(one);
  });

  it('is left as it is by one who only looks, where several share it', async () => {
    const { medium } = await boardWithoutEnd(true);
    const records = [...medium.records];
    await (await open({ medium })).close();
    expect(medium.records).toEqual(records);
  });

  it('is the same board to those who have it open, also when all has to be loaded again', async () => {
    const { medium } = await boardWithoutEnd(true);
    const store = await open({ medium });
    const other = await open({ medium });
    const published = await store.publish(NOTE);
    await store.checkpoint();
    await other.refresh();
    expect(await other.get(published.id)).toEqual(published);
    await other.publish(NOTE);
    expect(await keptOn(medium)).toHaveLength(4);
  });
});

describe('a board whose log is gone', () => {
  /** As one that was copied by itself: the other one goes on with numbers that this one may give as well. */
  async function boardWithoutLog() {
    const { medium, epoch } = await boardWithoutEnd();
    const store = await open({ medium });
    const copy = new TrialMedium(await store.exportBytes());
    await store.close();
    return { medium: copy, epoch };
  }

  it('shows its epoch, and goes on in a new one', async () => {
    const { medium, epoch } = await boardWithoutLog();
    const store = await open({ medium });
    expect((await store.stats()).epoch).toBe(epoch);
    expect((await store.publish(NOTE)).sequence).toBe(3);
    const { epoch: next } = await store.stats();
    expect(next).not.toBe(epoch);
    await store.publish(NOTE);
    await store.close();
    const again = await open({ medium });
    await again.publish(NOTE);
    expect((await again.stats()).epoch).toBe(next);
  });

  it('is left as it is by one who only looks and saves nothing', async () => {
    const { medium, epoch } = await boardWithoutLog();
    const bytes = medium.bytes?.slice();
    const store = await open({ medium });
    await store.list();
    await store.close({ checkpoint: false });
    expect([medium.bytes, medium.snapshot, medium.records]).toEqual([bytes, null, []]);
    const again = await open({ medium });
    expect((await again.stats()).epoch).toBe(epoch);
    await again.flush();
    await again.close({ checkpoint: false });
    expect((await (await open({ medium })).stats()).epoch).not.toBe(epoch);
  });

  it('goes on in one new epoch when something has to be renewed as well', async () => {
    for (const change of ['DROP INDEX idx_artifacts_partition', 'UPDATE artifacts SET sequence = NULL']) {
      const { medium, epoch } = await boardWithoutLog();
      const driver = await databaseOf(medium.bytes);
      driver.script(change);
      const store = await open({ medium: new TrialMedium(driver.exportBytes()) });
      const { epoch: next } = await store.stats();
      expect(next).not.toBe(epoch);
      await store.publish(NOTE);
      expect((await store.stats()).epoch).toBe(next);
    }
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
