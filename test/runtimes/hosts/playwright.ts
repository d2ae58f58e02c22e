import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, firefox, type Browser } from 'playwright-core';
import { findChromium, WAYS_OUT } from '../../../browser-test/chromium.mjs';
import type { Candidate } from '../program.ts';
import { pagesOf, type Driver } from './pages.ts';
import { serve } from './site.ts';

async function drive(browser: Browser): Promise<Driver> {
  const context = await browser.newContext();
  return {
    version: browser.version(),
    async open(url) {
      const page = await context.newPage();
      await page.goto(url);
      return {
        async call(name, ...args) {
          await page.waitForFunction((wanted) => wanted in globalThis, name, { polling: 20 });
          return page.evaluate(
            ([wanted, given]) => (Reflect.get(globalThis, wanted) as (...args: unknown[]) => unknown)(...given),
            [name, args] as const,
          );
        },
        close: () => page.close(),
      };
    },
    close: () => browser.close(),
  };
}

function candidate(name: string, missing: () => string | null, launch: () => Promise<Browser>): Candidate {
  return {
    name,
    missing,
    async start(folder) {
      const site = await serve(join(folder, 'site'));
      const runtime = pagesOf(await drive(await launch()), site.origin);
      return {
        ...runtime,
        async close() {
          await runtime.close();
          await site.close();
        },
      };
    },
  };
}

const FIREFOX = process.env['FIREFOX'] ?? '/usr/bin/firefox-esr';

export const playwright: readonly Candidate[] = [
  candidate(
    'Chromium',
    () => (findChromium() === null ? WAYS_OUT : null),
    () => chromium.launch({ executablePath: findChromium() ?? '', args: ['--no-sandbox', '--disable-gpu'] }),
  ),
  candidate(
    'Firefox',
    () => (existsSync(FIREFOX) ? null : 'apt-get install firefox-esr brings it, or FIREFOX=/path/to/firefox'),
    // The Firefox of the system, and not one that Playwright has patched.
    () => firefox.launch({ channel: 'moz-firefox', executablePath: FIREFOX }),
  ),
];
