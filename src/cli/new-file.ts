import { link, mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ConflictError } from '../index.ts';

/**
 * Writes a file that is there whole or not at all, whatever happens meanwhile; it survives a power cut.
 *
 * @throws ConflictError when there is one and it is not to be replaced
 */
export async function writeNewFile(
  path: string,
  isReplacing: boolean,
  pieces: AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>,
): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${crypto.randomUUID()}.tmp`;
  try {
    const file = await open(temporary, 'wx');
    try {
      await writeFile(file, pieces);
      await file.sync();
    } finally {
      await file.close();
    }
    if (isReplacing) await rename(temporary, path);
    else await link(temporary, path).catch(refuseExisting(path));
  } finally {
    await rm(temporary, { force: true });
  }
}

function refuseExisting(path: string): (error: unknown) => never {
  return (error) => {
    if (codeOf(error) !== 'EEXIST') throw error;
    throw new ConflictError(`There is a file at ${JSON.stringify(path)} already; choose another name, or add --force`);
  };
}

/** The system's name of an error, such as `ENOENT`; empty where it has none. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
