import { constants } from 'node:fs';
import { access, lstat, mkdir, open, readdir, readlink, realpath, rename, rm, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { platform } from 'node:process';
import { codeOf, isAbsence } from './file-failure.ts';

/** One state of a file. */
export interface FileState {
  /** False for folders, devices, pipes. */
  readonly isFile: boolean;
  readonly size: number;
  readonly mode: number;
  readonly owner: { readonly uid: number; readonly gid: number };
  /** Tells this state from the next: which file it is, its size, when it was written. */
  readonly fingerprint: string;
  /** Nanoseconds since the epoch by the clock of the disk. */
  readonly writtenAt: bigint;
}

export interface FileContent {
  readonly bytes: Uint8Array;
  /** What the file was before and after it was read; they differ when somebody wrote in between. */
  readonly before: FileState;
  readonly after: FileState;
}

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

/** Where a path leads in the end, whether or not a file is there yet. */
export async function followLinks(path: string): Promise<string> {
  const real = await realpath(path).catch(nullIfAbsent);
  if (real !== null) return real;
  const link = await lstat(path).catch(nullIfAbsent);
  return link?.isSymbolicLink() === true ? followLinks(resolve(dirname(path), await readlink(path))) : path;
}

/** @throws the system's error when the file, or the folder of a file that is not there, may not be written */
export async function checkWritable(path: string): Promise<void> {
  for (const each of [path, dirname(path)]) await access(each, constants.W_OK).catch(nullIfAbsent);
}

/** What a file holds, or null when there is none. */
export async function readFile(path: string): Promise<FileContent | null> {
  const handle = await open(path, 'r').catch(nullIfAbsent);
  if (handle === null) return null;
  try {
    const before = toState(await handle.stat({ bigint: true }));
    const bytes = new Uint8Array(before.size);
    let length = 0;
    while (length < bytes.length) {
      const { bytesRead } = await handle.read(bytes, length, bytes.length - length, length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return { bytes: bytes.subarray(0, length), before, after: toState(await handle.stat({ bigint: true })) };
  } finally {
    await handle.close();
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
): Promise<FileState> {
  // Created with no more permissions than it shall have, so that nobody opens it in between.
  const handle = await open(path, 'wx', like?.mode ?? mode);
  try {
    if (like !== null) await resemble(handle, like);
    let length = 0;
    while (length < bytes.length) {
      const { bytesWritten } = await handle.write(bytes, length, bytes.length - length, length);
      length += bytesWritten;
    }
    await handle.sync();
    return toState(await handle.stat({ bigint: true }));
  } finally {
    await handle.close();
  }
}

/** Puts a file in place of another in one step; the other may be missing. */
export async function replaceFile(path: string, by: string): Promise<void> {
  await rename(by, path);
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
  if (platform === 'win32') return;
  const handle = await open(path, 'r');
  try {
    await handle.sync().catch((error: unknown) => {
      // File systems that cannot flush a folder say so; there is nothing better to do on them.
      if (codeOf(error) !== 'EINVAL') throw error;
    });
  } finally {
    await handle.close();
  }
}

/** The paths that begin with a path and go on. */
export async function siblingsOf(path: string): Promise<string[]> {
  const names = await readdir(dirname(path));
  return names.filter((name) => name.startsWith(basename(path))).map((name) => join(dirname(path), name));
}

interface Stat {
  isFile(): boolean;
  readonly size: bigint;
  readonly mode: bigint;
  readonly uid: bigint;
  readonly gid: bigint;
  readonly ino: bigint;
  readonly mtimeNs: bigint;
}

function toState(found: Stat): FileState {
  return {
    isFile: found.isFile(),
    size: Number(found.size),
    mode: Number(found.mode) & 0o7777,
    owner: { uid: Number(found.uid), gid: Number(found.gid) },
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

function nullIfAbsent(error: unknown): null {
  if (isAbsence(error)) return null;
  throw error;
}
