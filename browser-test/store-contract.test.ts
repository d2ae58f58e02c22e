import type { Page } from 'playwright-core';
import { isSupported, storeContract } from 'boardlite/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { casesOfBoards } from '../test/contract/reopening.ts';
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

const WRITES = { durable: true, writable: true, sqlite: true };

describe('the contract of stores on SQLite and IndexedDB in a page', () => {
  for (const { name } of storeContract.filter((one) => isSupported(one, WRITES))) {
    it(name, () => page.evaluate((which) => lab.runStoreCase(which), name));
  }
});

describe('the contract of stores on SQLite and IndexedDB in a page, closed and opened again between calls', () => {
  for (const { name } of casesOfBoards(storeContract)) {
    it(name, () => page.evaluate((which) => lab.runStoreCase(which, { reopens: true }), name));
  }
});
