import { ConflictError, CorruptError } from '../core/errors.ts';
import { checksumOf } from './checksum.ts';
import { checkKind, type BoardFiles } from './file-checks.ts';
import { readFile, stateOf } from './files.ts';
import type { FileContent, FileState, PieceWatcher } from './files.ts';
import type { SnapshotMark } from './medium.ts';
import { splitLog, type SplitLog } from './split-log.ts';

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
