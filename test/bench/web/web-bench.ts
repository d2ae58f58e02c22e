import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { it } from 'vitest';
import { Browser } from '../../../browser-test/browser.ts';
import { createBoardScript } from '../../../src/sql/schema.ts';
import { digits, printTable, ratioText } from '../report.ts';
import { ratioOf, spreadOf } from '../statistics.ts';
import type { Bench } from './page.ts';

declare const bench: Bench;

const isQuick = process.env['QUICK'] !== undefined;
const rounds = isQuick ? 3 : 11;
const WARM_UP = 2;
const works = [
  { name: 'one by one', count: 10, atOnce: false },
  { name: 'concurrently', count: 200, atOnce: true },
] as const;
const ALONE = new Set([
  'sqlite-wasm opfs-sahpool',
  'sql.js and a snapshot per write',
  'PGlite idb',
  'wa-sqlite IDBBatchAtomicVFS',
]);
const [RELAXED, MEMORY] = ['boardlite IndexedDB', 'boardlite sqlite'];
/** Work, who, beside whom, how many times as fast at least, and at which size if not at each. */
const goals: readonly [work: string, who: string, beside: string, least: number, size?: number][] = [
  ['concurrently', RELAXED, MEMORY, 0.4],
  ['one by one', RELAXED, 'bare get-add-put', 0.8],
  ['one by one', RELAXED, 'sqlite-wasm opfs-sahpool', 1.5],
  ['one by one', RELAXED, 'wa-sqlite IDBBatchAtomicVFS', 8],
  ['one by one', RELAXED, 'PGlite idb', 50],
  ['one by one', RELAXED, 'sql.js and a snapshot per write', 100, 10_000],
];

async function measure(page: Page, size: number): Promise<Map<string, number[]>> {
  const schema = createBoardScript();
  const names: string[] = [];
  for (const name of await page.evaluate(() => bench.names)) {
    try {
      await page.evaluate(([who, n, text]) => bench.fill(who, n, text), [name, size, schema] as const);
      names.push(name);
    } catch (error) {
      console.log(`  left out: ${name}: ${String(error).split('\n')[0] ?? ''}`);
    }
  }
  const micros = new Map<string, number[]>();
  let first = size;
  for (const { name: work, count, atOnce } of works) {
    for (let round = -WARM_UP; round < rounds; round++) {
      first += count;
      for (let turn = 0; turn < names.length; turn++) {
        const name = names[(turn + round + WARM_UP) % names.length] ?? '';
        if (atOnce && ALONE.has(name)) continue;
        const args = [name, size, first, count, atOnce] as const;
        const ms = await page.evaluate((given) => bench.publish(...given), args);
        const key = `${work}: ${name}`;
        if (round >= 0) micros.set(key, [...(micros.get(key) ?? []), (ms * 1000) / count]);
      }
    }
  }
  return micros;
}

it('measures', async () => {
  const results: { size: number; micros: Map<string, number[]> }[] = [];
  for (const size of isQuick ? [500] : [1000, 10_000]) {
    const browser = await Browser.start();
    try {
      const micros = await measure(await browser.open('/'), size);
      results.push({ size, micros });
      console.log(`\n${size.toLocaleString('en')} artifacts, microseconds per artifact published`);
      printTable(
        [...micros].map(([name, times]) => {
          const { median, least, most } = spreadOf(times);
          return [`  ${name}`, digits(median), `[${digits(least)}-${digits(most)}]`];
        }),
      );
    } finally {
      await browser.remove();
    }
  }
  console.log('\ngoals: how many times as fast, median of the rounds [least-most]');
  const outcomes = goals.map(([work, who, beside, least, only]) => {
    const ratios = results.map(({ size, micros }) =>
      only !== undefined && only !== size && !isQuick
        ? null
        : ratioOf(micros.get(`${work}: ${beside}`) ?? [], micros.get(`${work}: ${who}`) ?? []),
    );
    const known = ratios.flatMap((ratio) => (ratio === null || Number.isNaN(ratio.median) ? [] : [ratio]));
    const verdict = known.length === 0 ? 'not measured' : known.every(({ median }) => median >= least) ? 'ok' : 'MISS';
    return [
      work,
      who,
      beside,
      ...ratios.map((ratio) => (ratio === null ? '-' : ratioText(ratio))),
      String(least),
      verdict,
    ];
  });
  printTable([['publish', 'who', 'beside', ...results.map(({ size }) => String(size)), 'at least', ''], ...outcomes]);
  const reports = fileURLToPath(new URL('../../../reports', import.meta.url));
  mkdirSync(reports, { recursive: true });
  const json = results.map(({ size, micros }) => ({ size, micros: Object.fromEntries(micros) }));
  writeFileSync(`${reports}/bench-web.json`, JSON.stringify({ date: new Date(), outcomes, results: json }));
});
