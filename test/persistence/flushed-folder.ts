import type * as FileSystem from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import type { Call } from './watched-files.ts';

const { mkdtemp, open, readdir, readFile, rm, stat, writeFile } =
  await vi.importActual<typeof FileSystem>('node:fs/promises');

/** What a power cut leaves: names and bytes as they were flushed last, or as they are, because the system wrote them in time. */
export interface Cut {
  readonly names: 'flushed' | 'present';
  readonly bytes: 'flushed' | 'present';
}

export const CUTS: readonly Cut[] = [
  { names: 'flushed', bytes: 'flushed' },
  { names: 'flushed', bytes: 'present' },
  { names: 'present', bytes: 'flushed' },
  { names: 'present', bytes: 'present' },
];

/** A file that was in the folder; open, so that no other file gets its inode. */
interface Known {
  readonly handle: FileHandle;
  flushed: Uint8Array;
}

/** A folder of files of which it is known what was flushed to the disk. */
export class FlushedFolder {
  readonly #path: string;
  readonly #files = new Map<number, Known>();
  #names: ReadonlyMap<string, number> = new Map();

  private constructor(path: string) {
    this.#path = path;
  }

  /** What is there now counts as flushed. */
  static async at(path: string): Promise<FlushedFolder> {
    const folder = new FlushedFolder(path);
    onTestFinished(async () => {
      for (const { handle } of folder.#files.values()) await handle.close();
    });
    for (const name of await readdir(path)) await folder.saw('sync', join(path, name));
    await folder.saw('sync', path);
    return folder;
  }

  /** To be told of every call that the system has carried out. */
  async saw(call: Call, path: string): Promise<void> {
    if (path === this.#path && call === 'sync') this.#names = await this.#present();
    if (dirname(path) !== this.#path || !['open', 'sync', 'datasync'].includes(call)) return;
    const { ino } = await stat(path);
    const known = this.#files.get(ino) ?? { handle: await open(path, 'r'), flushed: new Uint8Array() };
    this.#files.set(ino, known);
    if (call !== 'open') known.flushed = await bytesOf(known.handle);
  }

  /** What a power cut now leaves, in a new folder. */
  async cut({ names, bytes }: Cut): Promise<string> {
    const folder = await mkdtemp(`${this.#path}-cut-`);
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    for (const [name, ino] of names === 'flushed' ? this.#names : await this.#present()) {
      const known = this.#files.get(ino);
      if (known === undefined) throw new Error(`${name} was never opened`);
      await writeFile(join(folder, name), bytes === 'flushed' ? known.flushed : await bytesOf(known.handle));
    }
    await leaveToOthers(join(folder, 'board.db.lock'));
    return folder;
  }

  async #present(): Promise<ReadonlyMap<string, number>> {
    const names = await readdir(this.#path);
    const entries = names.map(async (name) => [name, (await stat(join(this.#path, name))).ino] as const);
    return new Map(await Promise.all(entries));
  }
}

/** A lock, if there is one, of a process that lives becomes that of a dead one. */
export async function leaveToOthers(lock: string): Promise<void> {
  const text = await readFile(lock, 'utf8').catch(() => '');
  if (text !== '') await writeFile(lock, text.replace(/"pid":\d+/, `"pid":${String(NOBODY)}`));
}

/** No process has this number. */
const NOBODY = 2 ** 30;

async function bytesOf(handle: FileHandle): Promise<Uint8Array> {
  const { size } = await handle.stat();
  const bytes = new Uint8Array(size);
  await handle.read(bytes, 0, size, 0);
  return bytes;
}
