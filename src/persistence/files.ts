import { constants, readFileSync, statSync, writeSync } from 'node:fs';
import {
  access,
  copyFile,
  link,
  lstat,
  mkdir,
  open,
  readdir,
  readFile as readWhole,
  readlink,
  realpath,
  rename,
  rm,
  stat,
  utimes,
} from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { clearInterval, setInterval } from 'node:timers';
import { codeOf, nullIfAbsent } from './file-failure.ts';

export type { FileHandle };

/** One state of a file. */
export interface FileState {
  /** False for folders, devices, pipes. */
  readonly isFile: boolean;
  readonly size: number;
  readonly mode: number;
  readonly owner: { readonly uid: number; readonly gid: number };
  /** Tells this file from every other that is there. */
  readonly id: string;
  /** Tells this state from the next: which file it is, its size, when it was written. */
  readonly fingerprint: string;
  /** Nanoseconds since the epoch by the clock of the disk. */
  readonly writtenAt: bigint;
}

export interface FileContent {
  readonly bytes: Uint8Array;
  /** What the file was when the reading began; somebody may have written in it since. */
  readonly state: FileState;
}

/** Told of each piece of a file that was read or written; what it throws stops the work. */
export type PieceWatcher = (piece: Uint8Array, done: number, total: number) => void;

const PIECE_SIZE = 1 << 20;

/** Relative paths start from the folder the process works in now. */
export function absolutePath(path: string): string {
  return resolve(path);
}

export function folderOf(path: string): string {
  return dirname(path);
}

/** The state of a file, or null when there is none. */
export async function stateOf(path: string): Promise<FileState | null> {
  const found = await stat(path, { bigint: true }).catch(nullIfAbsent);
  return found === null ? null : toState(found);
}

/**
 * The state of a file, or null when there is none. Found out at once: what the system has in memory it tells in a fraction of
 * the time that a turn of the thread pool takes.
 */
export function stateNow(path: string): FileState | null {
  return nowUnlessAbsent(() => toState(statSync(path, { bigint: true })));
}

/** The text of a small file, or null when there is none; at once, as {@link stateNow}. */
export function textNow(path: string): string | null {
  return nowUnlessAbsent(() => readFileSync(path, 'utf8'));
}

/** Where a path leads in the end, whether or not a file is there yet. */
export async function followLinks(path: string): Promise<string> {
  const real = await realpath(path).catch(nullIfAbsent);
  if (real !== null) return real;
  const found = await lstat(path).catch(nullIfAbsent);
  return found?.isSymbolicLink() === true ? followLinks(resolve(dirname(path), await readlink(path))) : path;
}

/** @throws the system's error when the file, or the folder that it is or would be made in, may not be written */
export async function checkWritable(path: string): Promise<void> {
  const isThere = (each: string) => access(each, constants.W_OK).then(() => true, nullIfAbsent);
  await isThere(path);
  let folder = dirname(path);
  while ((await isThere(folder)) === null && folder !== dirname(folder)) folder = dirname(folder);
}

/** What a file holds, or null when there is none. */
export async function readFile(path: string, onPiece?: PieceWatcher): Promise<FileContent | null> {
  const handle = await open(path, 'r').catch(nullIfAbsent);
  return using(handle, async (file) => {
    const state = toState(await file.stat({ bigint: true }));
    const bytes = new Uint8Array(state.size);
    const length = await readPieces(file, bytes, 0, onPiece);
    return { bytes: bytes.subarray(0, length), state };
  });
}

/** What work on an open file comes to, which is closed then; null when there is no file. */
async function using<T>(handle: FileHandle | null, work: (handle: FileHandle) => Promise<T>): Promise<T | null> {
  try {
    return handle && (await work(handle));
  } finally {
    await handle?.close();
  }
}

/** The first bytes of a file, and what it holds from a place on; null when there is none, or it ends before that place. */
export async function readEnds(
  path: string,
  length: number,
  from: number,
): Promise<{ readonly head: Uint8Array; readonly bytes: Uint8Array } | null> {
  const handle = await open(path, 'r').catch(nullIfAbsent);
  return using(handle, async (file) => {
    const { size } = await file.stat();
    if (size < from) return null;
    const [head, bytes] = [new Uint8Array(length), new Uint8Array(size - from)];
    await readPieces(file, head, 0);
    return { head, bytes: bytes.subarray(0, await readPieces(file, bytes, from)) };
  });
}

