import {
  chmod,
  link,
  lstat,
  mkdir,
  readFile,
  readdir,
  rename,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { join, relative } from 'node:path';
import { platform } from 'node:process';
import { describe, expect, it } from 'vitest';
import { fileMedium } from '../../src/file.ts';
import type { OpenMedium } from '../../src/persistence/medium.ts';
import { temporaryFolder } from './temporary-folder.ts';

const first = new Uint8Array([1, 2, 3]);
const second = new Uint8Array([4, 5, 6, 7]);

function openToWrite(path: string): Promise<OpenMedium> {
  return fileMedium(path).open({ readOnly: false });
}

async function bytesOf(path: string): Promise<number[]> {
  return [...(await readFile(path))];
}

describe('a file medium', () => {
  it('is named as the caller named the file', () => {
    expect(fileMedium('some/board.db').name).toBe('some/board.db');
  });

  it('touches nothing until it saves', async () => {
    const folder = await temporaryFolder();
    const medium = await openToWrite(join(folder, 'deep', 'board.db'));
    expect(await medium.load()).toBeNull();
    await medium.close();
    expect(await readdir(folder)).toEqual([]);
  });

  it('loads what was saved, and leaves nothing else behind', async () => {
    const folder = await temporaryFolder();
    const path = join(folder, 'board.db');
    const writer = await openToWrite(path);
    await writer.save(first);
    await writer.save(second);
    await writer.close();
    const reader = await openToWrite(path);
    expect(await reader.load()).toEqual(second);
    expect(await readdir(folder)).toEqual(['board.db']);
  });

  it('saves a view on a larger buffer as what the view shows', async () => {
    const path = join(await temporaryFolder(), 'board.db');
    await (await openToWrite(path)).save(new Uint8Array([9, 9, 1, 2, 9]).subarray(2, 4));
    expect(await bytesOf(path)).toEqual([1, 2]);
  });

  it('hands out bytes that are the caller’s own', async () => {
    const path = join(await temporaryFolder(), 'board.db');
    await writeFile(path, first);
    const medium = await openToWrite(path);
    (await medium.load())?.fill(0);
    expect(await medium.load()).toEqual(first);
  });

  it('saves 20 MB', async () => {
    const path = join(await temporaryFolder(), 'board.db');
    const large = new Uint8Array(20_000_000).map((_, i) => i % 251);
    await (await openToWrite(path)).save(large);
    expect(Buffer.compare((await (await openToWrite(path)).load()) ?? first, large)).toBe(0);
  });

  it('creates missing folders when it saves', async () => {
    const path = join(await temporaryFolder(), 'a', 'b', 'board.db');
    await (await openToWrite(path)).save(first);
    expect(await bytesOf(path)).toEqual([1, 2, 3]);
  });

  it('understands a relative path from the folder in which it was made', async () => {
    const path = join(await temporaryFolder(), 'board.db');
    await (await openToWrite(relative(process.cwd(), path))).save(first);
    expect(await bytesOf(path)).toEqual([1, 2, 3]);
  });

  it('keeps the permissions of a file', async () => {
    const path = join(await temporaryFolder(), 'board.db');
    await writeFile(path, first);
    await chmod(path, 0o640);
    await (await openToWrite(path)).save(second);
    expect((await stat(path)).mode & 0o777).toBe(0o640);
  });

  it('gives a new file the permissions asked for', async () => {
    const path = join(await temporaryFolder(), 'board.db');
    await (await fileMedium(path, { mode: 0o600 }).open({ readOnly: false })).save(first);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('leaves another name of the same file as it was', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'board.db'), first);
    await link(join(folder, 'board.db'), join(folder, 'copy.db'));
    await (await openToWrite(join(folder, 'board.db'))).save(second);
    expect(await bytesOf(join(folder, 'copy.db'))).toEqual([1, 2, 3]);
  });

  it.each<[string, unknown, unknown, string]>([
    ['an empty path', '', undefined, '"path" must be a path, got ""'],
    ['a path with a NUL', 'a\0b', undefined, '"path" must be a path, got "a\\u0000b"'],
    ['a number as path', 7, undefined, '"path" must be a path, got 7'],
    ['an unknown option', 'a.db', { sync: true }, 'there is no option "sync"'],
    ['a mode beyond permissions', 'a.db', { mode: 0o1777 }, '"mode" must be permissions from 0 to 0o777, got 1023'],
    ['a mode that is text', 'a.db', { mode: '600' }, '"mode" must be permissions from 0 to 0o777, got "600"'],
  ])('refuses %s', (_, path, options, problem) => {
    const make = fileMedium as (path: unknown, options: unknown) => unknown;
    expect(() => make(path, options)).toThrow(
      expect.objectContaining({ code: 'invalid-argument', message: `Cannot make a file medium: ${problem}` }),
    );
  });

  it('does not open once the signal has said stop', async () => {
    const path = join(await temporaryFolder(), 'board.db');
    const reason = new Error('enough');
    await expect(fileMedium(path).open({ readOnly: false, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  it('refuses to load and save once closed, and closes twice', async () => {
    const medium = await openToWrite(join(await temporaryFolder(), 'board.db'));
    await medium.close();
    await medium.close();
    await expect(medium.load()).rejects.toMatchObject({ code: 'closed' });
    await expect(medium.save(first)).rejects.toMatchObject({ code: 'closed' });
  });
});

describe('a file medium opened to read', () => {
  it('loads, and refuses to save', async () => {
    const folder = await temporaryFolder();
    const path = join(folder, 'board.db');
    await writeFile(path, first);
    const medium = await fileMedium(path).open({ readOnly: true });
    expect(await medium.load()).toEqual(first);
    await expect(medium.save(second)).rejects.toMatchObject({
      code: 'read-only',
      message: `Cannot save the board ${JSON.stringify(path)}: it was opened with readOnly: true`,
    });
    expect(await bytesOf(path)).toEqual([1, 2, 3]);
    expect(await readdir(folder)).toEqual(['board.db']);
  });

  it('creates neither file nor folder', async () => {
    const folder = await temporaryFolder();
    const medium = await fileMedium(join(folder, 'a', 'board.db')).open({ readOnly: true });
    expect(await medium.load()).toBeNull();
    await expect(medium.save(first)).rejects.toMatchObject({ code: 'read-only' });
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('a file that somebody else touched is left as it is:', () => {
  it.each<[string, (path: string) => Promise<unknown>, string]>([
    ['written over', (path) => writeFile(path, second), 'was changed'],
    ['replaced', async (path) => (await writeFile(`${path}.2`, first), rename(`${path}.2`, path)), 'was changed'],
    ['given another time', (path) => utimes(path, 1, 1), 'was changed'],
    ['turned into a folder', async (path) => (await rm(path), mkdir(path)), 'was changed'],
    ['removed', (path) => rm(path), 'was removed'],
  ])('one that was %s', async (_, touch, change) => {
    const folder = await temporaryFolder();
    const path = join(folder, 'board.db');
    await writeFile(path, first);
    const medium = await openToWrite(path);
    await medium.load();
    await touch(path);
    const before = await lstat(path).catch(() => null);
    await expect(medium.save(new Uint8Array([8]))).rejects.toMatchObject({
      code: 'conflict',
      message: `Cannot save the board ${JSON.stringify(path)}: the file ${change} since it was loaded, and is left as it is`,
    });
    expect(await lstat(path).catch(() => null)).toEqual(before);
    expect(await readdir(folder)).toEqual(before === null ? [] : ['board.db']);
  });

  it('one that appeared', async () => {
    const path = join(await temporaryFolder(), 'board.db');
    const medium = await openToWrite(path);
    expect(await medium.load()).toBeNull();
    await writeFile(path, first);
    await expect(medium.save(second)).rejects.toMatchObject({
      code: 'conflict',
      message: `Cannot save the board ${JSON.stringify(path)}: the file appeared since it was loaded, and is left as it is`,
    });
    expect(await bytesOf(path)).toEqual([1, 2, 3]);
  });

  it('one that was changed between opening and the first save, when nothing was loaded', async () => {
    const path = join(await temporaryFolder(), 'board.db');
    await writeFile(path, first);
    const medium = await openToWrite(path);
    await writeFile(path, second);
    await expect(medium.save(first)).rejects.toMatchObject({ code: 'conflict' });
    expect(await bytesOf(path)).toEqual([4, 5, 6, 7]);
  });

  it('one that was changed after our own save', async () => {
    const path = join(await temporaryFolder(), 'board.db');
    const medium = await openToWrite(path);
    await medium.save(first);
    await writeFile(path, second);
    await expect(medium.save(first)).rejects.toMatchObject({ code: 'conflict' });
    expect(await bytesOf(path)).toEqual([4, 5, 6, 7]);
  });

  it('until it is loaded again', async () => {
    const path = join(await temporaryFolder(), 'board.db');
    const medium = await openToWrite(path);
    await writeFile(path, first);
    await expect(medium.save(second)).rejects.toMatchObject({ code: 'conflict' });
    expect(await medium.load()).toEqual(first);
    await medium.save(second);
    expect(await bytesOf(path)).toEqual([4, 5, 6, 7]);
  });

  it('the winner of two that opened the same file keeps what it saved', async () => {
    const path = join(await temporaryFolder(), 'board.db');
    await writeFile(path, first);
    const [one, other] = [await openToWrite(path), await openToWrite(path)];
    await one.load();
    await other.load();
    await one.save(second);
    await expect(other.save(new Uint8Array([8]))).rejects.toMatchObject({ code: 'conflict' });
    expect(await bytesOf(path)).toEqual([4, 5, 6, 7]);
    await one.save(first);
    expect(await bytesOf(path)).toEqual([1, 2, 3]);
  });
});

describe('a file with changes beside it that SQLite has not folded in is refused:', () => {
  const advice = (path: string, suffix: string, verb: string) => ({
    code: 'unsupported',
    message:
      `Cannot ${verb} the board ${JSON.stringify(path)}: ${JSON.stringify(path + suffix)} holds changes that are not in the ` +
      `file yet; close the program that uses it, then fold them in: sqlite3 ${JSON.stringify(path)} "PRAGMA journal_mode=DELETE"`,
  });

  it.each(['-wal', '-journal'])('a %s at the opening', async (suffix) => {
    const path = join(await temporaryFolder(), 'board.db');
    await writeFile(path, first);
    await writeFile(path + suffix, second);
    for (const readOnly of [true, false]) {
      await expect(fileMedium(path).open({ readOnly })).rejects.toMatchObject(advice(path, suffix, 'open'));
    }
    expect(await bytesOf(path)).toEqual([1, 2, 3]);
    expect(await bytesOf(path + suffix)).toEqual([4, 5, 6, 7]);
  });

  it.each(['-wal', '-journal'])('a %s that appeared before a save', async (suffix) => {
    const path = join(await temporaryFolder(), 'board.db');
    await writeFile(path, first);
    const medium = await openToWrite(path);
    await writeFile(path + suffix, second);
    await expect(medium.save(second)).rejects.toMatchObject(advice(path, suffix, 'save'));
    expect(await bytesOf(path)).toEqual([1, 2, 3]);
  });

  it('but an empty one is no hindrance', async () => {
    const path = join(await temporaryFolder(), 'board.db');
    await writeFile(path, first);
    await writeFile(`${path}-wal`, '');
    await writeFile(`${path}-journal`, '');
    const medium = await openToWrite(path);
    expect(await medium.load()).toEqual(first);
    await medium.save(second);
  });
});

describe.runIf(platform !== 'win32')('a symbolic link as path (where links need no rights)', () => {
  it('stays, and what it points to is saved', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'real'));
    await writeFile(join(folder, 'real', 'board.db'), first);
    await symlink(join('real', 'board.db'), join(folder, 'one.db'));
    await symlink('one.db', join(folder, 'two.db'));
    const medium = await openToWrite(join(folder, 'two.db'));
    expect(await medium.load()).toEqual(first);
    await medium.save(second);
    expect((await lstat(join(folder, 'two.db'))).isSymbolicLink()).toBe(true);
    expect(await bytesOf(join(folder, 'real', 'board.db'))).toEqual([4, 5, 6, 7]);
    expect(await readdir(join(folder, 'real'))).toEqual(['board.db']);
  });

  it('that leads to no file yet leads to it after the first save', async () => {
    const folder = await temporaryFolder();
    await symlink(join('later', 'board.db'), join(folder, 'one.db'));
    await symlink('one.db', join(folder, 'two.db'));
    const medium = await openToWrite(join(folder, 'two.db'));
    expect(await medium.load()).toBeNull();
    await medium.save(first);
    expect(await bytesOf(join(folder, 'later', 'board.db'))).toEqual([1, 2, 3]);
    expect((await lstat(join(folder, 'two.db'))).isSymbolicLink()).toBe(true);
  });

  it('is refused for the changes beside what it points to', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'board.db'), first);
    await writeFile(join(folder, 'board.db-wal'), second);
    await symlink('board.db', join(folder, 'one.db'));
    await expect(openToWrite(join(folder, 'one.db'))).rejects.toMatchObject({ code: 'unsupported' });
  });

  it('is an invalid argument when it leads to itself', async () => {
    const folder = await temporaryFolder();
    await symlink('one.db', join(folder, 'one.db'));
    await expect(openToWrite(join(folder, 'one.db'))).rejects.toMatchObject({
      code: 'invalid-argument',
      cause: { code: 'ELOOP' },
    });
  });
});

describe('temporary files', () => {
  const name = 'board.db.0199aaaa-bbbb-7ccc-8ddd-eeeeffff0000.tmp';

  it('of a run that died long ago go with the next save', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, name), 'half a board');
    await utimes(join(folder, name), 1_000_000_000, 1_000_000_000);
    await (await openToWrite(join(folder, 'board.db'))).save(first);
    expect(await readdir(folder)).toEqual(['board.db']);
  });

  it('that may be in use stay, and so does everything else', async () => {
    const folder = await temporaryFolder();
    const old = ['board.db.tmp', 'board.db.bak', `x${name}`, `${name}.x`, 'board.db.log'];
    for (const each of old) {
      await writeFile(join(folder, each), 'old');
      await utimes(join(folder, each), 1_000_000_000, 1_000_000_000);
    }
    await writeFile(join(folder, name), 'half a board');
    await (await openToWrite(join(folder, 'board.db'))).save(first);
    expect(await readdir(folder)).toEqual(['board.db', name, ...old].sort());
  });
});

