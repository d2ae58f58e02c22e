import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { BY_CLOCK, ELSEWHERE, ORIGIN } from './browser.ts';
import { useBrowser } from './suite.ts';

const tabs = useBrowser();

/** A page whose medium leaves that many bytes when the page may end. */
async function watch(page: Page, name: string, size: number): Promise<void> {
  await page.evaluate(
    async (board) => {
      const { medium } = await lab.startBoard(board.name, 1);
      medium.watch({ changed: () => undefined, ending: () => lab.bytesOf(board.size, 1) });
    },
    { name, size },
  );
}

/** The sizes of what pages have left, and whether it is what they wanted to leave. */
async function orphansOf(name: string): Promise<[number, boolean][]> {
  const page = await tabs.open();
  return page.evaluate(async (board) => {
    const medium = await lab.openMedium(board);
    const orphans = [...(await medium.orphans()).values()];
    return orphans.map((bytes): [number, boolean] => [
      bytes.length,
      lab.checksumOf(bytes) === lab.checksumOf(lab.bytesOf(bytes.length, 1)),
    ]);
  }, name);
}

type Ending = (page: Page) => Promise<unknown>;

const ENDINGS: Readonly<Record<string, Ending>> = {
  'goes to another page of its site': (page) => page.goto(`${ORIGIN}/empty`),
  'goes to another site': (page) => page.goto(`${ELSEWHERE}/empty`),
  'goes away by itself to another site': async (page) => {
    await page.evaluate((url) => location.assign(url), `${ELSEWHERE}/empty`);
    await page.waitForURL(`${ELSEWHERE}/empty`);
  },
  'is loaded again': (page) => page.reload(),
  'is closed': (page) => page.close(),
};

describe('what a page has not written is left on the board when the page', () => {
  for (const [name, end] of Object.entries(ENDINGS)) {
    it.each([100, 2_000_000])(`${name} (%i bytes)`, async (size) => {
      const page = await tabs.open();
      const board = `${name} ${String(size)}`;
      await watch(page, board, size);
      await end(page);
      const orphans = await orphansOf(board);
      // A page that is hidden first, and ends then, leaves it twice: who carries it out sees that they are the same.
      expect(orphans.length).toBeGreaterThan(0);
      for (const orphan of orphans) expect(orphan).toEqual([size, true]);
    });
  }
});

describe('a page that', () => {
  it('is frozen leaves what it has not written, and looks for what others wrote when it goes on', async () => {
    const page = await tabs.open();
    await page.evaluate(async () => {
      const { medium } = await lab.startBoard('frozen', 1);
      medium.watch({
        changed: () => {
          document.title += ' changed';
        },
        ending: () => lab.bytesOf(100, 1),
      });
    });
    const control = await tabs.browser.control(page);
    // A browser freezes only what nobody sees.
    await (await tabs.open('/empty')).bringToFront();
    await page.waitForFunction(() => document.visibilityState === 'hidden', null, BY_CLOCK);
    await control.send('Page.setWebLifecycleState', { state: 'frozen' });
    const orphans = await orphansOf('frozen');
    expect(orphans.length).toBeGreaterThan(0);
    await control.send('Page.setWebLifecycleState', { state: 'active' });
    await page.waitForFunction(() => document.title.includes('changed'), null, BY_CLOCK);
  });

  it('has nothing to leave leaves nothing', async () => {
    const page = await tabs.open();
    await page.evaluate(async () => {
      const { medium } = await lab.startBoard('nothing to leave', 1);
      medium.watch({ changed: () => undefined, ending: () => null });
    });
    await page.goto(`${ELSEWHERE}/empty`);
    expect(await orphansOf('nothing to leave')).toEqual([]);
  });

  it('only reads leaves nothing', async () => {
    const page = await tabs.open();
    await page.evaluate(async () => {
      await lab.startBoard('only read', 1);
      const medium = await lab.openMedium('only read', { readOnly: true });
      medium.watch({ changed: () => undefined, ending: () => lab.bytesOf(100, 1) });
    });
    await page.goto(`${ELSEWHERE}/empty`);
    expect(await orphansOf('only read')).toEqual([]);
  });
});
