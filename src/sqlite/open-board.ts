import { CorruptError, NotABoardError, NotFoundError } from '../core/errors.ts';
import { quote } from '../core/text.ts';
import { uuidAt } from '../core/uuid.ts';
import type { OpenMedium } from '../persistence/medium.ts';
import { identifyBoard } from '../sql/identify-board.ts';
import { migrateBoard } from '../sql/migrate.ts';
import { renewBoard } from '../sql/renew.ts';
import { createBoardScript } from '../sql/schema.ts';
import { startState } from '../sql/statements.ts';
import { loadEngine } from './load-engine.ts';
import { SqliteBoard } from './sqlite-board.ts';
import type { SqliteStoreOptions } from './options.ts';
import { SqlJsDriver } from './sqljs-driver.ts';

/** A board, ready for calls, and what holds it. */
export interface OpenBoard {
  readonly driver: SqlJsDriver;
  readonly board: SqliteBoard;
  readonly medium: OpenMedium | null;
  /** Whether the medium holds the board as it is. */
  readonly isSaved: boolean;
}

export async function openBoard(options: SqliteStoreOptions): Promise<OpenBoard> {
  const { medium, readOnly = false, signal, wasm, onEvent } = options;
  signal?.throwIfAborted();
  const engine = await loadEngine(wasm);
  const opened = (await medium?.open({ readOnly, signal })) ?? null;
  let driver: SqlJsDriver | null = null;
  try {
    const bytes = (await opened?.load()) ?? null;
    signal?.throwIfAborted();
    const action = `open the board ${quote(medium?.name ?? '')}`;
    if (bytes !== null) checkHeader(bytes, action);
    else if (opened !== null && readOnly) {
      throw new NotFoundError(`Cannot ${action}: there is none, and readOnly: true makes none`);
    }
    driver = readDatabase(action, () => new SqlJsDriver(engine, bytes ?? undefined));
    const isSaved = prepare(driver, bytes !== null, action, onEvent);
    const board = new SqliteBoard(driver, (error) => onEvent?.({ type: 'unreadable', error }));
    return { driver, board, medium: opened, isSaved };
  } catch (error) {
    driver?.close();
    await opened?.close();
    throw error;
  }
}

/** Makes the database a board of ours. Returns whether it was one already. */
function prepare(
  driver: SqlJsDriver,
  isStored: boolean,
  action: string,
  onEvent: SqliteStoreOptions['onEvent'],
): boolean {
  if (!isStored) {
    driver.script(createBoardScript());
    driver.run(startState(uuidAt(Date.now(), 0)));
    return false;
  }
  checkIntegrity(driver, action);
  const identity = identifyBoard(driver, action);
  if (identity === 'empty') throw new NotABoardError(`Cannot ${action}: it is an empty SQLite database`);
  if (identity === 'original') {
    const migration = migrateBoard(driver);
    onEvent?.({ type: 'migrated', migration });
    return false;
  }
  const renewed = renewBoard(driver);
  if (renewed !== null) onEvent?.({ type: 'foreign-change', renewed });
  return renewed === null;
}

const MAGIC = 'SQLite format 3\0';

function checkHeader(bytes: Uint8Array, action: string): void {
  if (bytes.length === 0)
    throw new NotABoardError(`Cannot ${action}: it is empty, 0 bytes; delete it to start a new board there`);
  const magic = new TextDecoder('latin1').decode(bytes.subarray(0, MAGIC.length));
  if (magic !== MAGIC) throw new NotABoardError(`Cannot ${action}: it is not a SQLite database`);
}

/** https://sqlite.org/pragma.html#pragma_integrity_check */
function checkIntegrity(driver: SqlJsDriver, action: string): void {
  const rows = readDatabase(action, () => driver.all({ text: 'PRAGMA integrity_check(5)', values: [] }));
  const problems = rows.map(([problem]) => String(problem)).join('; ');
  if (problems !== 'ok') throw new CorruptError(`Cannot ${action}: the database is damaged: ${quote(problems)}`);
}

/** What begins like a database and cannot be read is a damaged one. */
function readDatabase<T>(action: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof CorruptError || error instanceof NotABoardError)) throw error;
    throw new CorruptError(`Cannot ${action}: the database is damaged: ${error.message}`, { cause: error });
  }
}
