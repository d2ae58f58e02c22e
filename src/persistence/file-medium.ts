import { InvalidArgumentError } from '../core/errors.ts';
import { BoardFile } from './file-board.ts';
import { checkFiles } from './file-checks.ts';
import { fileFailure, nullIfAbsent } from './file-failure.ts';
import { FileLock } from './file-lock.ts';
import { ignore } from './file-temporary.ts';
import { absolutePath, followLinks, stateOf } from './files.ts';
import type { Medium, MediumOptions, OpenMedium } from './medium.ts';
import { shown } from './shown.ts';

export interface FileMediumOptions {
  /** The permissions of a file that is created, less the process's umask: 0o600 keeps a board private. 0o666 unless given. */
  readonly mode?: number | undefined;
}

/**
 * Keeps a board in a file, in Node, Deno and Bun: an ordinary SQLite database, which is as old as the last checkpoint, and
 * beside it, in a second file named `.log`, what came after. Missing folders are created by the first save. Both files are
 * changed so that after a crash or a power cut, whenever it comes, the board is there with all that was accepted as durable.
 * A symbolic link stays, and what it points to is saved; the file keeps its permissions and gives them to the log.
 *
 * Making a medium touches nothing; the store that opens it does. A file that another program changed since it was loaded is
 * not overwritten: the save is refused with `conflict`.
 *
 * @param path where the file is or shall be; a relative one starts from the folder the process works in at this call
 * @throws InvalidArgumentError when `path` is no path, or an option is unknown or out of range
 */
export function fileMedium(path: string, options: FileMediumOptions = {}): Medium {
  const given: unknown = options;
  if (typeof given !== 'object' || given === null) throw invalid(`the options must be an object, got ${shown(given)}`);
  const { mode = 0o666, ...unknown } = options;
  // The system writes half a surrogate pair as it writes every other one: two such paths are one file.
  if (typeof path !== 'string' || path === '' || /[\0\p{Surrogate}]/u.test(path)) {
    throw invalid(`"path" must be a path, got ${shown(path)}`);
  }
  const [field] = Object.keys(unknown);
  if (field !== undefined) throw invalid(`there is no option ${shown(field)}`);
  if (!Number.isInteger(mode) || mode < 0 || mode > 0o777) {
    throw invalid(`"mode" must be permissions from 0 to 0o777, got ${shown(mode)}`);
  }
  const absolute = absolutePath(path);
  return { name: path, open: (opening) => openBoardFile(path, absolute, mode, opening) };
}

function invalid(problem: string): InvalidArgumentError {
  return new InvalidArgumentError(`Cannot make a file medium: ${problem}`);
}

async function openBoardFile(
  name: string,
  path: string,
  mode: number,
  { readOnly, signal, onEvent }: MediumOptions,
): Promise<OpenMedium> {
  const action = `open the board ${shown(name)}`;
  signal?.throwIfAborted();
  try {
    const board = await followLinks(path);
    const files = { name, board, log: `${board}.log`, lock: `${board}.lock` };
    await checkFiles(files, readOnly, action);
    const takeLock = (taking: string) =>
      FileLock.take(files.lock, taking, (holder) => onEvent?.({ type: 'lock-taken-over', holder }));
    // Where there is no folder yet, nobody has a board in it.
    const lock = readOnly ? null : await takeLock(action).catch(nullIfAbsent);
    try {
      const fingerprint = (await stateOf(board))?.fingerprint ?? null;
      return new BoardFile({ files, mode, readOnly, fingerprint, lock, takeLock });
    } catch (error) {
      await lock?.giveBack().catch(ignore);
      throw error;
    }
  } catch (error) {
    throw fileFailure(action, error);
  }
}