describe('a path that cannot be a board file', () => {
  it('is refused when it is a folder', async () => {
    const folder = await temporaryFolder();
    await expect(openToWrite(folder)).rejects.toMatchObject({
      code: 'not-a-board',
      message: `Cannot open the board ${JSON.stringify(folder)}: it is not a file`,
    });
  });

  it('is refused when it becomes a folder before it is loaded', async () => {
    const path = join(await temporaryFolder(), 'board.db');
    const medium = await openToWrite(path);
    await mkdir(path);
    await expect(medium.load()).rejects.toMatchObject({ code: 'not-a-board' });
  });

  it('is refused when a part of it is a file', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'file'), first);
    const path = join(folder, 'file', 'board.db');
    await expect(openToWrite(path)).rejects.toMatchObject({
      code: 'invalid-argument',
      message: `Cannot open the board ${JSON.stringify(path)}: a part of the path is not a folder (ENOTDIR)`,
      cause: { code: 'ENOTDIR' },
    });
  });

  it('is refused when it is too long', async () => {
    const path = join(await temporaryFolder(), 'x'.repeat(5000));
    await expect(openToWrite(path)).rejects.toMatchObject({
      code: 'invalid-argument',
      cause: { code: 'ENAMETOOLONG' },
    });
  });

  it.runIf(platform === 'linux')('is refused where folders cannot be made (on Linux, in /proc)', async () => {
    const medium = await openToWrite('/proc/boardlite/board.db');
    await expect(medium.save(first)).rejects.toMatchObject({ code: 'storage-lost', cause: { code: 'ENOENT' } });
  });
});
