import { describe, expect, it } from 'vitest';
import { BY_CLOCK, ORIGIN } from './browser.ts';
import { useBrowser } from './suite.ts';

const tabs = useBrowser();

async function clearSiteData(): Promise<void> {
  const page = await tabs.open('/empty');
  const control = await tabs.browser.control(page);
  await control.send('Storage.clearDataForOrigin', { origin: ORIGIN, storageTypes: 'indexeddb' });
}

const LOST = { code: 'storage-lost' };

describe('a medium whose site data is cleared while it is open', () => {
  it('refuses to append, and makes no new board', async () => {
    const page = await tabs.open();
    const board = await page.evaluateHandle(() => lab.startBoard('cleared', 2));
    await clearSiteData();
    expect(await board.evaluate((it) => lab.failureOf(lab.append(it)))).toMatchObject(LOST);
    expect(await page.evaluate(() => lab.databases())).toEqual([]);
  });

  it('refuses every other call', async () => {
    const page = await tabs.open();
    const board = await page.evaluateHandle(() => lab.startBoard('cleared for all', 2));
    await clearSiteData();
    const failures = await board.evaluate(async ({ medium, history }) => [
      await lab.failureOf(medium.load()),
      await lab.failureOf(medium.recordsFrom(1)),
      await lab.failureOf(medium.save(history.snapshot())),
      await lab.failureOf(medium.sync()),
      await lab.failureOf(medium.orphans()),
    ]);
    for (const failure of failures) expect(failure).toMatchObject(LOST);
  });

  it('writes nothing to the board that another tab has made since', async () => {
    const [page, other] = [await tabs.open(), await tabs.open()];
    const board = await page.evaluateHandle(() => lab.startBoard('made again', 1));
    await clearSiteData();
    const next = await other.evaluateHandle(() => lab.startBoard('made again', 1));
    const before = await next.evaluate(({ medium }) => lab.contentOf(medium));
    expect(await board.evaluate((it) => lab.failureOf(lab.append(it)))).toMatchObject(LOST);
    const save = await board.evaluate(({ medium, history }) => lab.failureOf(medium.save(history.snapshot())));
    expect(save).toMatchObject(LOST);
    expect(await next.evaluate(({ medium }) => lab.contentOf(medium))).toEqual(before);
  });

  it('tells who watches, and closes', async () => {
    const page = await tabs.open();
    const told = page.evaluate(async () => {
      const { medium } = await lab.startBoard('watched', 1);
      await new Promise<void>((resolve) => {
        medium.watch({ changed: resolve, ending: () => null });
        document.title = 'watching';
      });
      const failure = await lab.failureOf(medium.recordsFrom(2));
      await medium.close();
      return failure;
    });
    await page.waitForFunction(() => document.title === 'watching', null, BY_CLOCK);
    await clearSiteData();
    expect(await told).toMatchObject(LOST);
  });
});

