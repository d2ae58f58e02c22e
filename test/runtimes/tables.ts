import type { Row } from './rows.ts';
import type { ColdStart } from './suite/cold-start.ts';
import type { Outcome } from './suite/host.ts';

export interface Start {
  readonly runtime: string;
  /** sql.js alone; null where it does not run. */
  readonly alone: ColdStart | null;
  readonly whole: ColdStart | null;
}

type Cell = string | number;

/** Columns wide enough for what is in them, numbers to the right. */
function printTable(head: readonly string[], rows: readonly (readonly Cell[])[]): void {
  const widths = head.map((name, i) => Math.max(name.length, ...rows.map((row) => String(row[i]).length)));
  const line = (cells: readonly Cell[], numbers: readonly Cell[]) =>
    cells
      .map((cell, i) =>
        typeof numbers[i] === 'number' ? String(cell).padStart(widths[i] ?? 0) : String(cell).padEnd(widths[i] ?? 0),
      )
      .join('  ')
      .trimEnd();
  console.log(`\n${line(head, rows[0] ?? [])}`);
  for (const row of rows) console.log(line(row, row));
}

/** Import, opening and first publish, in milliseconds. */
export function printStarts(starts: readonly Start[]): void {
  const cells = (times: ColdStart | null): Cell[] => {
    if (times === null) return ['-', '-', '-', '-'];
    const parts = [times.import, times.open, times.publish];
    return [...parts, parts.reduce((sum, part) => sum + part)].map((ms) => ms.toFixed(0));
  };
  console.log(
    '\nCold start in milliseconds, alone on the machine: boardlite, and sql.js by itself ("-": does not run there)',
  );
  printTable(
    ['runtime', 'import', 'open', 'publish', 'all', '| sql.js', 'open', 'insert', 'all'],
    starts.map(({ runtime, whole, alone }) => [runtime, ...cells(whole), ...cells(alone)]),
  );
}

export function printMatrix(rows: readonly Row[]): void {
  const counted = rows.map(({ runtime, scope, outcomes, seconds }) => {
    const numbers = (['passed', 'skipped', 'failed'] as const).map((name) => countOf(outcomes, name));
    return [runtime, scope, ...numbers, Math.round(seconds)];
  });
  printTable(['runtime', 'scope', 'passed', 'skipped', 'failed', 'seconds'], counted);
  console.log('\nSkipped, by the reason that the case declares:');
  printTable(['runtime', 'scope', 'cases', 'reason'], rows.flatMap(reasonsOf));
}

/** What the drivers of Firefox and WebKit have no means for, and browser-test/ does to Chromium. */
const LEFT_TO_CHROMIUM = [
  'a page that is frozen, and goes on',
  'a page that crashes while its browser lives on',
  'a page that comes back from the cache of pages',
  'a quota that is used up',
  'site data that is cleared while a board is open',
  'a user who lets no site keep anything',
];

export function printLeftToChromium(): void {
  console.log(
    '\nFaults that Firefox and WebKit cannot be made to have here, tried in Chromium alone (npm run test:browser):',
  );
  for (const fault of LEFT_TO_CHROMIUM) console.log(`  ${fault}`);
}

function reasonsOf({ runtime, scope, outcomes }: Row): Cell[][] {
  const counts = new Map<string, number>();
  for (const { outcome, reason = '' } of outcomes) {
    if (outcome === 'skipped') counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  return [...counts].map(([reason, cases]) => [runtime, scope, cases, reason]);
}

export function printFailures(rows: readonly Row[]): void {
  for (const { runtime, scope, outcomes } of rows) {
    for (const { outcome, name, reason = '' } of outcomes) {
      if (outcome === 'failed') console.log(`\n${runtime}, ${scope}: ${name}\n  ${reason}`);
    }
  }
}

function countOf(outcomes: readonly Outcome[], outcome: Outcome['outcome']): number {
  return outcomes.filter((each) => each.outcome === outcome).length;
}
