import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { BoardData } from './boards.ts';
import { contestants } from './contestants/all.ts';
import { hostsOf } from './hosts.ts';
import { findPython, ORIGINAL, startOriginal } from './original.ts';
import { digits, printGoals, printSize } from './report.ts';
import { toJson, type Measured, type SizeResult } from './results.ts';
import { Rival } from './rival.ts';
import { MOST_PUBLISHED, reads, writes, type Work } from './work.ts';

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    sizes: { type: 'string' },
    rounds: { type: 'string' },
    only: { type: 'string', multiple: true },
  },
});
const sizes = (options.sizes ?? (options.quick ? '1000' : '1000,10000,100000')).split(',').map(Number);
const rounds = Number(options.rounds ?? (options.quick ? 5 : 15));
/** Rounds that do not count, until the engines have compiled what they run often; of much work fewer do. */
const WARM_UP = 15;
const WARM_UP_OF_MUCH = options.quick ? 1 : 2;
const ROUNDS_OF_MUCH = options.quick ? 3 : 5;
const MUCH = new Set([
  ...['pages by cursor', 'summary', 'history'],
  ...['publish concurrently', 'publishMany of 1,000', 'checkpoint', 'reopen'],
]);
const folder = mkdtempSync(join(tmpdir(), 'boardlite-bench-'));
const child = fileURLToPath(new URL('child.mjs', import.meta.url));

async function startAll(data: BoardData, rivals: Rival[]): Promise<void> {
  const isAsked = (name: string) => options.only?.includes(name) ?? true;
  const place = (name: string) => mkdtempSync(join(folder, `${name.replaceAll(/\W/g, '-')}-`));
  for (const [name, load] of Object.entries(contestants)) {
    const contestant = isAsked(name) ? await load().catch(() => null) : null;
    if (contestant === null || contestant.most < data.size) continue;
    for (const host of hostsOf(name, data.size)) {
      const title = host.name === '' ? name : `${name} (${host.name})`;
      console.log(`  filling ${title}`);
      const args = [...host.args, child, name, String(data.size), place(title)];
      rivals.push(await Rival.start(title, host.path, args));
    }
  }
  const python = isAsked(ORIGINAL) ? findPython() : null;
  if (python !== null) {
    console.log(`  filling ${ORIGINAL}`);
    const count = data.size + (rounds + WARM_UP) * writes.length * MOST_PUBLISHED;
    rivals.push(await startOriginal(python, data, count, place(ORIGINAL)));
  }
}

/** One piece of work, by each contestant in turn, in every round; whoever begins changes. */
async function measure(work: Pick<Work, 'name'>, rivals: readonly Rival[], nextEntry: () => number) {
  const measured = new Map<string, Measured>();
  const isMuch = MUCH.has(work.name);
  const warmUp = isMuch ? WARM_UP_OF_MUCH : WARM_UP;
  for (let round = -warmUp; round < (isMuch ? Math.min(rounds, ROUNDS_OF_MUCH) : rounds); round++) {
    const first = nextEntry();
    const found = new Map<string, number>();
    for (let turn = 0; turn < rivals.length; turn++) {
      const rival = rivals[(turn + round + warmUp) % rivals.length];
      const answer = await rival?.ask(work.name, first);
      if (rival === undefined || answer === undefined || answer.sample === null) continue;
      const { ms, cpu, calls } = answer.sample;
      found.set(rival.name, answer.sample.found);
      if (round < 0) continue;
      const before = measured.get(rival.name) ?? { micros: [], cpu: [] };
      measured.set(rival.name, {
        micros: [...before.micros, (ms * 1000) / calls],
        cpu: [...before.cpu, (cpu * 1000) / calls],
        bytesPerCall: answer.bytes === null ? null : answer.bytes / calls,
      });
    }
    if (new Set(found.values()).size > 1) {
      throw new Error(`${work.name} did not come to the same: ${JSON.stringify(Object.fromEntries(found))}`);
    }
  }
  return measured;
}

async function measureSize(size: number, rivals: Rival[]): Promise<SizeResult> {
  console.log(`\n${size.toLocaleString('en')} artifacts`);
  const data = new BoardData(size);
  await startAll(data, rivals);
  const works: SizeResult['works'] = new Map();
  let next = size;
  const nextEntry = () => (next += MOST_PUBLISHED) - MOST_PUBLISHED;
  for (const work of [...reads, ...writes, { name: 'reopen', unit: 'call' }]) {
    // What only reads leaves the entries that are not on the board to those who write.
    process.stdout.write(`  ${work.name}`);
    const begun = performance.now();
    const isWrite = writes.some(({ name }) => name === work.name);
    const measured = await measure(work, rivals, isWrite ? nextEntry : () => Math.floor(Math.random() * 1e6));
    works.set(work.name, { unit: work.unit, measured });
    console.log(`: ${digits((performance.now() - begun) / 1000)} s`);
  }
  const filled = new Map(rivals.map(({ name, filled }) => [name, filled]));
  const peaks = new Map<string, number | null>();
  for (const rival of rivals) peaks.set(rival.name, await rival.end());
  return { size, filled, peaks, works };
}

const start = performance.now();
const results: SizeResult[] = [];
try {
  for (const size of sizes) {
    const rivals: Rival[] = [];
    try {
      const result = await measureSize(size, rivals);
      printSize(result);
      results.push(result);
    } finally {
      for (const rival of rivals) rival.kill();
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
const outcomes = printGoals(results);
const machine = `${String(cpus().length)} x ${cpus()[0]?.model ?? 'unknown'}, Node ${process.versions.node}, ${process.platform}`;
const minutes = (performance.now() - start) / 60_000;
console.log(`\n${machine}; ${digits(minutes)} minutes; ${String(rounds)} rounds`);
const reports = fileURLToPath(new URL('../../../reports', import.meta.url));
mkdirSync(reports, { recursive: true });
writeFileSync(join(reports, 'bench.json'), toJson({ date: new Date(), machine, minutes, rounds, outcomes, results }));
