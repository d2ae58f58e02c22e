import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { Browser } from './browser.ts';

/** The browser of a file of tests, or of each of them. Whatever a page throws and nobody catches fails the test. */
export function useBrowser(span: 'all tests' | 'each test' = 'all tests'): {
  readonly browser: Browser;
  readonly open: Browser['open'];
} {
  let browser: Browser | null = null;
  const running = () => {
    if (browser === null) throw new Error('the browser is not started');
    return browser;
  };
  const [begin, end] = span === 'all tests' ? [beforeAll, afterAll] : [beforeEach, afterEach];
  begin(async () => {
    browser = await Browser.start();
  });
  end(() => running().remove());
  afterEach(async () => {
    await running().closePages();
    expect(running().errors.splice(0)).toEqual([]);
  });
  return {
    get browser() {
      return running();
    },
    open: (...args) => running().open(...args),
  };
}
