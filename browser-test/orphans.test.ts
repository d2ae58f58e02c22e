import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { BY_CLOCK, ELSEWHERE, ORIGIN } from './browser.ts';
import { useBrowser } from './suite.ts';
import { openStore } from './writer.ts';

const CALLS = 50;

const tabs = useBrowser();

const ENDINGS: Readonly<Record<string, (page: Page) => Promise<unknown>>> = {
  'goes to another page of its site': (page) => page.goto(`${ORIGIN}/empty`),
  'goes to another site': (page) => page.goto(`${ELSEWHERE}/empty`),
  'is loaded again': (page) => page.reload(),
  'is closed': (page) => page.close(),
};

async function callInVain(page: Page, board: string): Promise<void> {
  const store = await openStore(page, board);
  await store.evaluate((it, calls) => lab.callInVain(it, 'page', calls, () => lab.textOf(200)), CALLS);
  await page.evaluate(() => addEventListener('pagehide', () => localStorage.setItem('ended', 'true')));
}

/** Where another site comes next, a browser shows it first and ends the page then. */
async function untilPageHasEnded(reader: Page): Promise<void> {
  await reader.waitForFunction(() => localStorage.getItem('ended') !== null, null, BY_CLOCK);
  await reader.evaluate(() => localStorage.clear());
}

/** Opens a board and closes it again: what was told, and what is on it. */
function look(page: Page, board: string) {
  return page.evaluate(async (name) => {
    const events: string[] = [];
    const store = await lab.openStore(name, {
      onEvent: (event) => {
        if (event.type === 'orphan-adopted') events.push(`${event.type}: ${String(event.writes)}`);
        else if (event.type === 'orphan-refused') events.push(`${event.type}: ${String(event.error)}`);
        else events.push(event.type);
      },
    });
    const found = { events, ...(await lab.callsOf(store, 'page')), digest: await lab.digestOf(store) };
    await store.close();
    return found;
  }, board);
}

describe('calls without an answer', () => {
  it.each(Object.entries(ENDINGS))('of a page that %s are carried out once, by the next store', async (name, end) => {
    const [reader, page] = [await tabs.browser.openWindow(), await tabs.browser.openWindow()];
    await callInVain(page, name);
    await end(page);
    await untilPageHasEnded(reader);
    const first = await look(reader, name);
    expect(first.events).toEqual([
      expect.stringContaining('NotFoundError: Cannot carry out what a page left behind'),
      `orphan-adopted: ${String(CALLS + 1)}`,
    ]);
    expect(first.calls).toEqual(Array.from({ length: CALLS }, (_, call) => call));
    expect(first.isWhole).toBe(true);
    expect(first.digest).toContain(`${String(3 * CALLS + 1)} artifacts`);
    expect(await look(reader, name)).toEqual({ ...first, events: [] });
  });
});