/** Reads a file once more to see what is in it; the pieces are good only while they are watched. */
export async function reread(path: string, onPiece: PieceWatcher): Promise<void> {
  await using(await open(path, 'r'), async (file) => {
    const { size } = await file.stat();
    const piece = new Uint8Array(PIECE_SIZE);
    for (let done = 0; ;) {
      const length = await readPieces(file, piece, done);
      if (length === 0) return;
      done += length;
      onPiece(piece.subarray(0, length), done, size);
    }
  });
}

/** Fills bytes with what stands at a place of a file. Returns how many there were. */
export async function readPieces(
  handle: FileHandle,
  bytes: Uint8Array,
  position: number,
  onPiece?: PieceWatcher,
): Promise<number> {
  let done = 0;
  while (done < bytes.length) {
    const size = Math.min(PIECE_SIZE, bytes.length - done);
    const { bytesRead } = await handle.read(bytes, done, size, position + done);
    if (bytesRead === 0) break;
    done += bytesRead;
    onPiece?.(bytes.subarray(done - bytesRead, done), done, bytes.length);
  }
  return done;
}

const NOTHING_TAKEN = 'the system takes no more bytes';

/** Writes bytes at a place of a file, all of them, however few the system takes at a time. */
export async function writePieces(
  handle: FileHandle,
  bytes: Uint8Array,
  position: number,
  onPiece?: PieceWatcher,
): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    const size = Math.min(PIECE_SIZE, bytes.length - done);
    const { bytesWritten } = await handle.write(bytes, done, size, position + done);
    if (bytesWritten === 0) throw new Error(NOTHING_TAKEN);
    done += bytesWritten;
    onPiece?.(bytes.subarray(done - bytesWritten, done), done, bytes.length);
  }
}

/** The same at once: the system takes a few bytes in a fraction of the time that a turn of the thread pool takes. */
export function writeNow(handle: FileHandle, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length;) {
    const written = writeSync(handle.fd, bytes, done, bytes.length - done, position + done);
    if (written === 0) throw new Error(NOTHING_TAKEN);
    done += written;
  }
}

/**
 * A new file, flushed to the disk: with the permissions and, where the system allows it, the owner of another one, or, when
 * there is none, with the permissions of a mode less the process's umask.
 */
export async function writeNewFile(
  path: string,
  bytes: Uint8Array,
  like: FileState | null,
  mode: number,
  onPiece?: PieceWatcher,
): Promise<FileState> {
  // Created with no more permissions than it shall have, so that nobody opens it in between.
  const handle = await open(path, 'wx', like?.mode ?? mode);
  try {
    if (like !== null) await resemble(handle, like);
    await writePieces(handle, bytes, 0, onPiece);
    await handle.sync();
    return toState(await handle.stat({ bigint: true }));
  } finally {
    await handle.close();
  }
}

/** Opens a file that is there, to read and write in it. */
export async function openFile(path: string): Promise<FileHandle> {
  return open(path, 'r+');
}

/** Puts a file in place of another in one step; the other may be missing. */
export async function replaceFile(path: string, by: string): Promise<void> {
  await rename(by, path).catch(async (error: unknown) => {
    // Over a network the answer can get lost: a file that left its place has taken the other's.
    if ((await stateOf(by)) !== null) throw error;
  });
}

