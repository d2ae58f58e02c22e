import { ConflictError } from '../core/errors.ts';
import { readLog, type LogContent } from './file-content.ts';
import {
  folderOf,
  openFile,
  readPieces,
  removeFile,
  replaceFile,
  stateNow,
  syncFolder,
  writeNewFile,
  writeNow,
  writePieces,
} from './files.ts';
import type { FileHandle, FileState } from './files.ts';
import type { Durability, SnapshotMark } from './medium.ts';
import { encodeMark } from './snapshot-mark.ts';
import { splitLog } from './split-log.ts';
import { ignore, temporaryBeside } from './file-temporary.ts';

/** A frame of this size is written at once: on the way to a thread and back others would wait longer for it. */
const SMALL = 1 << 16;

/**
 * A log file in the hands of the one process that writes to it. Calls do not overlap. When one of them failed, `settle` comes
 * before the next.
 */
export class FileLog {
  readonly #path: string;
  /** Whose owner and permissions the log gets. */
  readonly #like: FileState;
  /** Of the snapshot that the records follow. */
  #mark: SnapshotMark;
  /** The number before that of the first record in the file. */
  #base = 0;
  /** Where each record starts. */
  #starts: number[] = [];
  /** Where the last whole frame ends. */
  #length = 0;
  /** The file as it was left; longer than `#length` while there is a torn tail. */
  #left: Pick<FileState, 'id' | 'size'> = { id: '', size: 0 };
  #handle: FileHandle | null = null;
  #isFlushed = false;
  /** Whether the file's name would survive a power cut. */
  #isNamed = false;
  /** Whether a failure left it unknown what is on the disk. Nothing is believed then that the old descriptor says. */
  #isDoubtful = false;

  private constructor(path: string, mark: SnapshotMark, like: FileState) {
    this.#path = path;
    this.#mark = mark;
    this.#like = like;
  }

  /** A log that was found, and the one of its marks that the records follow. */
  static found(path: string, content: LogContent, mark: SnapshotMark, like: FileState): FileLog {
    const log = new FileLog(path, mark, like);
    log.#adopt(content);
    return log;
  }

  /** A new log, in place of whatever is there, which survives a power cut. */
  static async create(path: string, mark: SnapshotMark, like: FileState): Promise<FileLog> {
    const log = new FileLog(path, mark, like);
    await log.#replace(encodeMark(mark), mark.number);
    return log;
  }

  get mark(): SnapshotMark {
    return this.#mark;
  }

  /** The number of the last record. */
  get last(): number {
    return this.#base + this.#starts.length;
  }

  /** Finds out what is on the disk where a failure left that unknown. To be called before anything else is. */
  async settle(): Promise<void> {
    if (this.#isDoubtful) await this.#mend();
  }

  /** Resolves when the record is in the file and, with `strict`, on the disk. */
  async append(record: Uint8Array, durability: Durability): Promise<void> {
    const start = await this.#write(record);
    if (durability === 'strict') await this.#flush();
    this.#starts.push(start);
    this.#length += record.length;
  }

  /** Says that another snapshot may follow from now on, which holds the records up to its number. */
  async announce(mark: SnapshotMark): Promise<void> {
    const frame = encodeMark(mark);
    await this.#write(frame);
    await this.#flush();
    this.#length += frame.length;
  }

  /** Says that the announced snapshot is in place. */
  follow(mark: SnapshotMark): void {
    this.#mark = mark;
  }

  /** Drops the records that the snapshot holds. */
  async shorten(): Promise<void> {
    const handle = await this.#open();
    const from = this.#starts[this.#mark.number - this.#base] ?? this.#length;
    const head = encodeMark(this.#mark);
    const bytes = new Uint8Array(head.length + this.#length - from);
    bytes.set(head);
    const kept = bytes.subarray(head.length);
    if ((await readPieces(handle, kept, from)) !== kept.length) throw this.#changed();
    await this.#replace(bytes, this.last);
  }

  /** The log as it is on the disk. */
  async content(): Promise<LogContent> {
    const content = await readLog(this.#path);
    if (content === null) throw this.#changed();
    return content;
  }

  /** Resolves when everything appended so far is on the disk. */
  async flush(): Promise<void> {
    if (!this.#isFlushed || !this.#isNamed) await this.#flush();
  }

  async close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = null;
    await handle?.close();
  }

  /** Writes a frame at the end, where it is not part of the log yet. Returns where it starts. */
  async #write(frame: Uint8Array): Promise<number> {
    const handle = await this.#open();
    const state = stateNow(this.#path);
    if (state?.id !== this.#left.id || state.size !== this.#left.size) throw this.#changed();
    this.#isFlushed = false;
    try {
      if (state.size > this.#length) await handle.truncate(this.#length);
      if (frame.length <= SMALL) writeNow(handle, frame, this.#length);
      else await writePieces(handle, frame, this.#length);
    } catch (error) {
      await this.#cutBack(handle);
      throw error;
    }
    this.#left = { id: state.id, size: this.#length + frame.length };
    return this.#length;
  }

  async #cutBack(handle: FileHandle): Promise<void> {
    try {
      await handle.truncate(this.#length);
      this.#left = { id: this.#left.id, size: this.#length };
    } catch {
      // What failed first is what the caller hears of; the log is read again before it is used again.
      this.#isDoubtful = true;
    }
  }

  async #flush(): Promise<void> {
    const handle = await this.#open();
    try {
      await handle.datasync();
      if (!this.#isNamed) await syncFolder(folderOf(this.#path));
    } catch (error) {
      this.#isDoubtful = true;
      throw error;
    }
    this.#isFlushed = true;
    this.#isNamed = true;
  }

  async #open(): Promise<FileHandle> {
    this.#handle ??= await openFile(this.#path);
    return this.#handle;
  }

  /**
   * After a failed flush the system may hold as written what is not on the disk, and flushing again tells nothing: so what can
   * be read is written anew, to another file.
   */
  async #mend(): Promise<void> {
    const content = await readLog(this.#path);
    if (content === null || content.split.last < this.last) throw this.#changed();
    await this.#replace(content.bytes.subarray(0, content.split.length), content.split.last);
  }

  /** Puts other bytes in place of the file, which end with the record of that number. */
  async #replace(bytes: Uint8Array, last: number): Promise<void> {
    const split = splitLog(bytes, JSON.stringify(this.#path));
    if (split.last !== last) throw this.#changed();
    const temporary = temporaryBeside(this.#path);
    try {
      const state = await writeNewFile(temporary, bytes, this.#like, this.#like.mode);
      this.#isDoubtful = true;
      // Where a file that is open cannot be replaced, it must not be open.
      await this.close();
      await replaceFile(this.#path, temporary);
      await syncFolder(folderOf(this.#path));
      this.#adopt({ bytes, state, split });
      this.#isDoubtful = false;
      this.#isFlushed = true;
      this.#isNamed = true;
    } catch (error) {
      await removeFile(temporary).catch(ignore);
      throw error;
    }
  }

  #adopt({ state, split }: LogContent): void {
    this.#base = split.marks[0].number;
    this.#starts = split.records.map(({ start }) => start);
    this.#length = split.length;
    this.#left = { id: state.id, size: state.size };
  }

  #changed(): ConflictError {
    return new ConflictError(`Cannot use ${JSON.stringify(this.#path)}: somebody else wrote to it or removed it`);
  }
}
