// @ts-check
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compareWithList, scoreOf, survivorsOf } from './mutation-verdict.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const reportPath = join(root, 'reports/mutation/mutation.json');
const unexplainedPath = join(root, 'reports/mutation/unexplained.json');
const listPath = join(root, 'test/mutation/survivors.json');

const goals = [
  { name: 'src/core and src/memory', folders: ['src/core', 'src/memory'], atLeast: 85 },
  { name: 'src/sql', folders: ['src/sql'], atLeast: 75 },
];

// `--report-only` judges the report of the last run again, for whoever is explaining survivors.
const [first, ...rest] = process.argv.slice(2);
const isReportOnly = first === '--report-only';
if (!isReportOnly) {
  rmSync(reportPath, { force: true });
  const stryker = join(
    dirname(createRequire(import.meta.url).resolve('@stryker-mutator/core/package.json')),
    'bin/stryker.js',
  );
  const options = first === undefined ? rest : [first, ...rest];
  const { status } = spawnSync(process.execPath, [stryker, 'run', 'test/tooling/stryker.config.json', ...options], {
    cwd: root,
    stdio: 'inherit',
  });
  if (status !== 0 || options.includes('--dryRunOnly')) process.exit(status ?? 1);
}

const report = JSON.parse(readFileSync(reportPath, 'utf8'));
const list = JSON.parse(readFileSync(listPath, 'utf8'));
let isGood = true;

const { unexplained, stale } = compareWithList(survivorsOf(report), list);
for (const { file, lineNumber, mutator, original, replacement } of unexplained) {
  console.log(`${file}:${lineNumber} ${mutator}: ${original} -> ${replacement || '(nothing)'}`);
}
if (unexplained.length > 0) {
  isGood = false;
  const entries = unexplained.map((survivor) => ({ ...survivor, lineNumber: undefined, reason: '' }));
  writeFileSync(unexplainedPath, `${JSON.stringify(entries, null, 2)}\n`);
  console.log(`${unexplained.length} survivors without a reason in test/mutation/survivors.json;`);
  console.log('reports/mutation/unexplained.json holds their entries, to be completed and moved there');
}
for (const { file, line } of stale) console.log(`survives no longer, or has no reason: ${file}: ${line}`);

for (const goal of goals) {
  const { name, detected, total, score, isMet } = scoreOf(report, goal);
  const verdict = isMet ? 'ok' : 'TOO LOW';
  console.log(
    `${name}: ${detected} of ${total} mutants detected, ${score.toFixed(2)} % (at least ${goal.atLeast}) ${verdict}`,
  );
  isGood &&= isMet;
}
process.exitCode = isGood ? 0 : 1;
