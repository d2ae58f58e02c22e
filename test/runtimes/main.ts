import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { installPackage } from '../tooling/installed-package.mjs';
import { buildSuite } from './build-suite.ts';
import { playwright } from './hosts/playwright.ts';
import { processes } from './hosts/processes.ts';
import { webkit } from './hosts/webkit.ts';
import { workerd } from './hosts/workerd.ts';
import type { Candidate, Runtime } from './program.ts';
import { isGood, runChecks, runScope, type Row } from './rows.ts';
import { IN_BRIEF } from './suite/outcome.ts';
import { printFailures, printLeftToChromium, printMatrix, printStarts, type Start } from './tables.ts';

const candidates: readonly Candidate[] = [...processes, workerd, ...playwright, webkit];

interface Running extends Runtime {
  readonly name: string;
}

/**
 * Runs the suite in all runtimes that are there, and prints the matrix. `--only Deno` picks runtimes by their names, `--scope
 * page` places in them; with `--brief` what takes minutes is skipped; with `--sabotage` the suite is a case that fails.
 *
 * @returns the exit code
 */
export async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string', default: '' },
      scope: { type: 'string', default: '' },
      sabotage: { type: 'boolean', default: false },
      brief: { type: 'boolean', default: false },
    },
  });
  const isAsked = (scope: string) => scope.includes(values.scope);
  const asked = candidates.filter(({ name }) => name.includes(values.only));
  const missing = asked.flatMap(({ name, missing: look }) => (look() === null ? [] : [`${name}: ${String(look())}`]));
  const present = asked.filter((candidate) => candidate.missing() === null);

  const installed = await installPackage();
  const { folder } = installed;
  const running: Running[] = [];
  try {
    await buildSuite(folder);
    for (const { name, start } of present) {
      const runtime = await start(folder);
      running.push({ ...(values.brief ? inBrief(runtime) : runtime), name });
    }
    if (!values.sabotage) printStarts(await measureStarts(running));
    const rows = await runAll(running, isAsked, values.sabotage);
    printMatrix(rows);
    printLeftToChromium();
    // Only a suite that can fail shows anything.
    const green = values.sabotage ? [] : (await runAll(running, isAsked, true)).filter(isGood);
    return await report(rows, green, missing);
  } finally {
    for (const runtime of running) await runtime.close();
    await installed.remove();
  }
}

/** What takes minutes is left out, and counted as skipped. */
function inBrief({ scopes, checks, ...runtime }: Runtime): Runtime {
  return {
    ...runtime,
    scopes: scopes.map(({ briefSuite, ...scope }) => ({ ...scope, ...(briefSuite && { suite: briefSuite }) })),
    ...(checks && {
      checks: { ...checks, all: checks.all.map((check) => ({ ...check, skipped: check.isLong ? IN_BRIEF : null })) },
    }),
  };
}

/** One after the other, while nothing else runs. */
async function measureStarts(runtimes: readonly Running[]): Promise<Start[]> {
  const starts: Start[] = [];
  for (const runtime of runtimes) {
    const [alone, whole] = [await runtime.coldStart('sql.js'), await runtime.coldStart('boardlite')];
    starts.push({ runtime: runtime.name, alone, whole });
  }
  return starts;
}

/** The scopes of a runtime one after the other, and as many runtimes at once as there are processors. */
async function runAll(
  runtimes: readonly Running[],
  isAsked: (scope: string) => boolean,
  isSabotaged: boolean,
): Promise<Row[]> {
  const rows = new Map<Running, Row[]>();
  // The browsers, which take longest, come last in the tables and first here.
  const waiting = [...runtimes];
  const work = async () => {
    for (let runtime = waiting.pop(); runtime !== undefined; runtime = waiting.pop()) {
      const own: Row[] = [];
      rows.set(runtime, own);
      const add = (row: Row) => {
        own.push(row);
        console.log(`${row.runtime}, ${row.scope}: ${isGood(row) ? 'good' : 'RED'}, ${row.seconds.toFixed(0)} s`);
        if (!isSabotaged) printFailures([row]);
      };
      const name = `${runtime.name} ${runtime.version}`;
      for (const scope of runtime.scopes.filter((each) => isAsked(each.name))) {
        add(await runScope(name, scope, isSabotaged));
      }
      if (runtime.checks && isAsked(runtime.checks.scope)) add(await runChecks(name, runtime.checks, isSabotaged));
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return runtimes.flatMap((runtime) => rows.get(runtime) ?? []);
}

async function report(rows: readonly Row[], green: readonly Row[], missing: readonly string[]): Promise<number> {
  for (const each of missing) console.log(`left out: ${each}`);
  for (const { runtime, scope } of green) console.log(`${runtime}, ${scope}: NOT red when a case fails on purpose`);
  const mayLack = process.env['CI'] !== 'true';
  const failed = rows.filter((row) => !isGood(row)).length + green.length + (mayLack ? 0 : missing.length);
  const passed = rows.filter(isGood).length;
  console.log(
    `\n${String(passed)} of ${String(rows.length)} rows are good; a case that fails on purpose turns all red`,
  );
  await mkdir('reports', { recursive: true });
  await writeFile('reports/runtimes.json', JSON.stringify({ numPassedTests: passed, numFailedTests: failed, rows }));
  return failed === 0 ? 0 : 1;
}
