import { Calls } from '../core/calls.ts';
import { NotFoundError, StorageDeniedError, UnsupportedError } from '../core/errors.ts';
import { quote } from '../core/text.ts';
import { unlessAborted } from '../core/unless-aborted.ts';
import { BoardLog } from '../persistence/board-log.ts';
import type { Medium, OpenMedium } from '../persistence/medium.ts';
import { buildBoard, type BuildBoard } from './build-board.ts';
import { loadEngine } from './load-engine.ts';
import { LoggedStore } from './logged-store.ts';
import { ToldOperations } from './operation.ts';
import { checkSqliteOptions, type CheckedSqliteOptions, type SqliteStoreOptions } from './options.ts';
import { Replica } from './replica.ts';
import { SqlJsStore } from './sqljs-store.ts';
import { guarded, type OnEvent } from './store-event.ts';
import type { SqliteStore } from './store.ts';

export type { SqliteStore } from './store.ts';

/**
 * Opens a board on SQLite: the one on the medium, a new one where there is none, or, without a medium, a new one in memory.
 * A board of the original is migrated, in one transaction. The board is held in memory. On a medium, a write resolves once
 * its record is in the log there, as durable as `durability` says, and no read sees it before.
 *
 * @throws InvalidArgumentError for options that do not exist or make no sense
 * @throws NotFoundError when `readOnly` finds nothing on the medium
 * @throws UnsupportedError for `durability` or `readOnly` without a medium, or with a `-wal` or `-journal` beside the file
 * @throws LockedError when another store has the board file open for writing, or IndexedDB does not answer in time
 * @throws NotABoardError, NewerFormatError or CorruptError when the medium holds something else; it is left as it is
 * @throws StorageDeniedError when the medium may not be used, unless `fallback: 'memory'` is given to one who writes
 * @throws QuotaError, StorageLostError or ConflictError when the medium is full, fails, or never comes to rest
 * @throws WasmUnavailableError when the engine cannot be loaded
 */
export async function openSqliteStore(options?: SqliteStoreOptions): Promise<SqliteStore> {
  const checked = checkSqliteOptions(options);
  const { medium, durability, signal } = checked;
  if (durability !== undefined && medium === undefined) {
    throw new UnsupportedError(
      `Cannot open store with durability "${durability}": without a medium nothing is durable`,
    );
  }
  if (checked.readOnly === true && medium === undefined) {
    throw new UnsupportedError('Cannot open store with readOnly: true: without a medium there is nothing to read');
  }
  const onEvent: OnEvent = guarded(checked.onEvent);
  signal?.throwIfAborted();
  const engine = await unlessAborted(loadEngine(checked.wasm.source), signal);
  const action = `open the board ${quote(medium?.name ?? '')}`;
  const build: BuildBoard = (loaded, work) => buildBoard({ engine, action, onEvent }, loaded, work);
  const opened = medium === undefined ? null : await openMedium(medium, checked, onEvent);
  if (opened !== null) return openLogged(opened, checked, { action, build, onEvent });
  const built = await build(null, {});
  try {
    return new SqlJsStore(checked, () => built, onEvent, new Calls(undefined, new ToldOperations(checked.onOperation)));
  } catch (error) {
    built.driver.close();
    throw error;
  }
}

/** Null when the medium may not be used and the caller is content with memory. */
async function openMedium(
  medium: Medium,
  { readOnly = false, signal, fallback }: CheckedSqliteOptions,
  onEvent: OnEvent,
): Promise<OpenMedium | null> {
  try {
    return await medium.open({ readOnly, signal, onEvent });
  } catch (error) {
    // Memory would have nothing for a reader.
    if (fallback !== 'memory' || readOnly || !(error instanceof StorageDeniedError)) throw error;
    onEvent({ type: 'memory-fallback', error });
    return null;
  }
}

interface Opening {
  readonly action: string;
  readonly build: BuildBoard;
  readonly onEvent: OnEvent;
}

async function openLogged(
  medium: OpenMedium,
  { readOnly = false, durability = 'relaxed', signal, onOperation, ...options }: CheckedSqliteOptions,
  { action, build, onEvent }: Opening,
): Promise<LoggedStore> {
  let replica: Replica | null = null;
  try {
    const onProgress = options.onProgress && guarded(options.onProgress);
    const work = { onProgress, signal };
    const log = new BoardLog(medium);
    const loaded = await log.load(work);
    if (loaded === null && readOnly) {
      throw new NotFoundError(`Cannot ${action}: there is none, and readOnly: true makes none`);
    }
    const built = await build(loaded, work);
    const mayLackRecords = loaded?.mayLackRecords === true || built.lacksLog;
    const uncertainEpoch = mayLackRecords ? built.board.epoch : null;
    replica = new Replica({ log, durability, built, build, uncertainEpoch });
    if (loaded !== null && loaded.recovered !== null) onEvent({ type: 'recovered', from: loaded.recovered });
    const operations = new ToldOperations(onOperation);
    const parts = { medium, replica, durability, readOnly, onEvent, operations, onProgress };
    const store = new LoggedStore(options, parts);
    await store.begin(signal);
    return store;
  } catch (error) {
    replica?.close();
    await medium.close().catch(() => {
      // What failed first is what counts.
    });
    throw error;
  }
}
