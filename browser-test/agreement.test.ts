import { expect, it } from 'vitest';
import { runsOf } from '../test/differential/runs.ts';
import { BY_CLOCK } from './browser.ts';
import { useBrowser } from './suite.ts';

const tabs = useBrowser();
const runs = runsOf(100);
const title = `with seed ${String(runs.seed)} (DIFFERENTIAL_SEED), ${String(runs.numRuns)} times (DIFFERENTIAL_RUNS)`;

it(`memory and a database, closed and opened again between steps, answer alike, ${title}`, async () => {
  // Printed whatever the reporter shows, so that a failure on another machine can be seen again.
  console.log(`differential test in a page: seed ${String(runs.seed)}, ${String(runs.numRuns)} sequences`);
  const page = await tabs.open('/agreement');
  await page.waitForFunction(() => typeof runAgreement === 'function', null, BY_CLOCK);
  await page.evaluate((given) => runAgreement(given), runs);
  expect(await page.evaluate(() => indexedDB.databases())).toEqual([]);
});
