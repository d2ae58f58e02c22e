import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { ORIGIN } from './browser.ts';
import { useBrowser } from './suite.ts';

// Chromium remembers for a while how much room there was: a limit holds for a browser that has not stored anything yet.
const tabs = useBrowser('each test');

/** So many bytes may this origin store from now on; without a number, what it may otherwise. */
async function limitRoom(page: Page, quotaSize?: number): Promise<void> {
  const control = await tabs.browser.control(page);
  const quota = quotaSize === undefined ? {} : { quotaSize };
  await control.send('Storage.overrideQuotaForOrigin', { origin: ORIGIN, ...quota });
}

const MB = 1 << 20;
const FULL = { code: 'quota' };

describe('when the storage is full', () => {
  it('an append is refused with what is there unchanged, and one that there is room for goes on', async () => {
    const page = await tabs.open();
    await limitRoom(page, MB);
    const board = await page.evaluateHandle(() => lab.startBoard('append', 2));
    const before = await board.evaluate(({ medium }) => lab.contentOf(medium));
    const large = (it: typeof board) =>
      it.evaluate(async ({ medium, history }) => {
        const next = history.fork().record(3 << 20);
        return lab.failureOf(medium.append(history.number + 1, next, 'relaxed'));
      });
    for (let n = 0; n < 3; n++) expect(await large(board)).toMatchObject(FULL);
    expect(await board.evaluate(({ medium }) => lab.contentOf(medium))).toEqual(before);
    expect(await board.evaluate((it) => lab.append(it, 100))).toBe(true);
    await limitRoom(page);
    expect(await board.evaluate((it) => lab.append(it, 3 << 20))).toBe(true);
    const after = await board.evaluate(({ medium }) => lab.contentOf(medium));
    expect(after?.records.slice(0, 2)).toEqual(before?.records);
    expect(after?.records).toHaveLength(4);
  });

  it('a save is refused, leaves nothing, and the board goes on', async () => {
    const page = await tabs.open();
    await limitRoom(page, 3 * MB);
    const board = await page.evaluateHandle(() => lab.startBoard('save', 2));
    const before = await board.evaluate(({ medium }) => lab.contentOf(medium));
    const keys = await page.evaluate(() => lab.keysOf('save'));
    const save = (it: typeof board) =>
      it.evaluate(async ({ medium, history }) => {
        const reports: number[] = [];
        const snapshot = history.snapshot(lab.bytesOf(8 << 20, 1));
        const failure = await lab.failureOf(medium.save(snapshot, { onProgress: ({ done }) => reports.push(done) }));
        return { failure, reports };
      });
    const { failure, reports } = await save(board);
    expect(failure).toMatchObject(FULL);
    expect(reports.length).toBeGreaterThan(1);
    expect(await page.evaluate(() => lab.keysOf('save'))).toEqual(keys);
    expect(await board.evaluate(({ medium }) => lab.contentOf(medium))).toEqual(before);
    expect(await board.evaluate((it) => lab.append(it, 100))).toBe(true);

    await limitRoom(page);
    expect((await save(board)).failure).toBeNull();
    expect(await board.evaluate(({ medium }) => lab.contentOf(medium))).toMatchObject({ number: 3, records: [] });
  });

  it('a store keeps what it has accepted, and goes on when there is room again', async () => {
    const page = await tabs.open();
    await limitRoom(page, MB);
    const store = await page.evaluateHandle(() => lab.openStore('store'));
    const publish = (size: number) =>
      store.evaluate(
        (it, length) =>
          lab.failureOf(it.publish({ type: 'Note', producedBy: 'scout', payload: { text: lab.textOf(length) } })),
        size,
      );
    expect(await publish(10)).toBeNull();
    expect(await publish(3 * MB)).toMatchObject(FULL);
    expect(await publish(10)).toBeNull();
    await limitRoom(page);
    expect(await publish(3 * MB)).toBeNull();
    const sizes = (it: typeof store) =>
      it.evaluate(async (one) => (await one.list()).map(({ payload }) => JSON.stringify(payload['text']).length - 2));
    expect(await sizes(store)).toEqual([10, 10, 3 * MB]);
    expect(await sizes(await page.evaluateHandle(() => lab.openStore('store')))).toEqual([10, 10, 3 * MB]);
  });
});

it('a save tells that the storage is nearly full, and only then', async () => {
  const page = await tabs.open();
  const events = await page.evaluate(async () => {
    const told: unknown[] = [];
    for (const usage of [79, 80, 100]) {
      // What a browser says here is often a round number, whatever room there is.
      navigator.storage.estimate = () => Promise.resolve({ usage, quota: 100 });
      await lab.startBoard(`pressure ${String(usage)}`, 0, { onEvent: (event) => told.push(event) });
    }
    return told;
  });
  expect(events).toEqual([
    { type: 'storage-pressure', usage: 80, quota: 100 },
    { type: 'storage-pressure', usage: 100, quota: 100 },
  ]);
});
