import { StorageLostError } from '../core/errors.ts';
import { checksumOf } from './checksum.ts';
import { reread, writeNewFile } from './files.ts';
import type { FileState } from './files.ts';
import type { Snapshot } from './medium.ts';

/** Writes a snapshot to a new file, flushed to the disk, and reads it again to see that it is there. */
export async function writeSnapshot(
  path: string,
  { bytes, mark }: Snapshot,
  like: FileState | null,
  mode: number,
  report: (done: number, total: number) => void,
): Promise<FileState> {
  const total = bytes.length;
  const written = await writeNewFile(path, bytes, like, mode, (_, done) => report(Math.floor(done / 2), total));
  let length = 0;
  let checksum = 0;
  await reread(path, (piece, done) => {
    checksum = checksumOf(piece, checksum);
    length = done;
    report(Math.floor((total + done) / 2), total);
  });
  if (length !== mark.size || checksum !== mark.checksum) {
    throw new StorageLostError(`Cannot write ${JSON.stringify(path)}: what is read there is not what was written`);
  }
  return written;
}
