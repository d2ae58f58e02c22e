import { Browser, BY_CLOCK } from './browser.ts';
import type { Page } from 'playwright-core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { profileThatKeepsNothing } from './profile.ts';
import { useBrowser } from './suite.ts';

declare global {
  /** In a page: the database that it has open. */
  var db: IDBDatabase;
}

const tabs = useBrowser();

/** Makes a database without the library, and keeps it open as somebody does who never heard of `versionchange`. */
async function makeDatabase(page: Page, name: string, version: number, store: string): Promise<void> {
  await page.evaluate(
    (given) =>
      new Promise<void>((resolve) => {
        const request = indexedDB.open(given.name, given.version);
        request.onupgradeneeded = () => request.result.createObjectStore(given.store).add('theirs', 'key');
        request.onsuccess = () => {
          Object.assign(globalThis, { db: request.result });
          resolve();
        };
      }),
    { name, version, store },
  );
}

function contentOf(page: Page, store: string): Promise<unknown> {
  return page.evaluate(
    (which) =>
      new Promise((resolve) => {
        const request = db.transaction(which).objectStore(which).getAllKeys();
        request.onsuccess = () => resolve([db.version, request.result]);
      }),
    store,
  );
}

function openingFailure(page: Page, name: string, options = {}): Promise<unknown> {
  return page.evaluate((given) => lab.failureOf(lab.openMedium(given.name, given.options)), { name, options });
}

describe('opening a board refuses, and leaves as it is,', () => {
  it.each([
    ["somebody else's database of that name", 1, 'things', 'not-a-board'],
    ["somebody else's database with an object store of that name", 1, 'board', 'not-a-board'],
    ['a database of a newer version', 7, 'board', 'newer-format'],
  ])('%s', async (name, version, store, code) => {
    const page = await tabs.open();
    await makeDatabase(page, `boardlite:${name}`, version, store);
    for (const options of [{}, { readOnly: true }]) {
      expect(await openingFailure(page, name, options)).toMatchObject({ code });
    }
    expect(await contentOf(page, store)).toEqual([version, ['key']]);
  });
});

describe('opening a board', () => {
  it('gives up when the browser does not answer, and says why', async () => {
    const [page, other] = [await tabs.open(), await tabs.open('/empty')];
    await makeDatabase(other, 'boardlite:blocked', 1, 'board');
    await other.evaluate(() => {
      indexedDB.deleteDatabase('boardlite:blocked');
    });
    expect(await openingFailure(page, 'blocked', { openTimeout: 200 })).toMatchObject({
      code: 'locked',
      message: expect.stringContaining('has not answered for 200 ms') as unknown,
    });
  });

  it('can be stopped while the browser does not answer, and holds nothing afterwards', async () => {
    const [page, other] = [await tabs.open(), await tabs.open('/empty')];
    await makeDatabase(other, 'boardlite:stopped', 1, 'board');
    await other.evaluate(() => {
      Object.assign(globalThis, { deletion: indexedDB.deleteDatabase('boardlite:stopped') });
    });
    const isReason = await page.evaluate(async () => {
      const controller = new AbortController();
      const reason = new DOMException('enough', 'AbortError');
      const opening = lab.openMedium('stopped', { signal: controller.signal });
      controller.abort(reason);
      return opening.catch((error: unknown) => error === reason);
    });
    expect(isReason).toBe(true);
    await other.evaluate(() => {
      db.close();
    });
    // Whatever was opened late is closed: nobody is in the way of a deletion.
    const deleted = other.evaluate(
      () =>
        new Promise((resolve) => {
          indexedDB.deleteDatabase('boardlite:stopped').onsuccess = () => resolve('deleted');
        }),
    );
    expect(await deleted).toBe('deleted');
  });

  it('makes nothing where there is none, when it is to read only', async () => {
    const page = await tabs.open();
    const found = await page.evaluate(async () => {
      const medium = await lab.openMedium('nowhere', { readOnly: true });
      const board = await medium.load();
      await medium.sync();
      await medium.close();
      return board;
    });
    expect(found).toBeNull();
    expect(await page.evaluate(() => lab.databases())).not.toContain('boardlite:nowhere');
  });

  it('finds what is made after it was opened to read only', async () => {
    const page = await tabs.open();
    const content = await page.evaluate(async () => {
      const reader = await lab.openMedium('later', { readOnly: true });
      const before = await reader.load();
      await lab.startBoard('later', 3);
      return { before, after: await lab.contentOf(reader) };
    });
    expect(content).toMatchObject({ before: null, after: { number: 0, recovered: null } });
    expect(content.after?.records).toHaveLength(3);
  });
});

it('a page that may not use IndexedDB, such as a sandboxed frame, is told so', async () => {
  const page = await tabs.open('/sandbox');
  const [, frame] = page.frames();
  await frame?.waitForFunction(() => typeof lab !== 'undefined', null, BY_CLOCK);
  const failure = await frame?.evaluate(() => lab.failureOf(lab.openMedium('denied')));
  expect(failure).toMatchObject({ code: 'storage-denied' });
});

it('a page of a site that may keep nothing, as its user has set the browser, is told so', async () => {
  const browser = await Browser.start(await profileThatKeepsNothing());
  onTestFinished(() => browser.remove());
  const page = await browser.open();
  expect(await openingFailure(page, 'denied')).toMatchObject({ code: 'storage-denied' });
});