describe('a medium whose database another page deletes', () => {
  it('lets it go, and refuses to append afterwards', async () => {
    const [page, other] = [await tabs.open(), await tabs.open('/empty')];
    const board = await page.evaluateHandle(() => lab.startBoard('deleted', 2));
    const outcome = await other.evaluate(
      () =>
        new Promise((resolve) => {
          const request = indexedDB.deleteDatabase('boardlite:deleted');
          request.onblocked = () => resolve('blocked');
          request.onsuccess = () => resolve('deleted');
        }),
    );
    expect(outcome).toBe('deleted');
    expect(await board.evaluate((it) => lab.failureOf(lab.append(it)))).toMatchObject(LOST);
    expect(await page.evaluate(() => lab.databases())).toEqual([]);
  });

  it('lets it go while it is being opened, and makes no new one', async () => {
    const page = await tabs.open();
    const [outcome, failure] = await page.evaluate(async () => {
      const opening = lab.openMedium('deleted at once');
      const deletion = new Promise((resolve) => {
        const request = indexedDB.deleteDatabase('boardlite:deleted at once');
        request.onblocked = () => resolve('blocked');
        request.onsuccess = () => resolve('deleted');
      });
      const medium = await opening;
      const deleted = await deletion;
      return [deleted, await lab.failureOf(medium.load())] as const;
    });
    expect(outcome).toBe('deleted');
    expect(failure).toMatchObject(LOST);
    expect(await page.evaluate(() => lab.databases())).not.toContain('boardlite:deleted at once');
  });

  it('ends what is under way first', async () => {
    const [page, other] = [await tabs.open(), await tabs.open('/empty')];
    const board = await page.evaluateHandle(() => lab.startBoard('busy', 0));
    const outcomes = board.evaluate(async (it) => {
      const taken = [];
      for (;;) {
        const outcome = await lab.append(it, 50).catch((error: unknown) => (error as { code: string }).code);
        taken.push(outcome);
        document.title = String(taken.length);
        if (outcome !== true) return taken;
      }
    });
    await page.waitForFunction(() => Number(document.title) > 20, null, BY_CLOCK);
    await other.evaluate(
      () =>
        new Promise<void>((resolve) => {
          indexedDB.deleteDatabase('boardlite:busy').onsuccess = () => resolve();
        }),
    );
    const taken = await outcomes;
    expect(taken.slice(0, -1).every((outcome) => outcome === true)).toBe(true);
    expect(taken.at(-1)).toBe('storage-lost');
  });
});

it('a medium whose database a newer version takes over says so, and leaves it alone', async () => {
  const [page, other] = [await tabs.open(), await tabs.open('/empty')];
  const board = await page.evaluateHandle(() => lab.startBoard('taken over', 2));
  const keys = await other.evaluate(async () => {
    const db = await new Promise<IDBDatabase>((resolve) => {
      const request = indexedDB.open('boardlite:taken over', 2);
      request.onsuccess = () => resolve(request.result);
    });
    const count = () =>
      new Promise<number>((resolve) => {
        const request = db.transaction('board').objectStore('board').count();
        request.onsuccess = () => resolve(request.result);
      });
    Object.assign(globalThis, { count });
    return count();
  });
  expect(await board.evaluate((it) => lab.failureOf(lab.append(it)))).toMatchObject({ code: 'newer-format' });
  expect(await other.evaluate('count()')).toBe(keys);
});

describe('a store', () => {
  const deleteDatabase = async (board: string) => {
    const page = await tabs.open('/empty');
    await page.evaluate(
      (name) =>
        new Promise<void>((resolve) => {
          indexedDB.deleteDatabase(name).onsuccess = () => resolve();
        }),
      `boardlite:${board}`,
    );
  };
  const losses: readonly (readonly [what: string, lose: (board: string) => Promise<void>])[] = [
    ['whose site data is cleared', clearSiteData],
    ['whose database another page deletes', deleteDatabase],
  ];

  it.each(losses)('%s refuses writes, says so once, and can still be read and exported', async (what, lose) => {
    const page = await tabs.open();
    const store = await page.evaluateHandle(async (board) => {
      const told: string[] = [];
      const opened = await lab.openStore(board, { onEvent: ({ type }) => told.push(type) });
      await lab.write(opened, 'scout', 3, () => undefined);
      return { opened, told };
    }, what);
    await lose(what);
    const draft = { type: 'Note', producedBy: 'scout', payload: {} };
    for (let n = 0; n < 2; n++) {
      const failure = await store.evaluate(({ opened }, it) => lab.failureOf(opened.publish(it)), draft);
      expect(failure).toMatchObject(LOST);
    }
    const left = await store.evaluate(async ({ opened, told }) => {
      const bytes = await opened.exportBytes();
      const { artifacts } = await opened.stats();
      return {
        magic: new TextDecoder().decode(bytes.subarray(0, 15)),
        artifacts,
        listed: (await opened.list()).length,
        told,
      };
    });
    expect(left).toEqual({ magic: 'SQLite format 3', artifacts: 9, listed: 9, told: ['detached'] });
    // Nothing of it was made again.
    expect(await page.evaluate(() => lab.databases())).not.toContain(`boardlite:${what}`);
  });
});
