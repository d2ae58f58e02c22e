import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { Browser, ELSEWHERE, ORIGIN } from './browser.ts';
import { useBrowser } from './suite.ts';
import { goOn, inspect, openStore, Writer, type Durability, type Written } from './writer.ts';

const KILLS = 2;
const ENDINGS = 1;

/** So many calls, and some that chance adds. */
function some(calls: number): number {
  return calls + Math.floor(Math.random() * 16);
}

describe('a browser that is killed while two tabs write to one board', () => {
  it.each<[durability: Durability, also: string]>([
    ['relaxed', ''],
    ['strict', ''],
    ['relaxed', ' and take snapshots'],
  ])('loses nothing that was acknowledged, and does nothing by halves or twice (%s%s)', async (durability, also) => {
    const written: Written[] = [];
    let browser = await Browser.start();
    try {
      for (let round = 0; round < KILLS; round++) {
        const writers: Writer[] = [];
        for (const name of [`one ${String(round)}`, `other ${String(round)}`]) {
          const page = await browser.openWindow();
          writers.push(new Writer(name, page, await openStore(page, 'board', durability)));
        }
        for (const writer of writers) writer.start({ withSnapshots: also !== '' });
        await Promise.all(writers.map((writer) => writer.hears(some(10), also === '' ? 0 : 1)));
        await browser.kill();
        expect(browser.errors).toEqual([]);
        written.push(...writers);

        browser = await Browser.start(browser.profile);
        const page = await browser.open();
        const { events } = await inspect(page, 'board', written);
        expect(events).toEqual([]);
        written.push(await goOn(page, 'board', `after ${String(round)}`));
        await inspect(page, 'board', written);
      }
      expect(browser.errors).toEqual([]);
    } finally {
      await browser.remove();
    }
  });
});

describe('a tab that ends while it writes beside another one', () => {
  const tabs = useBrowser();

  const crash = async (page: Page): Promise<void> => {
    const control = await tabs.browser.control(page);
    const crashed = page.waitForEvent('crash');
    // Whoever crashes does not answer.
    control.send('Page.crash').catch(() => undefined);
    await crashed;
  };
  const endings: Readonly<Record<string, (page: Page) => Promise<unknown>>> = {
    'is closed': (page) => page.close(),
    'goes to another page of its site': (page) => page.goto(`${ORIGIN}/empty`),
    'goes to another site': (page) => page.goto(`${ELSEWHERE}/empty`),
    crashes: crash,
    'crashes while both take snapshots': crash,
  };

  it.each(Object.entries(endings))('and %s loses nothing, and the other one goes on', async (name, end) => {
    const withSnapshots = name.includes('snapshots');
    const [reader, page] = [await tabs.browser.openWindow(), await tabs.browser.openWindow()];
    const store = await openStore(page, name);
    const written: Written[] = [];
    for (let round = 0; round < ENDINGS; round++) {
      const survivor = new Writer(`survivor ${String(round)}`, page, store);
      const doomedPage = await tabs.browser.openWindow();
      const doomed = new Writer(`doomed ${String(round)}`, doomedPage, await openStore(doomedPage, name));
      written.push(doomed, survivor);
      doomed.start({ withSnapshots });
      // Little at a time: whoever opens the board meanwhile has to catch up with it.
      survivor.start({ withSnapshots, size: 10 });
      await Promise.all([doomed, survivor].map((writer) => writer.hears(some(10), withSnapshots ? 1 : 0)));

      await end(doomedPage);
      await inspect(reader, name, written);
      await survivor.hears(10, withSnapshots ? 1 : 0);
      await survivor.stop();
      await inspect(reader, name, written);
      const last = await goOn(reader, name, `after ${String(round)}`);
      written.push(last);
      const digest = await store.evaluate(async (it) => {
        await it.refresh();
        return lab.digestOf(it);
      });
      expect(digest).toBe(last.digest);
      await doomedPage.close();
    }
  });
});
