import { describe, expect, it } from 'vitest';
import { StorageDeniedError } from '../../src/core/errors.ts';
import { openSqliteStore } from '../../src/sqlite/sqlite-store.ts';
import { countIn, failureOf, NOTE, open } from './trial-store.ts';
import { TrialMedium } from './trial-medium.ts';

describe('a store opened to read', () => {
  async function savedMedium(): Promise<TrialMedium> {
    const medium = new TrialMedium();
    const store = await open({ medium });
    await store.publish(NOTE);
    await store.close();
    medium.steps.length = 0;
    return medium;
  }

  it('reads, refuses every write and saves nothing', async () => {
    const medium = await savedMedium();
    const store = await open({ medium, readOnly: true });
    expect(medium.openings.at(-1)).toMatchObject({ readOnly: true });
    expect(store.capabilities.writable).toBe(false);
    expect(await store.list()).toHaveLength(1);
    expect(await countIn(await store.exportBytes())).toBe(1);
    const refused = [
      store.publish(NOTE),
      store.publishMany([NOTE]),
      store.recordConsumptions([]),
      store.clearAgentSnapshots(),
      store.deleteBefore(new Date()),
      store.vacuum(),
      store.checkpoint(),
    ];
    for (const call of refused) expect(await failureOf(call)).toMatchObject({ code: 'read-only' });
    await store.flush();
    await store.close();
    expect(medium.steps).toEqual(['open', 'load', 'close']);
  });

  it('is refused without a medium, and does not fall back to a memory that would have nothing', async () => {
    expect(await failureOf(openSqliteStore({ readOnly: true }))).toMatchObject({
      code: 'unsupported',
      message: expect.stringContaining('readOnly') as string,
    });
    const medium = new TrialMedium();
    const denied = new StorageDeniedError('no');
    medium.fail('open', denied);
    expect(await failureOf(openSqliteStore({ medium, readOnly: true, fallback: 'memory' }))).toBe(denied);
  });

  it('is refused where nothing was ever saved, and saves nothing', async () => {
    const medium = new TrialMedium();
    const error = await failureOf(openSqliteStore({ medium, readOnly: true }));
    expect(error).toMatchObject({
      code: 'not-found',
      message: `Cannot open the board ${JSON.stringify(medium.name)}: there is none, and readOnly: true makes none`,
    });
    expect(medium.steps).toEqual(['open', 'load', 'close']);
  });

  it('follows the writer when told to, record by record and over a checkpoint', async () => {
    const medium = new TrialMedium();
    const writer = await open({ medium });
    await writer.flush();
    const reader = await open({ medium, readOnly: true });
    medium.steps.length = 0;
    const first = await writer.publish(NOTE);
    expect(await reader.list()).toEqual([]);
    await reader.refresh();
    expect(await reader.list()).toEqual([first]);
    expect(medium.count('load')).toBe(0);
    const second = await writer.publish(NOTE);
    await writer.checkpoint();
    const third = await writer.publish(NOTE);
    await reader.refresh();
    expect(await reader.list()).toEqual([first, second, third]);
    const { epoch, sequence, log } = await writer.stats();
    expect(await reader.stats()).toMatchObject({ epoch, sequence, log });
  });

  it('shows the board as it was when what came after it cannot be read, and follows when it can', async () => {
    const medium = new TrialMedium();
    const writer = await open({ medium });
    await writer.publish(NOTE);
    const reader = await open({ medium, readOnly: true });
    const before = await reader.list();
    await writer.publish(NOTE);
    const whole = medium.records;
    medium.records = whole.map((record) => record.map((byte, i) => (i === 60 ? byte ^ 1 : byte)));
    expect(await failureOf(reader.refresh())).toMatchObject({ code: 'corrupt' });
    expect(await reader.list()).toEqual(before);
    medium.records = whole;
    await reader.refresh();
    expect(await reader.list()).toEqual(await writer.list());
  });

  it('reads a file that nobody said anything about as it is, and again when told to', async () => {
    const writer = await open();
    const artifact = await writer.publish(NOTE);
    const medium = new TrialMedium(await writer.exportBytes());
    const reader = await open({ medium, readOnly: true });
    expect(await reader.list()).toEqual([artifact]);
    await writer.publish(NOTE);
    medium.bytes = await writer.exportBytes();
    await reader.refresh();
    expect(await reader.list()).toEqual(await writer.list());
    expect((await reader.stats()).epoch).toBe((await writer.stats()).epoch);
    await reader.close();
    expect(medium.steps).toEqual(['open', 'load', 'load', 'close']);
  });
});
