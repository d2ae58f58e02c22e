import { canonicalId } from '../core/checks.ts';
import { parseExactJson } from '../core/exact-json.ts';
import { formatInstant, parseInstant } from '../core/time.ts';
import { uuidAt } from '../core/uuid.ts';
import { statement, type Driver, type SqlValue } from './driver.ts';
import { readNumber } from './read-column.ts';

/** What was written by somebody else and is now as we write it. */
export interface RenewedRows {
  readonly artifacts: number;
  readonly consumptions: number;
  /** Consumptions that turned out to be one that was there before, and went. */
  readonly merged: number;
}

/** True when somebody else wrote rows: they have no sequence. */
export function hasStaleRows(driver: Driver): boolean {
  return ['artifacts', 'artifact_consumptions'].some(
    (table) => driver.all(statement(`SELECT 1 FROM ${table} WHERE sequence IS NULL LIMIT 1`)).length > 0,
  );
}

/**
 * Brings rows without a sequence into our form: times in UTC at fixed width, ids in lower case, tags in their table; then
 * numbers them in the board's order, on from the last number. What cannot be read stays as it is, for the reader to
 * report. To be called inside a transaction.
 */
export function renewRows(driver: Driver): RenewedRows {
  foldIds(driver);
  dropStaleTags(driver);
  for (const rowid of staleRowids(driver, 'artifacts')) renewArtifact(driver, rowid);
  let merged = 0;
  for (const rowid of staleRowids(driver, 'artifact_consumptions')) merged += renewConsumption(driver, rowid);
  const last = lastSequence(driver);
  const artifacts = number(driver, 'artifacts', 'created_at, artifact_id', last);
  const order = 'consumed_at, consumer, run_id, artifact_id';
  const consumptions = number(driver, 'artifact_consumptions', order, last + artifacts);
  return { artifacts, consumptions, merged };
}

/** Drops the tags of rows without a sequence, and of no row: SQLite's REPLACE calls no trigger for the row that goes. */
export function dropStaleTags(driver: Driver): void {
  driver.run(
    statement(`DELETE FROM artifact_tags WHERE NOT EXISTS (SELECT 1 FROM artifacts AS a
      WHERE a.artifact_id = artifact_tags.artifact_id AND a.sequence IS NOT NULL)`),
  );
}

/** The board's last number. */
export function lastSequence(driver: Driver): number {
  const text = `SELECT max(ifnull((SELECT sequence FROM board_state), 0), ifnull((SELECT max(sequence) FROM artifacts), 0),
    ifnull((SELECT max(sequence) FROM artifact_consumptions), 0))`;
  return readNumber(driver, text);
}

/** Begins a new epoch at a number. */
export function beginEpoch(driver: Driver, sequence: number): void {
  driver.run(
    statement(
      'INSERT OR REPLACE INTO board_state (id, epoch, sequence) VALUES (1, ?, ?)',
      uuidAt(Date.now(), 0),
      sequence,
    ),
  );
}

/** Where an id exists in both cases, they are two artifacts to the original, and none that has to go. */
function foldIds(driver: Driver): void {
  const text = 'SELECT artifact_id FROM artifacts WHERE sequence IS NULL AND artifact_id <> lower(artifact_id)';
  for (const [id = null] of driver.all(statement(text))) {
    const canonical = canonicalId(id);
    if (canonical === undefined) continue;
    driver.run(statement('UPDATE OR IGNORE artifacts SET artifact_id = ? WHERE artifact_id = ?', canonical, id));
  }
}

function renewArtifact(driver: Driver, rowid: number): void {
  const text = 'SELECT artifact_id, created_at, created_at_original, tags FROM artifacts WHERE rowid = ?';
  const [id = null, written = null, original = null, tags = null] = driver.all(statement(text, rowid))[0] ?? [];
  const ms = readInstant(written);
  const createdAt = ms === null ? written : formatInstant(ms);
  // The first text of an instant says the most about it: the original may have rewritten the one that we had rewritten.
  const kept = readInstant(original) === ms ? original : createdAt === written ? null : written;
  if (createdAt !== written || kept !== original) {
    const change = 'UPDATE artifacts SET created_at = ?, created_at_original = ? WHERE rowid = ?';
    driver.run(statement(change, createdAt, kept, rowid));
  }
  for (const tag of readTags(tags)) {
    const add = 'INSERT OR IGNORE INTO artifact_tags (tag, created_at, artifact_id) VALUES (?, ?, ?)';
    driver.run(statement(add, tag, createdAt, id));
  }
}

/** Returns how many consumptions went, because they are one with another. */
function renewConsumption(driver: Driver, rowid: number): number {
  const text = `SELECT artifact_id, consumed_at FROM artifact_consumptions WHERE rowid = ?`;
  const [row] = driver.all(statement(text, rowid));
  if (row === undefined) return 0;
  const [id = null, written = null] = row;
  const canonical = canonicalId(id) ?? id;
  const artifactId = canonical === id || hasArtifact(driver, id) ? id : canonical;
  const consumedAt = parseInstant(String(written))?.text ?? written;
  if (artifactId === id && consumedAt === written) return 0;
  const change = statement(
    'UPDATE OR IGNORE artifact_consumptions SET artifact_id = ?, consumed_at = ? WHERE rowid = ?',
    ...[artifactId, consumedAt, rowid],
  );
  if (driver.run(change) > 0) return 0;
  // Compared in the database: names that are read begin with no U+FEFF.
  const same = `SELECT same.rowid, same.sequence FROM artifact_consumptions AS same, artifact_consumptions AS one
    WHERE one.rowid = ? AND same.artifact_id = ? AND same.consumed_at = ?
      AND same.consumer = one.consumer AND same.run_id IS one.run_id`;
  const [found] = driver.all(statement(same, rowid, artifactId, consumedAt));
  // Then it is a constraint or a trigger of somebody else's that will not have it so.
  if (found === undefined) return 0;
  const [other = null, sequence = null] = found;
  const isLater = sequence !== null || Number(other) < rowid;
  driver.run(statement('DELETE FROM artifact_consumptions WHERE rowid = ?', isLater ? rowid : other));
  // Nothing, when it is this row that is gone.
  driver.run(change);
  return 1;
}

function number(driver: Driver, table: string, order: string, last: number): number {
  const text = `UPDATE ${table} SET sequence = ? + place FROM (
      SELECT rowid AS numbered, row_number() OVER (ORDER BY ${order}) AS place FROM ${table} WHERE sequence IS NULL)
    WHERE ${table}.rowid = numbered`;
  return driver.run(statement(text, last));
}

function staleRowids(driver: Driver, table: string): number[] {
  return driver
    .all(statement(`SELECT rowid FROM ${table} WHERE sequence IS NULL ORDER BY rowid`))
    .map(([id]) => Number(id));
}

function hasArtifact(driver: Driver, id: SqlValue): boolean {
  return driver.all(statement('SELECT 1 FROM artifacts WHERE artifact_id = ?', id)).length > 0;
}

function readInstant(cell: SqlValue): number | null {
  return parseInstant(String(cell))?.ms ?? null;
}

/** None when they cannot be read, as the whole row then. */
function readTags(cell: SqlValue): string[] {
  try {
    const tags = parseExactJson(String(cell));
    return Array.isArray(tags) && tags.every((tag) => typeof tag === 'string') ? tags : [];
  } catch {
    return [];
  }
}
