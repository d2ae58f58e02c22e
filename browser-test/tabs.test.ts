import type { SqliteStore } from 'boardlite/sqlite';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { BY_CLOCK, ORIGIN } from './browser.ts';
import { useBrowser } from './suite.ts';

declare global {
  /** In a page: the store that it has open. */
  var store: SqliteStore;
}

const tabs = useBrowser();

function withoutLocks(): void {
  Object.defineProperty(navigator, 'locks', { value: undefined });
}

function openStore(page: Page, name: string) {
  return page.evaluateHandle((board) => lab.openStore(board), name);
}

describe('two tabs that write 1,000 artifacts each at the same time', () => {
  it.each([
    ['with Web Locks', undefined],
    ['without Web Locks', withoutLocks],
  ])('lose none, and show the same board as one that opens it then (%s)', async (name, script) => {
    const pages = [await tabs.open('/', ORIGIN, script), await tabs.open('/', ORIGIN, script)];
    expect(await pages[0]?.evaluate(() => typeof navigator.locks)).toBe(script === undefined ? 'object' : 'undefined');
    const stores = await Promise.all(pages.map((page) => openStore(page, name)));
    await Promise.all(
      stores.map((store, i) =>
        store.evaluate(
          async (it, writer) => {
            await it.publish({
              id: '00000000-0000-4000-8000-000000000001',
              type: 'Shared',
              producedBy: writer,
              payload: {},
            });
            await lab.write(it, writer, 333, () => undefined);
            await it.recordConsumptions([
              { artifactId: '00000000-0000-4000-8000-000000000001', consumer: writer, consumedAt: new Date(0) },
            ]);
          },
          `writer ${String(i)}`,
        ),
      ),
    );
    const fresh = await openStore(await tabs.open(), name);
    for (const writer of ['writer 0', 'writer 1']) {
      const { calls, isWhole } = await fresh.evaluate((it, who) => lab.callsOf(it, who), writer);
      expect([calls.length, isWhole]).toEqual([333, true]);
    }
    const digests = await Promise.all(
      [...stores, fresh].map((store) =>
        store.evaluate(async (it) => {
          await it.refresh();
          return lab.digestOf(it);
        }),
      ),
    );
    expect(digests[0]).toMatch(/^1999 artifacts/);
    expect(new Set(digests).size).toBe(1);
  });
});

describe('a tab with a board', () => {
  it('shows what another one writes without being asked to', async () => {
    const [page, other] = [await tabs.open(), await tabs.open()];
    const reader = await openStore(page, 'followed');
    const writer = await openStore(other, 'followed');
    await writer.evaluate((it) => it.publish({ type: 'Note', producedBy: 'scout', payload: {} }));
    await page.waitForFunction(async (it) => (await it.list()).length === 1, reader, BY_CLOCK);
  });

  it('goes on after it was frozen while another one wrote and took snapshots', async () => {
    const [page, other] = [await tabs.open(), await tabs.open()];
    const sleeper = await openStore(page, 'frozen');
    const writer = await openStore(other, 'frozen');
    await sleeper.evaluate((it) => lab.write(it, 'sleeper', 5, () => undefined));
    await other.bringToFront();
    await page.waitForFunction(() => document.visibilityState === 'hidden', null, BY_CLOCK);
    const control = await tabs.browser.control(page);
    await sleeper.evaluate((it) => {
      // Under way when the page is frozen.
      void lab.write(it, 'late sleeper', 100, () => undefined).then(() => (document.title = 'done'));
    });
    await control.send('Page.setWebLifecycleState', { state: 'frozen' });
    await writer.evaluate(async (it) => {
      for (let round = 0; round < 3; round++) {
        await lab.write(it, `writer ${String(round)}`, 20, () => undefined);
        await it.checkpoint();
      }
    });
    await control.send('Page.setWebLifecycleState', { state: 'active' });
    await page.bringToFront();
    await page.waitForFunction(() => document.title === 'done', null, { timeout: 0, ...BY_CLOCK });
    const fresh = await openStore(await tabs.open(), 'frozen');
    const digests = [];
    for (const store of [sleeper, writer, fresh]) {
      digests.push(
        await store.evaluate(async (it) => {
          await it.refresh();
          return lab.digestOf(it);
        }),
      );
    }
    expect(digests[0]).toMatch(/^495 artifacts/);
    expect(new Set(digests).size).toBe(1);
  });

  it('goes on when it comes back from the cache of pages, and shows what was written meanwhile', async () => {
    const [page, other] = [await tabs.open(), await tabs.open()];
    await page.evaluate(async () => {
      globalThis.store = await lab.openStore('cached');
      await store.publish({ type: 'Note', producedBy: 'cached', payload: {} });
      addEventListener('pageshow', ({ persisted }) => (document.title = `persisted: ${String(persisted)}`));
    });
    await page.goto(`${ORIGIN}/empty`);
    // Not with a message, which would end the page that waits.
    await other.evaluate(async () => {
      BroadcastChannel.prototype.postMessage = () => undefined;
      await lab.write(await lab.openStore('cached'), 'other', 5, () => undefined);
    });
    await page.goBack({ waitUntil: 'commit' });
    await page.waitForFunction(() => document.title.startsWith('persisted'), null, BY_CLOCK);
    expect(await page.title()).toBe('persisted: true');
    await page.waitForFunction(async () => (await store.list()).length === 16, null, BY_CLOCK);
  });

  it('can be a worker', async () => {
    const page = await tabs.open();
    const started = page.waitForEvent('worker');
    await page.evaluate(() => new Worker('/page.js', { type: 'module' }));
    const worker = await started;
    const written = await worker.evaluate(async () => {
      while (typeof lab === 'undefined') await new Promise((resolve) => setTimeout(resolve, 1));
      const store = await lab.openStore('worker');
      await lab.write(store, 'worker', 10, () => undefined);
      await store.checkpoint();
      await lab.write(store, 'worker again', 10, () => undefined);
      await store.close();
      return true;
    });
    expect(written).toBe(true);
    const store = await openStore(page, 'worker');
    expect(await store.evaluate((it) => lab.digestOf(it))).toMatch(/^60 artifacts/);
  });
});
