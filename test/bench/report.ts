import { goals, outcomeOf, type Outcome } from './goals.ts';
import { roundsOf, type SizeResult } from './results.ts';
import { ratioOf, spreadOf, type Spread } from './statistics.ts';

const LIMIT = 'sql.js bare loop';

/** Three significant digits. */
export function digits(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3);
}

export function ratioText({ median, least, most }: Spread): string {
  return `${digits(median)} [${digits(least)}-${digits(most)}]`;
}

export function printTable(rows: readonly (readonly string[])[]): void {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  for (const row of rows)
    console.log(
      row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  '),
    );
}

function peakText(bytes: number | null): string {
  return bytes === null ? '' : `${digits(bytes / 2 ** 20)} MB at most`;
}

/** What a size came to: a block per work, a line per contestant. */
export function printSize(result: SizeResult): void {
  for (const [work, { unit, measured }] of result.works) {
    const limit = roundsOf(result, work, LIMIT);
    console.log(`\n${work}, ${result.size.toLocaleString('en')} artifacts (microseconds per ${unit})`);
    const rows = [...measured].map(([name, { micros, bytesPerCall }]) => [
      `  ${name}`,
      digits(spreadOf(micros).median),
      `[${digits(spreadOf(micros).least)}-${digits(spreadOf(micros).most)}]`,
      limit.length === 0 || name === LIMIT ? '' : `${ratioText(ratioOf(limit, micros))} of the limit's speed`,
      bytesPerCall === null || bytesPerCall < 50 ? '' : `${digits(bytesPerCall)} bytes written`,
    ]);
    printTable(rows);
  }
  console.log(`\nthe processes, ${result.size.toLocaleString('en')} artifacts`);
  const whole = [...result.filled].map(([name, { coldStart, load }]) => [
    `  ${name}`,
    coldStart === null ? '' : `${digits(coldStart)} ms to the first artifact`,
    `${digits((load * 1000) / result.size)} us per artifact loaded`,
    peakText(result.peaks.get(name) ?? null),
  ]);
  printTable(whole);
}

export function printGoals(results: readonly SizeResult[]): readonly Outcome[] {
  const outcomes = goals.map((goal) => outcomeOf(goal, results));
  const sizes = results.map(({ size }) => size.toLocaleString('en'));
  console.log('\ngoals: how many times as fast, median of the rounds [least-most], and the same by processor time');
  printTable([
    ['work', 'who', 'beside', ...sizes, 'at least', ''],
    ...outcomes.map(({ goal, ratios, isReached }) => [
      goal.work,
      goal.who,
      goal.beside,
      ...ratios.map(({ ratio, cpu }) =>
        ratio === null ? '-' : `${ratioText(ratio)} ${cpu ? digits(cpu.median) : ''}`,
      ),
      String(goal.least),
      isReached === null ? 'not measured' : isReached ? 'ok' : 'MISS',
    ]),
  ]);
  return outcomes;
}
