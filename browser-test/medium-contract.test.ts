import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { isSupportedByMedium, mediumContract } from 'boardlite/testing';
import { INDEXEDDB } from '../test/indexeddb/indexeddb-bench.ts';
import { Browser } from './browser.ts';

let browser: Browser;
let page: Page;
beforeAll(async () => {
  browser = await Browser.start();
  page = await browser.open();
});
afterEach(() => {
  expect(browser.errors).toEqual([]);
});
afterAll(() => browser.remove());

describe('the contract of media on IndexedDB in a page', () => {
  for (const { name } of mediumContract.filter((one) => isSupportedByMedium(one, INDEXEDDB))) {
    it(name, () => page.evaluate((which) => lab.runMediumCase(which), name));
  }
});
