import type { Driver } from './driver.ts';
import { columnsOf } from './identify-board.ts';
import { readNumber } from './read-column.ts';
import { beginEpoch, lastSequence } from './renew-rows.ts';
import type { RenewedRows } from './renew-rows.ts';
import { renewInTransaction } from './renew.ts';
import { APPLICATION_ID, BOARD_VERSION } from './schema.ts';

/** What a migration found and brought into our form. */
export interface Migration extends RenewedRows {
  readonly agents: number;
  /** The version in the original's `schema_meta`, which stays. */
  readonly originalVersion: number;
}

/**
 * Makes a board of the original ours, in one transaction: adds what we add, keeps everything else, whatever its version.
 * Done again, it changes nothing.
 */
export function migrateBoard(driver: Driver): Migration {
  return driver.transaction(() => {
    const wasOurs = columnsOf(driver, 'board_state').length > 0;
    const rows = renewInTransaction(driver);
    const agents = readNumber(driver, 'SELECT count(*) FROM agent_snapshots');
    // The original's agent snapshots were writes too; their rows keep no number.
    if (!wasOurs) beginEpoch(driver, lastSequence(driver) + agents);
    driver.script(`PRAGMA application_id = ${String(APPLICATION_ID)}; PRAGMA user_version = ${String(BOARD_VERSION)}`);
    return { ...rows, agents, originalVersion: readNumber(driver, 'SELECT version FROM schema_meta') };
  });
}