/** Gives a file another name as well. False when somebody has that name. */
export async function linkFile(path: string, name: string): Promise<boolean> {
  try {
    await link(path, name).catch(async (error: unknown) => {
      if (codeOf(error) === 'EEXIST') throw error;
      // On file systems that know no links. A crash in the middle leaves a part of a copy there.
      await copyFile(path, name, constants.COPYFILE_EXCL);
    });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Says that a file was written now. */
export async function touchFile(path: string): Promise<void> {
  await utimes(path, new Date(), new Date());
}

export async function removeFile(path: string): Promise<void> {
  await rm(path, { force: true });
}

/** Creates a folder and those above it; they survive a power cut. */
export async function makeFolder(path: string): Promise<void> {
  const missing: string[] = [];
  for (let folder = path; (await stateOf(folder)) === null; folder = dirname(folder)) missing.push(folder);
  // One by one: where the system refuses a folder, a recursive mkdir can try for ever.
  for (const folder of missing.reverse()) {
    await mkdir(folder).catch((error: unknown) => {
      if (codeOf(error) !== 'EEXIST') throw error;
    });
    await syncFolder(dirname(folder));
  }
}

/** Makes the names in a folder survive a power cut, where the system knows how. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  await using(await open(path, 'r'), (folder) =>
    folder.sync().catch((error: unknown) => {
      // File systems that cannot flush a folder say so; there is nothing better to do on them.
      if (codeOf(error) !== 'EINVAL') throw error;
    }),
  );
}

/** The paths that begin with a path and go on. */
export async function siblingsOf(path: string): Promise<string[]> {
  const names = await readdir(dirname(path));
  return names.filter((name) => name.startsWith(basename(path))).map((name) => join(dirname(path), name));
}

/** What tells a process from every other one, as far as the system tells. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly host: string;
  /** Which start of the system it is. */
  readonly boot: string | null;
  /** Among which processes the pid is its own: containers of one host count apart. */
  readonly pidSpace: string | null;
  /** When it started, in a unit of the system. */
  readonly start: string | null;
}

export async function thisProcess(): Promise<ProcessIdentity> {
  return {
    pid: process.pid,
    host: hostname(),
    boot: await textOf('/proc/sys/kernel/random/boot_id'),
    pidSpace: await readlink('/proc/self/ns/pid').catch(nullWhereUntold),
    start: await startOf('self'),
  };
}

/** When a process started, in a unit of the system. */
export async function startOf(pid: number | 'self'): Promise<string | null> {
  const text = await textOf(`/proc/${pid}/stat`);
  // The second field is the program's name in brackets, which may hold anything.
  return text?.slice(text.lastIndexOf(')') + 2).split(' ')[START_FIELD] ?? null;
}

const START_FIELD = 19;

/** True when no process has this pid. */
export function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return codeOf(error) === 'ESRCH';
  }
}

/** Does something again and again until it is told to stop, which keeps no process alive. */
export function repeat(milliseconds: number, work: () => void): () => void {
  const timer = setInterval(work, milliseconds);
  timer.unref();
  return () => clearInterval(timer);
}

async function textOf(path: string): Promise<string | null> {
  return readWhole(path, 'utf8').then((text) => text.trim(), nullWhereUntold);
}

function nullWhereUntold(): null {
  // Other systems have no such file, and some runtimes keep it from a program.
  return null;
}

interface Stat {
  isFile(): boolean;
  readonly dev: bigint;
  readonly ino: bigint;
  readonly size: bigint;
  readonly mode: bigint;
  readonly uid: bigint;
  readonly gid: bigint;
  readonly mtimeNs: bigint;
}

function toState(found: Stat): FileState {
  return {
    isFile: found.isFile(),
    size: Number(found.size),
    mode: Number(found.mode) & 0o7777,
    owner: { uid: Number(found.uid), gid: Number(found.gid) },
    id: `${found.dev}:${found.ino}`,
    fingerprint: `${found.ino}:${found.size}:${found.mtimeNs}`,
    writtenAt: found.mtimeNs,
  };
}

async function resemble(handle: FileHandle, like: FileState): Promise<void> {
  const { uid, gid } = like.owner;
  const own = toState(await handle.stat({ bigint: true })).owner;
  if (own.uid !== uid || own.gid !== gid) {
    await handle.chown(uid, gid).catch((error: unknown) => {
      // Only root may give files away; others become the owner of what they save.
      if (codeOf(error) !== 'EPERM') throw error;
    });
  }
  await handle.chmod(like.mode);
}

function nowUnlessAbsent<T>(look: () => T): T | null {
  try {
    return look();
  } catch (error) {
    return nullIfAbsent(error);
  }
}
