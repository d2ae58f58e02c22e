import { statement, type Driver } from './driver.ts';
import { completeIndexes, completeTables, hasAllParts, isWatched } from './migrate-tables.ts';
import { beginEpoch, hasStaleRows, lastSequence, renewRows } from './renew-rows.ts';
import type { RenewedRows } from './renew-rows.ts';

/**
 * Finds what somebody else did to a board since our last opening and makes it right again, in one transaction: rows without
 * a number get their place in a new epoch, missing tables, columns, indexes and triggers come back. Cheap when there is
 * nothing to do, and then null.
 */
export function renewBoard(driver: Driver): RenewedRows | null {
  const hasParts = hasAllParts(driver);
  if (hasParts && !hasStaleRows(driver) && hasState(driver)) return null;
  return driver.transaction(() => renewInTransaction(driver));
}

/** Makes a board right that somebody else changed: the same, and a new epoch begins although there may be nothing to renew. */
export function adoptBoard(driver: Driver): RenewedRows {
  return driver.transaction(() => {
    const rows = renewInTransaction(driver);
    beginEpoch(driver, lastSequence(driver));
    return rows;
  });
}

export function renewInTransaction(driver: Driver): RenewedRows {
  const wasWatched = isWatched(driver);
  completeTables(driver);
  if (!wasWatched) driver.script('UPDATE artifacts SET sequence = NULL WHERE sequence IS NOT NULL');
  const rows = renewRows(driver);
  completeIndexes(driver);
  if (rows.artifacts + rows.consumptions + rows.merged > 0 || !hasState(driver))
    beginEpoch(driver, lastSequence(driver));
  return rows;
}

function hasState(driver: Driver): boolean {
  return driver.all(statement('SELECT 1 FROM board_state')).length > 0;
}
