// @ts-check
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { environmentOf, goals, reportPathOf } from './mutation-goals.mjs';
import { compareWithList, scoreOf, survivorsOf } from './mutation-verdict.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const listPath = 'test/mutation/survivors.json';
const unexplainedPath = 'reports/mutation/unexplained.json';

// Names of goals come first, all of them unless told; options go on to Stryker.
const args = process.argv.slice(2);
// Judges the reports of the last run again, for whoever is explaining survivors.
const isReportOnly = args.includes('--report-only');
const asked = args.filter((each) => each in goals);
const options = args.filter((each) => !(each in goals) && each !== '--report-only');

const stryker = join(
  dirname(createRequire(import.meta.url).resolve('@stryker-mutator/core/package.json')),
  'bin/stryker.js',
);
const list = JSON.parse(readFileSync(join(root, listPath), 'utf8'));
const unexplained = [];
/** @type {string[]} */
const verdicts = [];
let isGood = true;

for (const [name, { folders, atLeast }] of Object.entries(goals)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  const reportPath = join(root, reportPathOf(name));
  const start = performance.now();
  if (!isReportOnly) {
    rmSync(reportPath, { force: true });
    const { status } = spawnSync(process.execPath, [stryker, 'run', 'test/tooling/stryker.config.mjs', ...options], {
      cwd: root,
      stdio: 'inherit',
      env: environmentOf(name),
    });
    if (status !== 0) process.exit(status ?? 1);
    if (options.includes('--dryRunOnly')) continue;
  }
  const minutes = ((performance.now() - start) / 60_000).toFixed(1);

  const report = JSON.parse(readFileSync(reportPath, 'utf8'));
  const isOfThisGoal = (/** @type {{ file: string }} */ { file }) =>
    folders.some((each) => file.startsWith(`${each}/`));
  const compared = compareWithList(survivorsOf(report), list.filter(isOfThisGoal));
  for (const survivor of compared.unexplained) {
    const { file, lineNumber, mutator, original, replacement } = survivor;
    console.log(`${file}:${lineNumber} ${mutator}: ${original} -> ${replacement || '(nothing)'}`);
    unexplained.push({ ...survivor, lineNumber: undefined, reason: '' });
  }
  for (const { file, line } of compared.stale) console.log(`Survives no longer, or has no reason: ${file}: ${line}`);

  const { detected, total, score } = scoreOf(report, folders);
  const isMet = score >= atLeast;
  isGood &&= isMet;
  verdicts.push(
    `${folders.join(' and ')}: ${detected} of ${total} mutants detected, ${score.toFixed(2)} %, ` +
      `at least ${atLeast} wanted: ${isMet ? 'ok' : 'TOO LOW'} (${minutes} minutes)`,
  );
}

if (unexplained.length > 0) {
  isGood = false;
  mkdirSync(join(root, dirname(unexplainedPath)), { recursive: true });
  writeFileSync(join(root, unexplainedPath), `${JSON.stringify(unexplained, null, 2)}\n`);
  verdicts.push(
    `${unexplained.length} survivors have no reason in ${listPath}: ` +
      `${unexplainedPath} holds their entries, to be completed and moved there`,
  );
}
for (const verdict of verdicts) console.log(verdict);
process.exitCode = isGood ? 0 : 1;
