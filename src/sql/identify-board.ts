import { CorruptError, NewerFormatError, NotABoardError, UnsupportedError } from '../core/errors.ts';
import { quote } from '../core/text.ts';
import type { Driver } from './driver.ts';
import { readNumber, readTexts } from './read-column.ts';
import { APPLICATION_ID, BOARD_VERSION } from './schema.ts';

/**
 * What a database is: `empty` when there is nothing in it, `ours` when it has all that our version adds, `original` when it
 * has the original's tables, of whatever version, and is to be migrated.
 */
export type BoardIdentity = 'empty' | 'original' | 'ours';

/** The original's columns that every version of its tables has. */
const COLUMNS: Readonly<Record<string, readonly string[]>> = {
  schema_meta: ['id', 'version'],
  artifacts: [
    ...['artifact_id', 'type', 'canonical_type', 'produced_by', 'payload', 'version', 'visibility', 'tags'],
    ...['correlation_id', 'partition_key', 'created_at'],
  ],
  artifact_consumptions: ['artifact_id', 'consumer', 'run_id', 'correlation_id', 'consumed_at'],
  agent_snapshots: [
    ...['agent_name', 'description', 'subscriptions', 'output_types', 'labels'],
    ...['first_seen', 'last_seen', 'signature'],
  ],
};

/**
 * Tells what a database is, without changing it.
 *
 * @param action what is being done, for the messages: `open the board "x.db"`
 * @throws NewerFormatError when a newer version of the library wrote it
 * @throws NotABoardError when it is a database of some other kind
 * @throws CorruptError when it is marked as ours and has lost a table
 * @throws UnsupportedError when it is a board in UTF-16, whose texts have another order and other bytes
 */
export function identifyBoard(driver: Driver, action = 'open the board'): BoardIdentity {
  const applicationId = readNumber(driver, 'PRAGMA application_id');
  const version = readNumber(driver, 'PRAGMA user_version');
  const objects = readTexts(driver, 'SELECT name FROM sqlite_master');
  const isOurs = applicationId === APPLICATION_ID;
  const problem = findProblem(driver);
  if (version > BOARD_VERSION && (isOurs || problem === null || objects.length === 0)) {
    throw new NewerFormatError(
      `Cannot ${action}: it has version ${String(version)} of the format, and this library knows versions up to ${String(BOARD_VERSION)}`,
    );
  }
  if (applicationId !== 0 && !isOurs) {
    throw new NotABoardError(
      `Cannot ${action}: it is a SQLite database of another program (application_id ${quote(hex(applicationId))})`,
    );
  }
  if (problem === null) {
    const [encoding] = readTexts(driver, 'PRAGMA encoding');
    if (encoding !== 'UTF-8') {
      throw new UnsupportedError(
        `Cannot ${action}: it keeps text as ${quote(encoding)}, and a board has to keep it as "UTF-8"`,
      );
    }
    return isOurs && version > 0 ? 'ours' : 'original';
  }
  if (isOurs) throw new CorruptError(`Cannot ${action}: it is marked as a board, but ${problem}`);
  if (objects.length === 0) return 'empty';
  throw new NotABoardError(`Cannot ${action}: it is a SQLite database, but not a board: ${problem}`);
}

/**
 * What keeps a database from being a board, or null. The original creates its tables one by one, `schema_meta` first, so a
 * board may lack the later ones; what is there has to be right.
 */
function findProblem(driver: Driver): string | null {
  const found = Object.keys(COLUMNS).filter((table) => columnsOf(driver, table).length > 0);
  if (!found.includes('schema_meta') && !found.includes('artifacts')) return 'it has no table "artifacts"';
  for (const table of found) {
    const columns = columnsOf(driver, table);
    const missing = COLUMNS[table]?.find((column) => !columns.includes(column));
    if (missing !== undefined) return `its table ${quote(table)} has no column ${quote(missing)}`;
  }
  return null;
}

/** The names of a table's columns; empty for what is no table. */
export function columnsOf(driver: Driver, table: string): string[] {
  const text = `SELECT c.name FROM sqlite_master AS t, pragma_table_info(t.name) AS c WHERE t.type = 'table' AND t.name = ?`;
  return readTexts(driver, text, table);
}

function hex(id: number): string {
  return `0x${(id >>> 0).toString(16).padStart(8, '0')}`;
}
