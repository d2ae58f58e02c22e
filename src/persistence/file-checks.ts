import { NotABoardError, UnsupportedError } from '../core/errors.ts';
import { checkWritable, stateOf } from './files.ts';

/** The files of one board. */
export interface BoardFiles {
  /** What messages call the board. */
  readonly name: string;
  /** The last snapshot, an ordinary SQLite file. */
  readonly board: string;
  /** What came after it. */
  readonly log: string;
  /** Who writes to the two. */
  readonly lock: string;
}

/** @throws NotABoardError, UnsupportedError, or the system's error, when the files cannot be used as they are to be used */
export async function checkFiles(files: BoardFiles, readOnly: boolean, action: string): Promise<void> {
  await checkKind(files.board, action);
  await checkFoldedIn(files.board, action);
  if (readOnly) return;
  await checkWritable(files.board);
  await checkWritable(files.log);
}

export async function checkKind(path: string, action: string): Promise<void> {
  if ((await stateOf(path))?.isFile === false) throw new NotABoardError(`Cannot ${action}: it is not a file`);
}

/** SQLite keeps rows beside a database while it is in use, or was and crashed; they are part of it. */
export async function checkFoldedIn(path: string, action: string): Promise<void> {
  for (const suffix of ['-wal', '-journal']) {
    const state = await stateOf(path + suffix);
    if (state === null || state.size === 0) continue;
    throw new UnsupportedError(
      `Cannot ${action}: ${JSON.stringify(path + suffix)} holds changes that are not in the file yet; close the program ` +
        `that uses it, then fold them in: sqlite3 ${JSON.stringify(path)} "PRAGMA journal_mode=DELETE"`,
    );
  }
}
