import { callback, check, fields, signal } from '../core/checks.ts';
import { type BlackboardError, CorruptError, NewerFormatError, NotABoardError, NotFoundError } from '../core/errors.ts';
import { quote } from '../core/text.ts';
import { unlessAborted } from '../core/unless-aborted.ts';
import { BoardLog, type LoadedBoard } from '../persistence/board-log.ts';
import type { Medium, OpenMedium, WorkOptions } from '../persistence/medium.ts';
import type { Driver } from '../sql/driver.ts';
import { identifyBoard } from '../sql/identify-board.ts';
import { migrateBoard } from '../sql/migrate.ts';
import { missingParts } from '../sql/migrate-tables.ts';
import { hasStaleRows } from '../sql/renew-rows.ts';
import { renewBoard } from '../sql/renew.ts';
import {
  checkDerived,
  checkIntegrity,
  checkOrphans,
  checkRows,
  countAgents,
  fault,
  note,
  type Finding,
} from '../sql/verify.ts';
import { applyEntry } from './build-board.ts';
import { loadEngine } from './load-engine.ts';
import { medium, wasm } from './options.ts';
import { SqliteBoard } from './sqlite-board.ts';
import { guarded } from './store-event.ts';
import { SqlJsDriver } from './sqljs-driver.ts';
import type { WasmSource } from './wasm-source.ts';

export type { Finding } from '../sql/verify.ts';

/** What is looked at, and how. */
export interface VerifyOptions extends WorkOptions {
  readonly medium: Medium;
  /** As for `openSqliteStore`. */
  readonly wasm?: WasmSource | undefined;
}

/** What was found on a medium. */
export interface BoardReport {
  /** Faults and notes, in the order in which they were found. The board is sound when no fault is among them. */
  readonly findings: readonly Finding[];
  /** Null when the board could not be read as far as that. */
  readonly counts: {
    readonly artifacts: number;
    readonly consumptions: number;
    readonly agents: number;
    readonly sequence: number;
    /** Records of the log that come after the snapshot. */
    readonly logRecords: number;
  } | null;
}

const optionsSchema = fields({
  medium,
  wasm,
  onProgress: callback<NonNullable<WorkOptions['onProgress']>>(),
  signal,
});

/**
 * Looks through a board without writing anything, and without the repairs that opening it makes: whether the bytes are those
 * that were saved, the chain and checksums of the log, SQLite's integrity check, missing tables, indexes and triggers, rows
 * that cannot be read exactly, consumptions without an artifact, and whether what is derived fits.
 *
 * @throws InvalidArgumentError for options that do not exist or make no sense
 * @throws NotFoundError when there is no board, and what keeps a medium from being read at all; damage is a finding
 */
export async function verifyBoard(options: VerifyOptions): Promise<BoardReport> {
  const { medium, wasm, onProgress, signal } = check(optionsSchema, options, 'verify a board', 'options');
  const work = { signal, onProgress: onProgress && guarded(onProgress) };
  signal?.throwIfAborted();
  const engine = await unlessAborted(loadEngine(wasm.source), signal);
  const action = `verify the board ${quote(medium.name)}`;
  const findings: Finding[] = [];
  const opened = await medium.open({ readOnly: true, signal: work.signal });
  let driver: SqlJsDriver | null = null;
  try {
    const loaded = await loadAtRest(opened, work);
    if (loaded === null) throw new NotFoundError(`Cannot ${action}: there is none`);
    findings.push(...checkLoaded(loaded));
    driver = new SqlJsDriver(engine, loaded.bytes);
    findings.push(...checkIntegrity(driver), ...checkForm(driver, action));
    replay(driver, loaded);
    findings.push(...checkRows(driver), ...checkOrphans(driver), ...checkDerived(driver));
    return { findings, counts: countsOf(driver, loaded) };
  } catch (error) {
    if (!isDamage(error)) throw error;
    findings.push(fault(error.message), note('what comes after that could not be looked at'));
    return { findings, counts: null };
  } finally {
    driver?.close();
    await opened.close();
  }
}

const ATTEMPTS = 10;
const PAUSE_MS = 50;

/** A record that is not whole may be one that somebody is writing now. */
async function loadAtRest(opened: OpenMedium, work: WorkOptions): Promise<LoadedBoard | null> {
  for (let attempt = 1; ; attempt++) {
    const loaded = await new BoardLog(opened).load(work);
    if (attempt === ATTEMPTS || loaded === null || !isTorn(loaded)) return loaded;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    work.signal?.throwIfAborted();
  }
}

function isTorn({ recovered, tornBytes = 0 }: LoadedBoard): boolean {
  return recovered === 'torn-tail' || tornBytes > 0;
}

function checkLoaded(loaded: LoadedBoard): Finding[] {
  const { isForeign, recovered, tornBytes } = loaded;
  const findings: Finding[] = [];
  if (isForeign) {
    findings.push(
      fault('the bytes are not those that were saved last: another program changed them, or they are damaged'),
    );
  }
  if (recovered === 'earlier-generation') {
    findings.push(
      fault(
        'the last snapshot is damaged: what is looked at, and opened, is the one before it with the log after that',
      ),
    );
  }
  if (isTorn(loaded)) {
    const bytes = tornBytes === undefined ? 'bytes' : `${String(tornBytes)} bytes`;
    findings.push(
      fault(
        `the last ${bytes} of the log are no whole record: a crash in mid-write left them, or they are ` +
          `damaged; the next writer drops them`,
      ),
    );
  }
  return findings;
}

/** What the database is, and what it lacks; then it is made whole in memory, so that its rows can be looked at. */
function checkForm(driver: SqlJsDriver, action: string): Finding[] {
  const identity = identifyBoard(driver, action);
  if (identity === 'empty') throw new NotABoardError(`Cannot ${action}: it is an empty SQLite database`);
  if (identity === 'original') {
    const { originalVersion } = migrateBoard(driver);
    return [note(`it is a board of the original, version ${String(originalVersion)}; opening it to write migrates it`)];
  }
  const missing = missingParts(driver).map((part) => fault(`${part} is missing; opening it to write makes it anew`));
  const isStale = missing.length === 0 && hasStaleRows(driver);
  renewBoard(driver);
  return isStale
    ? [note('another program wrote rows since it was saved; opening it to write takes them over')]
    : missing;
}

function replay(driver: Driver, { entries }: LoadedBoard): void {
  const board = new SqliteBoard(driver, () => undefined);
  for (const entry of entries) applyEntry(entry, board);
}

function countsOf(driver: Driver, { entries }: LoadedBoard): BoardReport['counts'] {
  const board = new SqliteBoard(driver, () => undefined);
  const { artifacts, consumptions } = board.size();
  const { sequence } = board;
  return { artifacts, consumptions, agents: countAgents(driver), sequence, logRecords: entries.length };
}

function isDamage(error: unknown): error is BlackboardError {
  return error instanceof CorruptError || error instanceof NotABoardError || error instanceof NewerFormatError;
}
