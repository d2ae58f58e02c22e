import { readdir, rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { Browser } from './browser.ts';
import type { Harm, Key } from './page/database.ts';
import { useBrowser } from './suite.ts';

const tabs = useBrowser();

/** A board with two generations of 2.5 MB that share no chunk, and the records after each. */
async function makeBoard(page: Page, name: string) {
  const contents = await page.evaluate(async (board) => {
    const it = await lab.startBoard(board, 2);
    await it.medium.save(it.history.snapshot(lab.bytesOf(2_500_000, 1)));
    for (let n = 0; n < 3; n++) await lab.append(it);
    const earlier = await lab.contentOf(it.medium);
    await it.medium.save(it.history.snapshot(lab.bytesOf(2_500_000, 2)));
    for (let n = 0; n < 2; n++) await lab.append(it);
    const newest = await lab.contentOf(it.medium);
    await it.medium.close();
    return { earlier, newest };
  }, name);
  const [earlier, newest] = [contents.earlier, contents.newest];
  return {
    newest: { ...newest, number: 5, recovered: null },
    earlier: {
      ...earlier,
      number: 2,
      records: [...(earlier?.records ?? []), ...(newest?.records ?? [])],
      recovered: 'earlier-generation',
    },
  };
}

/** The keys of the chunks of each generation, the older one first. */
function chunksOf(page: Page, name: string): Promise<Key[][]> {
  return page.evaluate((board) => lab.chunksOf(board), name);
}

function load(page: Page, name: string) {
  return page.evaluate(async (board) => {
    const medium = await lab.openMedium(board);
    const content = await lab.contentOf(medium).catch(() => null);
    const failure = await lab.failureOf(medium.load());
    await medium.close();
    return content ?? failure;
  }, name);
}

async function harm(page: Page, name: string, key: Key | undefined, how: Harm): Promise<void> {
  await page.evaluate(({ board, ...given }) => lab.damage(board, given.key, lab.HARMS[given.how]), {
    board: name,
    key: key ?? [],
    how,
  });
}

const HARMS: readonly Harm[] = ['flip', 'shorten', 'remove', 'replace'];

describe('a damaged chunk of the last snapshot', () => {
  it.each(HARMS)('has the one before loaded with all records, and said (%s)', async (how) => {
    const page = await tabs.open();
    const board = await makeBoard(page, `chunk ${how}`);
    expect(await load(page, `chunk ${how}`)).toEqual(board.newest);
    const [, chunks] = await chunksOf(page, `chunk ${how}`);
    expect(chunks).toHaveLength(3);
    await harm(page, `chunk ${how}`, chunks?.[2], how);
    expect(await load(page, `chunk ${how}`)).toEqual(board.earlier);
  });

  it('is made good by the next save', async () => {
    const page = await tabs.open();
    await makeBoard(page, 'made good');
    const [, chunks] = await chunksOf(page, 'made good');
    await harm(page, 'made good', chunks?.[0], 'flip');
    const saved = await page.evaluate(async () => {
      const medium = await lab.openMedium('made good');
      const { mark } = (await medium.load()) ?? {};
      if (!mark) return null;
      // The very bytes of the damaged one, and their checksums.
      const history = new lab.History(mark.epoch);
      for (let n = 0; n < 7; n++) history.record();
      return medium.save(history.snapshot(lab.bytesOf(2_500_000, 2)));
    });
    expect(saved).toBe(true);
    expect(await load(page, 'made good')).toMatchObject({ number: 7, records: [], recovered: null });
  });
});

describe('damage that leaves no whole board', () => {
  it.each(HARMS)('is refused when it is in both snapshots, and the bytes stay (%s)', async (how) => {
    const page = await tabs.open();
    const name = `both ${how}`;
    await makeBoard(page, name);
    for (const chunks of await chunksOf(page, name)) await harm(page, name, chunks[1], how);
    const keys = await page.evaluate((board) => lab.keysOf(board), name);
    expect(await load(page, name)).toMatchObject({ code: 'corrupt' });
    expect(await page.evaluate((board) => lab.keysOf(board), name)).toEqual(keys);
  });

  it.each<[string, number, Harm, RegExp]>([
    ['a record in the middle is missing', 6, 'remove', /record 6 .* is missing/],
    ['a record is something else', 7, 'replace', /record 7 .* no bytes/],
  ])('is refused when %s', async (name, number, how, message) => {
    const page = await tabs.open();
    await makeBoard(page, name);
    await harm(page, name, number, how);
    expect(await load(page, name)).toMatchObject({
      code: 'corrupt',
      message: expect.stringMatching(message) as unknown,
    });
  });

  it('is refused when all that is left are records', async () => {
    const page = await tabs.open();
    await makeBoard(page, 'records only');
    for (const number of [2, 3]) await harm(page, 'records only', ['generation', number], 'remove');
    expect(await load(page, 'records only')).toMatchObject({ code: 'corrupt' });
  });
});

describe('a damaged entry of a generation', () => {
  it.each(['replace', 'remove'] as const)('has the one before loaded with all records (%s)', async (how) => {
    const page = await tabs.open();
    const board = await makeBoard(page, `entry ${how}`);
    await harm(page, `entry ${how}`, ['generation', 3], how);
    // Without any trace of it, nothing is known to be missing: its records follow the one before.
    const recovered = how === 'replace' ? 'earlier-generation' : null;
    expect(await load(page, `entry ${how}`)).toEqual({ ...board.earlier, recovered });
  });

  it('of both is refused, and so is a save', async () => {
    const page = await tabs.open();
    await makeBoard(page, 'both entries');
    for (const number of [2, 3]) await harm(page, 'both entries', ['generation', number], 'replace');
    expect(await load(page, 'both entries')).toMatchObject({ code: 'corrupt' });
    const save = await page.evaluate(async () => {
      const medium = await lab.openMedium('both entries');
      return lab.failureOf(medium.save(new lab.History().snapshot()));
    });
    expect(save).toMatchObject({ code: 'corrupt' });
  });
});

describe('a file that the browser keeps a chunk in', () => {
  it.each(['cut short', 'gone'] as const)('has the snapshot before loaded when it is %s', async (how) => {
    let browser = await Browser.start();
    const board = await makeBoard(await browser.open(), 'files');
    await browser.quit();
    const folder = join(browser.profile, 'Default', 'IndexedDB');
    const files = (await readdir(folder, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile() && entry.parentPath.includes('.indexeddb.blob'))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
    const last = files.at(-1) ?? '';
    if (how === 'gone') await rm(last);
    else await truncate(last, 1000);
    browser = await Browser.start(browser.profile);
    try {
      expect(await load(await browser.open(), 'files')).toEqual(board.earlier);
    } finally {
      await browser.remove();
    }
  });
});
