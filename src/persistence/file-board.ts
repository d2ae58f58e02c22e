import { ClosedError, ConflictError, ReadOnlyError } from '../core/errors.ts';
import { checkFoldedIn, type BoardFiles } from './file-checks.ts';
import { endOf, readBoard, readLog, readOn, type BoardContent, type LogContent, type ReadLog } from './file-content.ts';
import { fileFailure, nullIfAbsent } from './file-failure.ts';
import type { FileLock } from './file-lock.ts';
import { FileLog } from './file-log.ts';
import { writeSnapshot } from './file-snapshot.ts';
import { folderOf, makeFolder, removeFile, replaceFile, stateOf, syncFolder } from './files.ts';
import type { FileState } from './files.ts';
import type { Durability, OpenMedium, Snapshot, SnapshotMark, StoredBoard, WorkOptions } from './medium.ts';
import { ignore, removeStale, temporaryBeside } from './file-temporary.ts';
import { watchPieces } from './file-progress.ts';

/** What a board file is opened with. */
export interface BoardFileOptions {
  readonly files: BoardFiles;
  readonly mode: number;
  readonly readOnly: boolean;
  /** Of the board file as it is now; null when there is none. */
  readonly fingerprint: string | null;
  /** Null when it is only read, and while its folder does not exist. */
  readonly lock: FileLock | null;
  readonly takeLock: (action: string) => Promise<FileLock>;
}

/** A board in a file, and its log in another one beside it. */
export class BoardFile implements OpenMedium {
  readonly isShared = false;
  readonly #files: BoardFiles;
  readonly #mode: number;
  readonly #readOnly: boolean;
  /** Of the board file as this store knows it. */
  #fingerprint: string | null;
  #lock: FileLock | null = null;
  readonly #takeLock: (action: string) => Promise<FileLock>;
  /** Whether the caller has loaded or saved what is there. */
  #isKnown = false;
  #isRead = false;
  /** Null while no mark speaks of the board file, and when it is only read. */
  #log: FileLog | null = null;
  /** Whether whoever wrote last did not end well, and nothing was appended since. */
  #mayLackRecords = false;
  /** Which board was read, of a board that is only read. */
  #epoch: string | null = null;
  /** How far its log was read: a reader goes on from there while it is the same file. */
  #seen: ReadLog | null = null;
  #turn: Promise<unknown> = Promise.resolve();
  #saving: Promise<unknown> = Promise.resolve();
  #closing: Promise<void> | null = null;

  constructor({ files, mode, readOnly, fingerprint, lock, takeLock }: BoardFileOptions) {
    this.#keep(lock);
    this.#takeLock = takeLock;
    this.#files = files;
    this.#mode = mode;
    this.#readOnly = readOnly;
    this.#fingerprint = fingerprint;
  }

