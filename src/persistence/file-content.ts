import { ConflictError, CorruptError } from '../core/errors.ts';
import { checksumOf } from './checksum.ts';
import { checkKind, type BoardFiles } from './file-checks.ts';
import { readEnds, readFile, stateOf } from './files.ts';
import type { FileContent, FileState, PieceWatcher } from './files.ts';
import { frameSize } from './frame.ts';
import type { SnapshotMark } from './medium.ts';
import { splitFrames, splitLog, type LogPlace, type SplitLog } from './split-log.ts';

/** The bytes of a log file, told apart. */
export interface LogContent {
  readonly bytes: Uint8Array;
  readonly state: Pick<FileState, 'id' | 'size'>;
  readonly split: SplitLog;
}

/** A board file and the log beside it, which agree. */
export interface BoardContent {
  readonly file: FileContent;
  readonly log: LogContent | null;
  /** The mark in the log that speaks of the file; null when none does, and then no record waits. */
  readonly mark: SnapshotMark | null;
}

/** How the two files are read. */
export interface BoardReading {
  readonly files: BoardFiles;
  readonly action: string;
  /** What is in the log file, or null when there is none. */
  readonly readLog: () => Promise<LogContent | null>;
  readonly onPiece: PieceWatcher;
}

/** What a log file holds, or null when there is none. */
export async function readLog(path: string): Promise<LogContent | null> {
  const name = JSON.stringify(path);
  await checkKind(path, `read ${name}`);
  const content = await readFile(path);
  return content && { ...content, split: splitLog(content.bytes, name) };
}

/** How far a log was read. */
export interface ReadLog extends LogPlace {
  /** Its first mark, which tells it from the logs that come after it: a new file can have the id of an old one. */
  readonly head: Uint8Array;
}

export function endOf({ bytes, split }: LogContent): ReadLog {
  const head = bytes.slice(0, frameSize(bytes) ?? 0);
  return { head, offset: split.length, base: split.marks[0].number, last: split.last };
}

/** The records that were appended since a log was read so far, and how far it is read then; null when it is another log. */
export async function readOn(
  path: string,
  seen: ReadLog,
): Promise<{ readonly records: readonly Uint8Array[]; readonly seen: ReadLog } | null> {
  const ends = await readEnds(path, seen.head.length, seen.offset);
  if (ends?.head.every((byte, i) => byte === seen.head[i]) !== true) return null;
  const { records, last, length } = splitFrames(ends.bytes, JSON.stringify(path), seen);
  return {
    records: records.map(({ start, end }) => ends.bytes.subarray(start, end)),
    seen: { ...seen, offset: seen.offset + length, last },
  };
}

const ATTEMPTS = 20;

/**
 * Reads a board file and its log; null when there is neither. What does not agree is read again when somebody wrote in
 * between, as a checkpoint does.
 *
 * @throws CorruptError when the two do not agree, ConflictError when they were never at rest
 */
export async function readBoard(reading: BoardReading): Promise<BoardContent | null> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const before = await fingerprintOf(reading.files);
    const found = await look(reading).catch((error: unknown) => {
      if (error instanceof CorruptError) return error;
      throw error;
    });
    const isProven = found !== null && 'mark' in found && found.mark !== null;
    if (!isProven && before !== (await fingerprintOf(reading.files))) continue;
    if (found instanceof CorruptError) throw found;
    return found;
  }
  throw new ConflictError(`Cannot ${reading.action}: somebody wrote to the file whenever it was read`);
}

async function fingerprintOf({ board, log }: BoardFiles): Promise<string> {
  return JSON.stringify([await stateOf(board), await stateOf(log)].map((state) => state?.fingerprint));
}

async function look(reading: BoardReading): Promise<BoardContent | null> {
  const log = await reading.readLog();
  await checkKind(reading.files.board, reading.action);
  let checksum = 0;
  const file = await readFile(reading.files.board, (piece, done, total) => {
    checksum = checksumOf(piece, checksum);
    reading.onPiece(piece, done, total);
  });
  return agree(reading, file, checksum, log);
}

function agree(
  { files, action }: BoardReading,
  file: FileContent | null,
  checksum: number,
  log: LogContent | null,
): BoardContent | null {
  if (file === null) {
    if (log === null) return null;
    throw new CorruptError(
      `Cannot ${action}: the file is gone, and ${JSON.stringify(files.log)} belongs to it; put the file back, or remove ` +
        `the log to begin a new board`,
    );
  }
  const marks = log?.split.marks ?? [];
  const mark = marks.findLast((each) => each.size === file.bytes.length && each.checksum === checksum) ?? null;
  const waiting = log?.split.records.length ?? 0;
  if (mark === null && waiting > 0) {
    throw new CorruptError(
      `Cannot ${action}: it is not the file that the ${String(waiting)} records in ${JSON.stringify(files.log)} follow; ` +
        `put that file back, or remove the log to go on with this one, without them`,
    );
  }
  return { file, log, mark };
}
