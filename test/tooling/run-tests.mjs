// @ts-check
// Runs on a fresh clone: imports nothing that must be installed first.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { isInstalled, npm, root } from './fresh-clone.mjs';

const unitReport = `${root}/reports/unit.json`;

/** @type {Record<string, string[]>} each part and the npm arguments that run it */
const parts = {
  install: ['ci'],
  format: ['run', '--silent', 'format:check'],
  lint: ['run', '--silent', 'lint'],
  types: ['run', '--silent', 'typecheck'],
  build: ['run', '--silent', 'build'],
  unit: [
    ...['run', '--silent', 'test:unit', '--', '--reporter=default'],
    ...['--reporter=json', `--outputFile.json=${unitReport}`],
  ],
  size: ['run', '--silent', 'size'],
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in parts));
if (unknown.length > 0) {
  console.error(`Unknown part "${unknown.join('", "')}": the parts are ${Object.keys(parts).join(', ')}`);
  process.exit(2);
}

let passed = 0;
let failed = 0;
/** @type {{ name: string, minutes: string, outcome: string }[]} */
const rows = [];

for (const [name, args] of Object.entries(parts)) {
  const isNeeded = name === 'install' ? !isInstalled() : asked.length === 0 || asked.includes(name);
  if (!isNeeded) continue;
  if (failed > 0) {
    rows.push({ name, minutes: '-', outcome: 'not run' });
    continue;
  }
  console.log(`\n=== ${name}`);
  if (name === 'unit') rmSync(unitReport, { force: true });
  const start = performance.now();
  const isGood = npm(args);
  const minutes = ((performance.now() - start) / 60_000).toFixed(2);
  rows.push({ name, minutes, outcome: isGood ? 'passed' : 'FAILED' });
  const tests = name === 'unit' ? countTests() : { passed: 0, failed: 0 };
  passed += tests.passed + (isGood && name !== 'unit' ? 1 : 0);
  failed += tests.failed + (!isGood && tests.failed === 0 ? 1 : 0);
}

console.log(`\n${'part'.padEnd(10)}${'minutes'.padStart(8)}`);
for (const { name, minutes, outcome } of rows) console.log(`${name.padEnd(10)}${minutes.padStart(8)}  ${outcome}`);
const total = rows.reduce((sum, { minutes }) => sum + (Number(minutes) || 0), 0);
console.log(`${'all'.padEnd(10)}${total.toFixed(2).padStart(8)}`);

// Each unit test counts, and each other part as one.
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

function countTests() {
  if (!existsSync(unitReport)) return { passed: 0, failed: 0 };
  const report = JSON.parse(readFileSync(unitReport, 'utf8'));
  return { passed: Number(report.numPassedTests), failed: Number(report.numFailedTests) };
}
