import { UnsupportedError } from '../core/errors.ts';
import type { Driver } from './driver.ts';
import { columnsOf } from './identify-board.ts';
import { readTexts } from './read-column.ts';
import {
  IDENTITY_INDEX,
  ORIGINAL_INDEXES,
  ORIGINAL_VERSION,
  OWN_COLUMNS,
  OWN_INDEXES,
  OWN_TABLES,
  TABLES,
  TRIGGERS,
} from './schema.ts';

const PARTS = {
  table: [...Object.values(TABLES), ...OWN_TABLES],
  index: [...ORIGINAL_INDEXES, ...OWN_INDEXES],
  trigger: TRIGGERS,
} as const;

/** The tables, columns, indexes and triggers that a database lacks to be a board, such as `index "artifacts_by_time"`. */
export function missingParts(driver: Driver): string[] {
  const names = namesIn(driver);
  const parts = Object.entries(PARTS).flatMap(([kind, texts]) =>
    texts.map(nameOf).flatMap((name) => (names.has(name) ? [] : [`${kind} "${name}"`])),
  );
  const columns = OWN_COLUMNS.filter(({ table, column }) => !columnsOf(driver, table).includes(column));
  return [...parts, ...columns.map(({ table, column }) => `column "${column}" of table "${table}"`)];
}

/** True when the database has every table, column, index and trigger of a board. */
export function hasAllParts(driver: Driver): boolean {
  return missingParts(driver).length === 0;
}

/** True when nobody can have changed an artifact without its sequence or its tags telling. */
export function isWatched(driver: Driver): boolean {
  return hasAll(driver, [...OWN_TABLES, ...TRIGGERS]);
}

/**
 * Adds the tables and columns that a database lacks to be a board, and takes the primary key from its consumptions. What
 * we do not know stays: tables, columns, indexes, triggers.
 */
export function completeTables(driver: Driver): void {
  for (const text of Object.values(TABLES)) driver.script(text);
  driver.script(`INSERT OR IGNORE INTO schema_meta (id, version) VALUES (1, ${String(ORIGINAL_VERSION)})`);
  freeConsumptions(driver);
  for (const { table, column, type } of OWN_COLUMNS) {
    if (columnsOf(driver, table).includes(column)) continue;
    driver.script(`ALTER TABLE ${table} ADD COLUMN ${column} ${type}`);
  }
  for (const text of OWN_TABLES) driver.script(text);
  if (hasAll(driver, [IDENTITY_INDEX])) return;
  keepFirsts(driver);
  driver.script(IDENTITY_INDEX);
}

/** Adds the indexes and triggers; after the rows are right, which is faster than keeping them right one by one. */
export function completeIndexes(driver: Driver): void {
  for (const text of [...ORIGINAL_INDEXES, ...OWN_INDEXES, ...TRIGGERS]) driver.script(text);
}

/** The original's primary key leaves the run out, so two runs at one instant could not both be recorded. */
function freeConsumptions(driver: Driver): void {
  const keys = readTexts(driver, "SELECT name FROM pragma_table_info('artifact_consumptions') WHERE pk > 0");
  if (!keys.includes('consumed_at')) return;
  const [text = ''] = readTexts(driver, "SELECT sql FROM sqlite_master WHERE name = 'artifact_consumptions'");
  const free = text.replace(/,\s*(?:CONSTRAINT\s+\S+\s+)?PRIMARY\s+KEY\s*\([^()]*\)(?:\s*ON\s+CONFLICT\s+\w+)?/i, '');
  if (free === text)
    throw new UnsupportedError(`Cannot migrate the board: its consumptions are keyed in an unknown way: ${text}`);
  const attached = readTexts(
    driver,
    "SELECT sql FROM sqlite_master WHERE tbl_name = 'artifact_consumptions' AND type <> 'table' AND sql IS NOT NULL",
  );
  const columns = columnsOf(driver, 'artifact_consumptions')
    .map((name) => `"${name.replaceAll('"', '""')}"`)
    .join(', ');
  // Not by renaming, which fails over views and triggers that name the table.
  const rebuild = [
    `CREATE TEMP TABLE moved_consumptions AS SELECT ${columns} FROM artifact_consumptions ORDER BY rowid`,
    'DROP TABLE artifact_consumptions',
    free,
    `INSERT INTO artifact_consumptions (${columns}) SELECT ${columns} FROM moved_consumptions ORDER BY rowid`,
    'DROP TABLE moved_consumptions',
    ...attached,
  ];
  for (const step of rebuild) driver.script(step);
}

/** Of consumptions with one identity the first stays, as when they are recorded. */
function keepFirsts(driver: Driver): void {
  driver.script(
    `DELETE FROM artifact_consumptions WHERE rowid NOT IN (
      SELECT min(rowid) FROM artifact_consumptions
      GROUP BY artifact_id, consumer, run_id IS NULL, ifnull(run_id, ''), consumed_at)`,
  );
}

function hasAll(driver: Driver, texts: readonly string[]): boolean {
  const names = namesIn(driver);
  return texts.every((text) => names.has(nameOf(text)));
}

function namesIn(driver: Driver): Set<string> {
  return new Set(readTexts(driver, 'SELECT name FROM sqlite_master'));
}

/** What a statement creates. */
function nameOf(text: string): string {
  return /IF NOT EXISTS (\w+)/.exec(text)?.[1] ?? '';
}
