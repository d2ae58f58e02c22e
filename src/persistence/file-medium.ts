import {
  ClosedError,
  ConflictError,
  InvalidArgumentError,
  NotABoardError,
  ReadOnlyError,
  UnsupportedError,
} from '../core/errors.ts';
import { fileFailure } from './file-failure.ts';
import {
  absolutePath,
  checkWritable,
  folderOf,
  followLinks,
  makeFolder,
  readFile,
  removeFile,
  replaceFile,
  siblingsOf,
  stateOf,
  syncFolder,
  writeNewFile,
} from './files.ts';
import type { FileState } from './files.ts';
import type { Medium, MediumOptions, OpenMedium } from './medium.ts';

export interface FileMediumOptions {
  /** The permissions of a file that is created, less the process's umask: 0o600 keeps a board private. 0o666 unless given. */
  readonly mode?: number | undefined;
}

/**
 * Keeps a board in one file, an ordinary SQLite database, in Node, Deno and Bun. Missing folders are created by the first
 * save. A save replaces the file in one step and is flushed to the disk before it resolves: after a crash or a power cut
 * the file holds one saved board, whole. A symbolic link stays, and what it points to is saved; the file keeps its
 * permissions.
 *
 * Making a medium touches nothing; the store that opens it does. One process at a time may write: a file that somebody
 * else changed since it was loaded is not overwritten, and the save is refused with `conflict`.
 *
 * @param path where the file is or shall be; a relative one starts from the folder the process works in at this call
 * @throws InvalidArgumentError when `path` is no path, or an option is unknown or out of range
 */
export function fileMedium(path: string, options: FileMediumOptions = {}): Medium {
  const { mode = 0o666, ...unknown } = options;
  if (typeof path !== 'string' || path === '' || path.includes('\0')) {
    throw invalid(`"path" must be a path, got ${JSON.stringify(path)}`);
  }
  const [field] = Object.keys(unknown);
  if (field !== undefined) throw invalid(`there is no option ${JSON.stringify(field)}`);
  if (!Number.isInteger(mode) || mode < 0 || mode > 0o777) {
    throw invalid(`"mode" must be permissions from 0 to 0o777, got ${JSON.stringify(mode)}`);
  }
  const absolute = absolutePath(path);
  return { name: path, open: (opening) => openBoardFile({ name: path, path: absolute, mode }, opening) };
}

function invalid(problem: string): InvalidArgumentError {
  return new InvalidArgumentError(`Cannot make a file medium: ${problem}`);
}

interface Place {
  readonly name: string;
  readonly path: string;
  readonly mode: number;
}

async function openBoardFile(place: Place, { readOnly, signal }: MediumOptions): Promise<OpenMedium> {
  const { name, path, mode } = place;
  const action = `open the board ${JSON.stringify(name)}`;
  signal?.throwIfAborted();
  try {
    const target = await followLinks(path);
    const state = checkKind(await stateOf(target), action);
    await checkFoldedIn(target, action);
    if (!readOnly) await checkWritable(target);
    return new BoardFile({ name, path: target, mode }, readOnly, fingerprintOf(state));
  } catch (error) {
    throw fileFailure(action, error);
  }
}

class BoardFile implements OpenMedium {
  readonly #name: string;
  readonly #path: string;
  readonly #mode: number;
  readonly #readOnly: boolean;
  /** The file as this store knows it. */
  #fingerprint: string | null;
  #isClosed = false;

  constructor({ name, path, mode }: Place, readOnly: boolean, fingerprint: string | null) {
    this.#name = name;
    this.#path = path;
    this.#mode = mode;
    this.#readOnly = readOnly;
    this.#fingerprint = fingerprint;
  }

  async load(): Promise<Uint8Array | null> {
    const action = this.#action('load');
    try {
      checkKind(await stateOf(this.#path), action);
      const content = await readFile(this.#path);
      if (content !== null && content.before.fingerprint !== content.after.fingerprint) {
        throw new ConflictError(`Cannot ${action}: somebody wrote to the file while it was read`);
      }
      this.#fingerprint = fingerprintOf(content?.after ?? null);
      return content?.bytes ?? null;
    } catch (error) {
      throw fileFailure(action, error);
    }
  }

  async save(snapshot: Uint8Array): Promise<void> {
    const action = this.#action('save');
    if (this.#readOnly) throw new ReadOnlyError(`Cannot ${action}: it was opened with readOnly: true`);
    const temporary = `${this.#path}.${crypto.randomUUID()}.tmp`;
    try {
      const last = await this.#checkUnchanged(action);
      if (last === null) await makeFolder(folderOf(this.#path));
      const written = await writeNewFile(temporary, snapshot, last, this.#mode);
      await this.#checkUnchanged(action);
      await replaceFile(this.#path, temporary);
      this.#fingerprint = written.fingerprint;
      await syncFolder(folderOf(this.#path));
      await removeStale(this.#path, written).catch(ignore);
    } catch (error) {
      await removeFile(temporary).catch(ignore);
      throw fileFailure(action, error);
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
  }

  #action(verb: string): string {
    const action = `${verb} the board ${JSON.stringify(this.#name)}`;
    if (this.#isClosed) throw new ClosedError(`Cannot ${action}: its file was closed`);
    return action;
  }

  async #checkUnchanged(action: string): Promise<FileState | null> {
    const state = await stateOf(this.#path);
    if (fingerprintOf(state) !== this.#fingerprint) {
      const change = state === null ? 'was removed' : this.#fingerprint === null ? 'appeared' : 'was changed';
      throw new ConflictError(`Cannot ${action}: the file ${change} since it was loaded, and is left as it is`);
    }
    await checkFoldedIn(this.#path, action);
    return state;
  }
}

function fingerprintOf(state: FileState | null): string | null {
  return state?.fingerprint ?? null;
}

function checkKind(state: FileState | null, action: string): FileState | null {
  if (state?.isFile === false) throw new NotABoardError(`Cannot ${action}: it is not a file`);
  return state;
}

/** SQLite keeps rows beside a database while it is in use, or was and crashed; they are part of it. */
async function checkFoldedIn(path: string, action: string): Promise<void> {
  for (const suffix of ['-wal', '-journal']) {
    const state = await stateOf(path + suffix);
    if (state === null || state.size === 0) continue;
    throw new UnsupportedError(
      `Cannot ${action}: ${JSON.stringify(path + suffix)} holds changes that are not in the file yet; close the program ` +
        `that uses it, then fold them in: sqlite3 ${JSON.stringify(path)} "PRAGMA journal_mode=DELETE"`,
    );
  }
}

const TEMPORARY = /^\.[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}\.tmp$/;
const STALE_AFTER = 3_600_000_000_000n;

/** A temporary file an hour older than what was just saved belongs to a run that died. Both times are the disk's. */
async function removeStale(path: string, saved: FileState): Promise<void> {
  for (const sibling of await siblingsOf(path)) {
    if (!TEMPORARY.test(sibling.slice(path.length))) continue;
    const state = await stateOf(sibling);
    if (state !== null && saved.writtenAt - state.writtenAt > STALE_AFTER) await removeFile(sibling);
  }
}

function ignore(): void {
  // What is left over takes room and does no harm.
}
