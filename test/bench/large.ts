import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { digits, printTable } from './report.ts';
import { Rival } from './rival.ts';

const { values: options } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, size: { type: 'string' } },
});
const size = Number(options.size ?? (options.quick ? 20_000 : 1_000_000));
const small = Math.min(10_000, size);
const folder = mkdtempSync(join(tmpdir(), 'boardlite-large-'));
const child = fileURLToPath(new URL('large-child.mjs', import.meta.url));

/** Figures of one process, by what they are of. */
type Figures = Readonly<Record<string, number>>;

async function run(what: string, artifacts: number): Promise<Figures> {
  console.log(`  ${what}, ${artifacts.toLocaleString('en')} artifacts`);
  const place = join(folder, what.replaceAll(' ', '-'));
  mkdirSync(place, { recursive: true });
  const rival = await Rival.start(what, process.execPath, [
    '--max-old-space-size=8000',
    child,
    what,
    String(artifacts),
    place,
  ]);
  const figures = await rival.figures<Figures>();
  await rival.end();
  for (const [name, value] of Object.entries(figures)) console.log(`    ${name}: ${digits(value)}`);
  return figures;
}

const start = performance.now();
try {
  const few = await run('boardlite sqlite', small);
  const bare = await run('sql.js bare loop', size);
  await run('boardlite sqlite', size);
  const file = await run('boardlite file', size);
  const reopened = await run('boardlite file reopened', size);
  const bytes = (await stat(join(folder, 'boardlite-file', 'board.db'))).size;
  const of = (figures: Figures, name: string) => figures[name] ?? Number.NaN;
  const rows: [string, number, number][] = [
    ['last page by cursor, over the first', of(file, 'last page ms') / of(file, 'first page ms'), 2],
    ['first page by cursor, over the last', of(file, 'first page ms') / of(file, 'last page ms'), 2],
    [
      `filtered page without total, over that at ${small.toLocaleString('en')}`,
      of(file, 'filtered page ms') / of(few, 'filtered page ms'),
      3,
    ],
    ['summary, over the bare GROUP BYs', of(file, 'summary ms') / of(bare, 'summary ms'), 3],
    ['reopen, over loading and a checksum pass', of(reopened, 'reopen ms') / of(reopened, 'load and checksum ms'), 1.5],
    ['peak memory while open, over the file', of(reopened, 'peak bytes open') / bytes, 2.5],
    ['peak memory in a checkpoint, over the file', of(reopened, 'peak bytes checkpoint') / bytes, 3.5],
  ];
  console.log(`\ngoals at ${size.toLocaleString('en')} artifacts, a file of ${digits(bytes / 2 ** 20)} MB`);
  printTable([
    ['', 'ratio', 'at most', ''],
    ...rows.map(([name, ratio, most]) => [name, digits(ratio), String(most), ratio <= most ? 'ok' : 'MISS']),
  ]);
  const reports = fileURLToPath(new URL('../../../reports', import.meta.url));
  mkdirSync(reports, { recursive: true });
  writeFileSync(
    join(reports, 'bench-large.json'),
    JSON.stringify({ date: new Date(), size, rows, few, bare, file, reopened }),
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`${digits((performance.now() - start) / 60_000)} minutes`);
