import { CorruptError, NotABoardError } from '../core/errors.ts';
import { quote } from '../core/text.ts';
import { uuidAt } from '../core/uuid.ts';
import type { Entry, LoadedBoard } from '../persistence/board-log.ts';
import type { WorkOptions } from '../persistence/medium.ts';
import { identifyBoard } from '../sql/identify-board.ts';
import { migrateBoard } from '../sql/migrate.ts';
import { hasAllParts } from '../sql/migrate-tables.ts';
import { readTexts } from '../sql/read-column.ts';
import { adoptBoard, renewBoard } from '../sql/renew.ts';
import { dropStaleTags } from '../sql/renew-rows.ts';
import { createBoardScript } from '../sql/schema.ts';
import { startState } from '../sql/statements.ts';
import type { SqlJs } from './load-engine.ts';
import { decodeRecord } from './log-record.ts';
import { SqliteBoard } from './sqlite-board.ts';
import { SqlJsDriver } from './sqljs-driver.ts';
import type { StoreEvent } from './store-event.ts';

/** A board in memory, and the database that holds it. */
export interface BuiltBoard {
  readonly driver: SqlJsDriver;
  readonly board: SqliteBoard;
  /** Whether it holds what the medium does not: a migration, a renewal, or the board itself, which is new. */
  readonly isUnsaved: boolean;
  /** Whether it may have gone on from here: it is as it once was saved, and the log that followed is not there. */
  readonly lacksLog: boolean;
}

/** Builds the board that is on a medium; with null, a new one. */
export type BuildBoard = (loaded: LoadedBoard | null, work: WorkOptions) => Promise<BuiltBoard>;

/** What a board is built with. */
export interface Building {
  readonly engine: SqlJs;
  /** What is being done, for the messages: `open the board "x.db"`. */
  readonly action: string;
  readonly onEvent: (event: StoreEvent) => void;
}

export async function buildBoard(
  { engine, action, onEvent }: Building,
  loaded: LoadedBoard | null,
  work: WorkOptions,
): Promise<BuiltBoard> {
  if (loaded !== null) checkHeader(loaded.bytes, action);
  const driver = readDatabase(action, () => new SqlJsDriver(engine, loaded?.bytes));
  try {
    const origin = loaded === null ? createBoard(driver) : takeOver(driver, loaded, action, onEvent);
    const board = new SqliteBoard(driver, (error) => onEvent({ type: 'unreadable', error }));
    await replay(board, loaded?.entries ?? [], work);
    return { driver, board, ...origin };
  } catch (error) {
    driver.close();
    throw error;
  }
}

type Origin = Pick<BuiltBoard, 'isUnsaved' | 'lacksLog'>;

function createBoard(driver: SqlJsDriver): Origin {
  driver.script(createBoardScript());
  driver.run(startState(uuidAt(Date.now(), 0)));
  return { isUnsaved: true, lacksLog: false };
}

/** Makes the database a board of ours. Without a mark it counts as unsaved: nothing says that it is as it was saved. */
function takeOver(
  driver: SqlJsDriver,
  { mark, isForeign }: LoadedBoard,
  action: string,
  onEvent: (event: StoreEvent) => void,
): Origin {
  if (mark === null) checkIntegrity(driver, action);
  const identity = identifyBoard(driver, action);
  if (identity === 'empty') throw new NotABoardError(`Cannot ${action}: it is an empty SQLite database`);
  if (identity === 'original') {
    onEvent({ type: 'migrated', migration: migrateBoard(driver) });
    return { isUnsaved: true, lacksLog: false };
  }
  const isUnmarked = mark === null;
  const renewed = isForeign || (isUnmarked && !hasAllParts(driver)) ? adoptBoard(driver) : renewBoard(driver);
  // Where no snapshot was marked, rows can have gone without a trace; renewing looks for that as well.
  if (isUnmarked && renewed === null) dropStaleTags(driver);
  if (renewed !== null) onEvent({ type: 'foreign-change', renewed });
  // Without a mark, whatever is renewed is so in a new epoch.
  return { isUnsaved: renewed !== null || isUnmarked, lacksLog: isUnmarked && renewed === null };
}

/** How long records are applied before others get a turn, in milliseconds. */
const SLICE = 40;

async function replay(board: SqliteBoard, entries: readonly Entry[], work: WorkOptions): Promise<void> {
  const total = entries.length;
  let start = performance.now();
  for (const [done, entry] of entries.entries()) {
    if (performance.now() - start > SLICE) {
      work.onProgress?.({ phase: 'replay', done, total });
      await new Promise((resolve) => setTimeout(resolve));
      work.signal?.throwIfAborted();
      start = performance.now();
    }
    applyEntry(entry, board);
  }
  if (total > 0) work.onProgress?.({ phase: 'replay', done: total, total });
}

/** @throws CorruptError or NewerFormatError when the entry is nothing that can be applied */
export function applyEntry({ number, payload }: Entry, board: SqliteBoard): void {
  const { facts, notes } = decodeRecord(payload, `record ${String(number)} of the log`);
  board.apply(facts, notes);
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
  const problems = readDatabase(action, () => readTexts(driver, 'PRAGMA integrity_check(5)')).join('; ');
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
