import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium, firefox, type Browser } from 'playwright-core';
import { findChromium, WAYS_OUT } from '../../../browser-test/chromium.mjs';
import type { CommandOf } from '../faults/undriven.ts';
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
        async go(to) {
          await page.goto(to);
        },
        close: () => page.close(),
      };
    },
    close: () => browser.close(),
  };
}

function candidate(
  name: string,
  missing: () => string | null,
  launch: () => Promise<Browser>,
  commandOf: CommandOf,
): Candidate {
  return {
    name,
    missing,
    start: async (folder) =>
      pagesOf({
        driver: await drive(await launch()),
        site: await serve(join(folder, 'site')),
        commandOf,
        keepsLastWrites: true,
      }),
  };
}

const CHROMIUM_OPTIONS = ['--no-sandbox', '--disable-gpu'];

/** It shows what it was asked to, and nothing of its own, after a crash too. */
const FIREFOX_SETTINGS = [
  '"browser.shell.checkDefaultBrowser", false',
  '"datareporting.policy.dataSubmissionEnabled", false',
  '"browser.sessionstore.resume_from_crash", false',
  '"toolkit.startup.max_resumed_crashes", -1',
  '"browser.aboutwelcome.enabled", false',
  '"termsofuse.bypassNotification", true',
]
  .map((setting) => `user_pref(${setting});\n`)
  .join('');

const FIREFOX = process.env['FIREFOX'] ?? '/usr/bin/firefox-esr';

export const playwright: readonly Candidate[] = [
  candidate(
    'Chromium',
    () => (findChromium() === null ? WAYS_OUT : null),
    () => chromium.launch({ executablePath: findChromium() ?? '', args: CHROMIUM_OPTIONS }),
    async (profile, url) => ({
      path: findChromium() ?? '',
      args: [...CHROMIUM_OPTIONS, '--headless', '--no-first-run', `--user-data-dir=${profile}`, url],
    }),
  ),
  candidate(
    'Firefox',
    () => (existsSync(FIREFOX) ? null : 'apt-get install firefox-esr brings it, or FIREFOX=/path/to/firefox'),
    // The Firefox of the system, and not one that Playwright has patched.
    () => firefox.launch({ channel: 'moz-firefox', executablePath: FIREFOX }),
    async (profile, url) => {
      await writeFile(join(profile, 'user.js'), FIREFOX_SETTINGS);
      for (const session of ['sessionstore.jsonlz4', 'sessionstore-backups'])
        await rm(join(profile, session), { recursive: true, force: true });
      return { path: FIREFOX, args: ['--headless', '--no-remote', '--profile', profile, url] };
    },
  ),
];
