// @ts-check
// Runs on a fresh clone: imports nothing that must be installed first.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { findOrInstallChromium, WAYS_OUT } from '../../browser-test/chromium.mjs';
import { isInstalled, npm, root } from './fresh-clone.mjs';
import { canRun, isProvided, provide } from './provide.mjs';

/** The parts that run vitest. */
const suites = ['unit', 'browser'];
/** The parts that write a report. Each of its tests counts. */
const reporting = [...suites, 'runtimes', 'bundlers'];
/** The parts that run when they are asked for. */
const onDemand = ['bundlers'];

/** @param {string} name */
const reportOf = (name) => `${root}/reports/${name}.json`;

/** @param {string} name */
const suite = (name) => [
  ...['run', '--silent', `test:${name}`, '--', '--reporter=default'],
  ...['--reporter=json', `--outputFile.json=${reportOf(name)}`],
];

const asked = process.argv.slice(2);

/** @type {Record<string, string[]>} each part and the npm arguments that run it */
const parts = {
  install: ['ci'],
  format: ['run', '--silent', 'format:check'],
  lint: ['run', '--silent', 'lint'],
  types: ['run', '--silent', 'typecheck'],
  build: ['run', '--silent', 'build'],
  unit: suite('unit'),
  browser: suite('browser'),
  size: ['run', '--silent', 'size'],
  package: ['run', '--silent', 'test:package'],
  // What takes a quarter of an hour is for those who ask.
  runtimes: ['run', '--silent', 'test:runtimes', ...(asked.includes('runtimes') ? [] : ['--', '--brief'])],
  // After the runtimes, some of which it uses.
  bundlers: ['run', '--silent', 'test:bundlers'],
};

const unknown = asked.filter((name) => !(name in parts));
if (unknown.length > 0) {
  console.error(`Unknown part "${unknown.join('", "')}": the parts are ${Object.keys(parts).join(', ')}`);
  process.exit(2);
}

let passed = 0;
let failed = 0;
/** @type {Promise<void> | undefined} */
let providing;
/** @type {{ name: string, minutes: string, outcome: string }[]} */
const rows = [];

for (const [name, args] of Object.entries(parts)) {
  if (name === 'install' ? isInstalled() : !isAsked(name)) continue;
  if (failed > 0) {
    rows.push({ name, minutes: '-', outcome: 'not run' });
    continue;
  }
  console.log(`\n=== ${name}`);
  if (reporting.includes(name)) rmSync(reportOf(name), { force: true });
  // Beside the first parts, which use one processor, and not beside tests.
  if (name !== 'install') providing ??= provide(Object.keys(parts).filter(isProvided).filter(isAsked));
  if (reporting.includes(name) || isProvided(name)) await providing;
  if (name === 'browser' && findOrInstallChromium() === null) {
    leaveOut(name, 'NO CHROMIUM', `there is no Chromium here; ${WAYS_OUT}`);
    continue;
  }
  const start = performance.now();
  if (isProvided(name) && !canRun(name)) {
    leaveOut(name, 'LEFT OUT', `npm ci --prefix test/${name} brings what it needs`);
    continue;
  }
  const isGood = npm(args);
  const minutes = ((performance.now() - start) / 60_000).toFixed(2);
  rows.push({ name, minutes, outcome: isGood ? 'passed' : 'FAILED' });
  const tests = countTests(name);
  passed += tests.passed + (isGood && !reporting.includes(name) ? 1 : 0);
  failed += tests.failed + (!isGood && tests.failed === 0 ? 1 : 0);
}

console.log(`\n${'part'.padEnd(10)}${'minutes'.padStart(8)}`);
for (const { name, minutes, outcome } of rows) console.log(`${name.padEnd(10)}${minutes.padStart(8)}  ${outcome}`);
const total = rows.reduce((sum, { minutes }) => sum + (Number(minutes) || 0), 0);
console.log(`${'all'.padEnd(10)}${total.toFixed(2).padStart(8)}`);

// Each test of a suite counts, and each other part as one.
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

/** @param {string} name */
function isAsked(name) {
  return asked.length === 0 ? !onDemand.includes(name) : asked.includes(name);
}

/**
 * On a machine that is there to test everything, it is a failure; elsewhere it is said, and not counted as passed.
 *
 * @param {string} name
 * @param {string} outcome
 * @param {string} why
 */
function leaveOut(name, outcome, why) {
  console.log(`Left out: ${why}`);
  rows.push({ name, minutes: '-', outcome });
  failed += process.env['CI'] === 'true' ? 1 : 0;
}

/** @param {string} name */
function countTests(name) {
  if (!reporting.includes(name) || !existsSync(reportOf(name))) return { passed: 0, failed: 0 };
  const report = JSON.parse(readFileSync(reportOf(name), 'utf8'));
  return { passed: Number(report.numPassedTests), failed: Number(report.numFailedTests) };
}
