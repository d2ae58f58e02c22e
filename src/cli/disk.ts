import type { Stats } from 'node:fs';
import { lstat, mkdir, open, readlink, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import process from 'node:process';

/** The state of a file, or null when there is none. */
export async function stateOf(path: string): Promise<Stats | null> {
  return stat(path).catch(nullIfAbsent);
}

/** What a symbolic link points to in the end, whether or not a file is there yet; of all else the path itself. */
export async function followLinks(path: string): Promise<string> {
  const found = await lstat(path).catch(nullIfAbsent);
  if (found?.isSymbolicLink() !== true) return path;
  const real = await realpath(path).catch(nullIfAbsent);
  return real ?? followLinks(resolve(await realpath(dirname(path)), await readlink(path)));
}

/** Where a path leads in the end, through linked folders too, whether or not anything is there. */
export async function placeOf(path: string): Promise<string> {
  const end = resolve(await followLinks(path));
  const folder = await realpath(dirname(end)).catch(nullIfAbsent);
  return folder === null ? end : join(folder, basename(end));
}

/** Whether two places are the same one, or the same file is there: some disks do not tell upper from lower case. */
export async function isOneFile(place: string, other: string): Promise<boolean> {
  if (place === other) return true;
  const [one, two] = await Promise.all([stateOf(place), stateOf(other)]);
  return one !== null && two !== null && one.dev === two.dev && one.ino === two.ino;
}

/** Creates a folder and those above it; they survive a power cut. */
export async function makeFolder(path: string): Promise<void> {
  const above = dirname(path);
  if (above === path || (await stateOf(path)) !== null) return;
  await makeFolder(above);
  await mkdir(path).catch((error: unknown) => {
    if (codeOf(error) !== 'EEXIST') throw error;
  });
  await syncFolder(above);
}

/** Makes the names in a folder survive a power cut, where the system knows how. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync().catch((error: unknown) => {
      // File systems that cannot flush a folder say so; there is nothing better to do on them.
      if (codeOf(error) !== 'EINVAL') throw error;
    });
  } finally {
    await folder.close();
  }
}

/** The system's name of an error, such as `ENOENT`; empty where it has none. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function nullIfAbsent(error: unknown): null {
  if (['ENOENT', 'ENOTDIR'].includes(codeOf(error))) return null;
  throw error;
}
