import { BY_CLOCK } from './browser.ts';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { useBrowser } from './suite.ts';

const tabs = useBrowser();

describe('two tabs with one board', () => {
  it('append in turn: of each number there is one, and none is missing', async () => {
    const pages = [await tabs.open(), await tabs.open()];
    await pages[0]?.evaluate(() => lab.startBoard('race', 0));
    const append = (page: Page, size: number) =>
      page.evaluate(async (own) => {
        const medium = await lab.openMedium('race');
        await medium.load();
        const taken: number[] = [];
        let number = 0;
        let refused = 0;
        while (taken.length < 200) {
          const history = new lab.History();
          while (history.number < number) history.record(own);
          if (await medium.append(number + 1, history.record(own), 'relaxed')) taken.push(++number);
          else {
            refused++;
            number += (await medium.recordsFrom(number + 1))?.length ?? 0;
          }
        }
        return { taken, refused };
      }, size);
    const [one, other] = await Promise.all(pages.map((page, i) => append(page, 40 + i)));
    const numbers = [...(one?.taken ?? []), ...(other?.taken ?? [])].sort((a, b) => a - b);
    expect(numbers).toEqual(Array.from({ length: 400 }, (_, i) => i + 1));
    expect((one?.refused ?? 0) + (other?.refused ?? 0)).toBeGreaterThan(0);
    const sizes = await pages[0]?.evaluate(async () => {
      const board = await (await lab.openMedium('race')).load();
      return board?.records.map(({ length }) => length - 40);
    });
    expect(sizes?.length).toBe(400);
    expect(one?.taken.every((number) => sizes?.[number - 1] === 40)).toBe(true);
    expect(other?.taken.every((number) => sizes?.[number - 1] === 41)).toBe(true);
  });

  it('can both save again and again while both append, and nothing is lost', async () => {
    const pages = [await tabs.open(), await tabs.open()];
    await pages[0]?.evaluate(() => lab.startBoard('saving', 0));
    const work = (page: Page) =>
      page.evaluate(async () => {
        const medium = await lab.openMedium('saving');
        let saves = 0;
        for (let round = 0; round < 15; round++) {
          const board = await medium.load();
          const number = (board?.mark?.number ?? 0) + (board?.records.length ?? 0);
          const history = new lab.History();
          while (history.number < number) history.record();
          await medium.append(number + 1, history.fork().record(), 'relaxed');
          if (await medium.save(history.snapshot(lab.bytesOf(1_500_000, number)))) saves++;
        }
        return saves;
      });
    const saves = await Promise.all(pages.map(work));
    expect(Math.min(...saves)).toBeGreaterThan(0);
    const end = await pages[0]?.evaluate(async () => {
      const medium = await lab.openMedium('saving');
      const content = await lab.contentOf(medium);
      const history = new lab.History();
      while (history.number < (content?.number ?? 0)) history.record();
      const { mark } = history.snapshot(lab.bytesOf(1_500_000, history.number));
      const records = content?.records.map(() => lab.checksumOf(history.record()));
      const keys = await lab.keysOf('saving');
      return { content, mark, records, chunks: keys.filter((key) => Array.isArray(key) && key[0] === 'chunk').length };
    });
    expect(end?.content).toEqual({
      number: end?.mark.number,
      snapshot: end?.mark.checksum,
      records: end?.records,
      recovered: null,
    });
    expect((end?.mark.number ?? 0) + (end?.records?.length ?? 0)).toBeGreaterThanOrEqual(15);
    // Two chunks of the last snapshot, two of the one before: nothing is left of saves that were overtaken.
    expect(end?.chunks).toBe(4);
  });

  it('hear from each other, and so do two media of one tab', async () => {
    const [page, other] = [await tabs.open(), await tabs.open()];
    const board = await page.evaluateHandle(() => lab.startBoard('hints', 0));
    for (const listener of [page, other]) {
      await listener.evaluate(async () => {
        const medium = await lab.openMedium('hints', { pollInterval: 2 ** 31 - 1 });
        document.title = '';
        medium.watch({ changed: () => (document.title += '!'), ending: () => null });
      });
    }
    const heard = (length: number) =>
      Promise.all(
        [page, other].map((each) => each.waitForFunction((so) => document.title.length >= so, length, BY_CLOCK)),
      );
    expect(await board.evaluate((it) => lab.append(it))).toBe(true);
    await heard(1);
    expect(await board.evaluate(({ medium, history }) => medium.save(history.snapshot()))).toBe(true);
    await heard(2);
  });

  it('look from time to time, should a hint be lost', async () => {
    const page = await tabs.open();
    await page.evaluate(async () => {
      const medium = await lab.openMedium('poll', { pollInterval: 10 });
      medium.watch({ changed: () => (document.title += '!'), ending: () => null });
    });
    await page.waitForFunction(() => document.title.endsWith('!!!'), null, BY_CLOCK);
  });
});

describe('a tab that slept', () => {
  it.each([1, 2, 5])('through %i saves cannot append, and can after it has loaded', async (saves) => {
    const [page, other] = [await tabs.open(), await tabs.open()];
    const name = `slept through ${String(saves)}`;
    const board = await page.evaluateHandle((given) => lab.startBoard(given, 3), name);
    const sleeper = await other.evaluateHandle(async (given) => {
      const medium = await lab.openMedium(given);
      await medium.load();
      const history = new lab.History();
      while (history.number < 3) history.record();
      return { medium, history };
    }, name);
    for (let n = 0; n < saves; n++) {
      await board.evaluate(async (it) => {
        await lab.append(it);
        await it.medium.save(it.history.snapshot());
      });
    }
    const before = await board.evaluate(({ medium }) => lab.contentOf(medium));
    const woken = await sleeper.evaluate(async ({ medium, history }) => ({
      append: await medium.append(4, history.fork().record(77), 'strict'),
      records: await medium.recordsFrom(4),
      save: await medium.save(history.snapshot()),
    }));
    expect(woken).toEqual({ append: false, records: null, save: false });
    expect(await board.evaluate(({ medium }) => lab.contentOf(medium))).toEqual(before);
    const after = await sleeper.evaluate(async ({ medium, history }, number) => {
      await medium.load();
      while (history.number < number) history.record();
      return lab.append({ medium, history });
    }, 3 + saves);
    expect(after).toBe(true);
  });

  it('cannot put another board in the place of the one that is there', async () => {
    const page = await tabs.open();
    const outcome = await page.evaluate(async () => {
      const { medium } = await lab.startBoard('another', 2);
      const other = new lab.History('another epoch');
      while (other.number < 5) other.record();
      const before = await lab.contentOf(medium);
      const isSaved = await medium.save(other.snapshot());
      return { isSaved, isSame: JSON.stringify(before) === JSON.stringify(await lab.contentOf(medium)) };
    });
    expect(outcome).toMatchObject({ isSaved: false, isSame: true });
  });
});
