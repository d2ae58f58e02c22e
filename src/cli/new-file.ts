import type { Stats } from 'node:fs';
import { link, open, readFile, rename, rm, stat, writeFile, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ConflictError } from '../index.ts';
import { codeOf, makeFolder, stateOf, syncFolder } from './disk.ts';

type Content = AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>;

/**
 * Writes a file that is there whole or not at all, whatever happens meanwhile; it survives a power cut. It gets the permissions
 * of the file that it replaces and, where the system allows it, the owner. A crash can leave it empty on a disk that knows no
 * links, as those of most USB sticks.
 *
 * @throws ConflictError when there is one and it is not to be replaced
 */
export async function writeNewFile(path: string, isReplacing: boolean, content: Content): Promise<void> {
  await makeFolder(dirname(path));
  await put(path, isReplacing, content, isReplacing ? await stateOf(path) : null).catch((cause: unknown) => {
    throw isTaken(cause) ? taken(path, '; choose another name, or add --force', cause) : cause;
  });
}

/**
 * Keeps what a file holds now under a second name in the same folder, in a copy where the disk knows no second names; it
 * survives a power cut.
 *
 * @throws ConflictError when there is a file of that name
 */
export async function keepAs(path: string, name: string): Promise<void> {
  try {
    if (await giveName(path, name)) await syncFolder(dirname(name));
    else await put(name, false, [await readFile(path)], await stat(path));
  } catch (cause) {
    throw isTaken(cause) ? taken(name, '', cause) : cause;
  }
}

/** Puts a file in its place in one step, on the disk first. */
async function put(path: string, isReplacing: boolean, content: Content, like: Stats | null): Promise<void> {
  const temporary = `${path}.${crypto.randomUUID()}.tmp`;
  try {
    await writeFlushed(temporary, content, like);
    if (isReplacing) await rename(temporary, path);
    else await moveToNew(temporary, path);
    await syncFolder(dirname(path));
  } finally {
    await rm(temporary, { force: true });
  }
}

async function writeFlushed(path: string, content: Content, like: Stats | null): Promise<void> {
  // Created with no more permissions than it shall have, so that nobody opens it in between.
  const file = await open(path, 'wx', like === null ? 0o666 : permissionsOf(like));
  try {
    if (like !== null) await resemble(file, like);
    await writeFile(file, content);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function resemble(file: FileHandle, like: Stats): Promise<void> {
  const own = await file.stat();
  if (own.uid !== like.uid || own.gid !== like.gid) {
    await file.chown(like.uid, like.gid).catch((error: unknown) => {
      // Only root may give files away; others become the owner of what they write.
      if (codeOf(error) !== 'EPERM') throw error;
    });
  }
  await file.chmod(permissionsOf(like));
}

function permissionsOf({ mode }: Stats): number {
  return mode & 0o7777;
}

/** Moves a file to a name that nobody has. @throws the system's EEXIST when somebody has it */
async function moveToNew(path: string, name: string): Promise<void> {
  if (await giveName(path, name)) return rm(path);
  // Renaming replaces what has the name: so an empty file takes it first, which nobody else can.
  await writeFile(name, '', { flag: 'wx' });
  await rename(path, name).catch(async (error: unknown) => {
    await rm(name, { force: true });
    throw error;
  });
}

/**
 * Gives a file another name as well. False where the disk knows no links; whatever else is in the way is in the way of a copy too.
 *
 * @throws the system's EEXIST when somebody has that name
 */
async function giveName(path: string, name: string): Promise<boolean> {
  return link(path, name).then(
    () => true,
    (error: unknown) => {
      if (isTaken(error)) throw error;
      return false;
    },
  );
}

function isTaken(error: unknown): boolean {
  return codeOf(error) === 'EEXIST';
}

function taken(path: string, advice: string, cause: unknown): ConflictError {
  return new ConflictError(`There is a file at ${JSON.stringify(path)} already${advice}`, { cause });
}