  async load(options: WorkOptions = {}): Promise<StoredBoard | null> {
    return this.#carryOut('load', options.signal, (action) =>
      this.#inTurn(async () => {
        const board = await this.#load(action, options);
        this.#isKnown = true;
        return board;
      }),
    );
  }

  async recordsFrom(number: number): Promise<readonly Uint8Array[] | null> {
    return this.#carryOut('read', undefined, (action) => this.#inTurn(() => this.#recordsFrom(number, action)));
  }

  async append(number: number, record: Uint8Array, durability: Durability): Promise<boolean> {
    return this.#carryOut('append to', undefined, (action) => {
      this.#checkMayWrite(action);
      return this.#inTurn(async () => {
        if (!this.#isRead) await this.#load(action, {});
        const log = await this.#ownLog(action);
        if (log === null || number !== log.last + 1) return false;
        await log.append(record, durability);
        this.#mayLackRecords = false;
        return true;
      });
    });
  }

  async save(snapshot: Snapshot, options: WorkOptions = {}): Promise<boolean> {
    return this.#carryOut('save', options.signal, (action) => {
      this.#checkMayWrite(action);
      const saving = this.#save(snapshot, action, options);
      this.#saving = saving.catch(ignore);
      return saving;
    });
  }

  async sync(): Promise<void> {
    return this.#carryOut('flush', undefined, (action) =>
      this.#inTurn(async () => (await this.#ownLog(action))?.flush()),
    );
  }

  watch(): void {
    // Nobody else writes, and processes end without a last word.
  }

  async orphans(): Promise<ReadonlyMap<string, Uint8Array>> {
    return this.#carryOut('read', undefined, async () => new Map());
  }

  async dropOrphans(): Promise<void> {
    return this.#carryOut('write', undefined, () => Promise.resolve());
  }

  async close(): Promise<void> {
    this.#closing ??= this.#saving.then(() => this.#inTurn(() => this.#letGo()));
    await this.#closing.catch((error: unknown) => {
      // It can be tried again, and until then the store goes on.
      this.#closing = null;
      throw fileFailure(this.#action('close'), error);
    });
  }

  async #letGo(): Promise<void> {
    const endsWell = await this.#endsWell();
    try {
      await this.#log?.close();
    } finally {
      await (endsWell ? this.#lock?.release() : this.#lock?.abandon());
    }
  }

  /** Whether all that was appended is on the disk, and nothing was lost before. */
  async #endsWell(): Promise<boolean> {
    try {
      await (await this.#ownLog('close the board'))?.flush();
      return !this.#mayLackRecords;
    } catch {
      // A store that cannot be closed well was told so as it flushed; whoever comes next learns it from the lock.
      return false;
    }
  }

  async #load(action: string, options: WorkOptions): Promise<StoredBoard | null> {
    const report = watchPieces('load', options);
    // The folder may be there by now, and in it somebody else's board.
    if (!this.#readOnly && this.#lock === null) this.#keep(await this.#takeLock(action).catch(nullIfAbsent));
    const found = await readBoard({
      files: this.#files,
      action,
      readLog: () => this.#readLog(action),
      onPiece: (_, done, total) => report(done, total),
    });
    this.#fingerprint = found?.file.state.fingerprint ?? null;
    this.#epoch = found?.mark?.epoch ?? null;
    this.#isRead = true;
    if (this.#readOnly) this.#seen = found?.log && found.mark ? endOf(found.log) : null;
    else await this.#follow(found);
    if (found === null) return null;
    const { file, log, mark } = found;
    const records = mark === null || log === null ? [] : recordsIn(log, mark.number + 1);
    const isTorn = log?.split.isTorn === true && !this.#readOnly;
    report(file.bytes.length, file.bytes.length, true);
    return {
      bytes: file.bytes,
      mark,
      records,
      recovered: isTorn ? 'torn-tail' : null,
      tornBytes: log?.split.isTorn === true ? log.bytes.length - log.split.length : undefined,
      mayLackRecords: isTorn || this.#mayLackRecords,
      isForeign: log !== null && mark === null,
    };
  }

  /** The log on the disk is the truth, also for a writer: its last append may have failed. */
  async #readLog(action: string): Promise<LogContent | null> {
    const log = await this.#ownLog(action);
    return log === null ? readLog(this.#files.log) : log.content();
  }

  /** @throws LockedError when somebody else may write to it */
  async #ownLog(action: string): Promise<FileLog | null> {
    if (this.#log === null) return null;
    await this.#lock?.verify(action);
    await this.#log.settle();
    return this.#log;
  }

  async #follow(found: BoardContent | null): Promise<void> {
    await this.#log?.close();
    this.#log =
      found?.log && found.mark ? FileLog.found(this.#files.log, found.log, found.mark, found.file.state) : null;
  }

  async #recordsFrom(number: number, action: string): Promise<readonly Uint8Array[] | null> {
    const later = this.#seen?.last === number - 1 ? await readOn(this.#files.log, this.#seen) : null;
    if (later !== null) {
      this.#seen = later.seen;
      return later.records;
    }
    const log = await this.#readLog(action);
    if (log === null) return null;
    const { marks, last } = log.split;
    const isHere = this.#epoch === null || marks.some(({ epoch }) => epoch === this.#epoch);
    const start = this.#log?.mark.number ?? marks[0].number;
    if (!isHere || number <= start || number > last + 1) return null;
    if (this.#readOnly) this.#seen = endOf(log);
    return recordsIn(log, number);
  }

  async #save(snapshot: Snapshot, action: string, options: WorkOptions): Promise<boolean> {
    options.signal?.throwIfAborted();
    await this.#hold(action);
    const last = await this.#checkUnchanged(action);
    if (!(await this.#inTurn(() => this.#isNext(snapshot.mark, action)))) return false;
    const temporary = temporaryBeside(this.#files.board);
    const report = watchPieces('save', options);
    try {
      const written = await writeSnapshot(temporary, snapshot, last, this.#mode, report);
      await this.#inTurn(async () => {
        options.signal?.throwIfAborted();
        await this.#hold(action);
        await this.#checkUnchanged(action);
        await this.#switchTo(await this.#ownLog(action), snapshot.mark, temporary, written);
      });
      await removeStale(this.#files.board, written).catch(ignore);
    } catch (error) {
      await removeFile(temporary).catch(ignore);
      throw error;
    }
    report(snapshot.bytes.length, snapshot.bytes.length, true);
    return true;
  }

  /** Whether the snapshot comes after the one that is there. */
  async #isNext({ epoch, number }: SnapshotMark, action: string): Promise<boolean> {
    if (!this.#isRead) await this.#load(action, {});
    const log = await this.#ownLog(action);
    if (log === null) return this.#isKnown || this.#fingerprint === null;
    const { mark, last } = log;
    return number >= mark.number && number <= last && (this.#isKnown || (number > 0 && epoch === mark.epoch));
  }

  /**
   * Puts the snapshot in the place of the last one. A log that follows the last one says beforehand that this one may be next,
   * so that at every moment the log speaks of whichever is there.
   */
  async #switchTo(own: FileLog | null, mark: SnapshotMark, temporary: string, written: FileState): Promise<void> {
    const { board, log } = this.#files;
    await own?.announce(mark);
    await replaceFile(board, temporary);
    this.#fingerprint = written.fingerprint;
    own?.follow(mark);
    await syncFolder(folderOf(board));
    if (own === null) this.#log = await FileLog.create(log, mark, written);
    else await own.shorten();
    this.#isKnown = true;
    this.#isRead = true;
  }

  /** @throws LockedError when the lock is not ours */
  async #hold(action: string): Promise<void> {
    let lock = this.#lock;
    if (lock === null) {
      await makeFolder(folderOf(this.#files.board));
      lock = this.#keep(await this.#takeLock(action));
    }
    await lock.verify(action);
  }

  #keep<L extends FileLock | null>(lock: L): L {
    this.#lock = lock;
    this.#mayLackRecords = lock?.isTakenOver === true;
    return lock;
  }

  async #checkUnchanged(action: string): Promise<FileState | null> {
    const state = await stateOf(this.#files.board);
    const fingerprint = state?.fingerprint ?? null;
    if (fingerprint !== this.#fingerprint) {
      const change = state === null ? 'was removed' : this.#fingerprint === null ? 'appeared' : 'was changed';
      throw new ConflictError(`Cannot ${action}: the file ${change} since it was loaded, and is left as it is`);
    }
    await checkFoldedIn(this.#files.board, action);
    return state;
  }

  #checkMayWrite(action: string): void {
    if (this.#readOnly) throw new ReadOnlyError(`Cannot ${action}: it was opened with readOnly: true`);
  }

  async #carryOut<T>(verb: string, signal: AbortSignal | undefined, work: (action: string) => Promise<T>): Promise<T> {
    const action = this.#action(verb);
    if (this.#closing !== null) throw new ClosedError(`Cannot ${action}: its file was closed`);
    try {
      return await work(action);
    } catch (error) {
      if (signal?.aborted === true && error === signal.reason) throw error;
      throw fileFailure(action, error);
    }
  }

  #action(verb: string): string {
    return `${verb} the board ${JSON.stringify(this.#files.name)}`;
  }

  /** What reads or changes the log, or switches to a snapshot, does so alone. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(ignore);
    return result;
  }
}

function recordsIn({ bytes, split }: LogContent, number: number): Uint8Array[] {
  return split.records.filter((record) => record.number >= number).map(({ start, end }) => bytes.subarray(start, end));
}
