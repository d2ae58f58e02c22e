import { chmod, link, lstat, mkdir, readdir, rename, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { platform } from 'node:process';
import { describe, expect, it } from 'vitest';
import { History } from '../../src/contract/medium-samples.ts';
import { fileMedium } from '../../src/file.ts';
import { bytesIn, loadFile, openFile, snapshotOf } from './boards.ts';
import { temporaryFolder } from './temporary-folder.ts';

const BYTES = new Uint8Array([1, 2, 3]);
const OTHER_BYTES = new Uint8Array([4, 5, 6, 7]);
const first = snapshotOf(...BYTES);
const second = snapshotOf(...OTHER_BYTES);

describe('a file medium', () => {
  it('is named as the caller named the file', () => {
    expect(fileMedium('some/board.db').name).toBe('some/board.db');
  });

  it('touches nothing until it saves', async () => {
    const folder = await temporaryFolder();
    const medium = await openFile(join(folder, 'deep', 'board.db'));
    expect(await medium.load()).toBeNull();
    await medium.close();
    expect(await readdir(folder)).toEqual([]);
  });

  it('keeps the board in the file as it was saved, and beside it nothing but its log', async () => {
    const folder = await temporaryFolder();
    const path = join(folder, 'board.db');
    const medium = await openFile(path);
    await medium.save(first);
    await medium.save(second);
    expect((await readdir(folder)).sort()).toEqual(['board.db', 'board.db.lock', 'board.db.log']);
    await medium.close();
    expect(await bytesIn(path)).toEqual([4, 5, 6, 7]);
    expect((await readdir(folder)).sort()).toEqual(['board.db', 'board.db.log']);
  });

  it('loads a file that never had a log', async () => {
    const path = join(await temporaryFolder(), 'board.db');
    await writeFile(path, BYTES);
    const found = { bytes: BYTES, mark: null, records: [], recovered: null, mayLackRecords: false, isForeign: false };
    expect(await (await openFile(path)).load()).toEqual(found);
  });

  it('saves a board that it loaded without a log, and only then', async () => {
    const path = join(await temporaryFolder(), 'board.db');
    await writeFile(path, BYTES);
    const medium = await openFile(path);
    expect(await medium.save(second)).toBe(false);
    expect(await medium.append(1, new History().record(), 'strict')).toBe(false);
    expect(await medium.recordsFrom(1)).toBeNull();
    expect(await bytesIn(path)).toEqual([1, 2, 3]);
    await medium.load();
    expect(await medium.save(second)).toBe(true);
    expect((await medium.load())?.mark).toEqual(second.mark);
  });

  it('saves 20 MB', async () => {
    const path = join(await temporaryFolder(), 'board.db');
    const large = new History().snapshot(new Uint8Array(20_000_000).map((_, i) => i % 251));
    await (await openFile(path)).save(large);
    const board = await (await openFile(path, { readOnly: true })).load();
    expect(Buffer.compare(board?.bytes ?? BYTES, large.bytes)).toBe(0);
  });

  it('creates missing folders when it saves', async () => {
    const path = join(await temporaryFolder(), 'a', 'b', 'board.db');
    await (await openFile(path)).save(first);
    expect(await bytesIn(path)).toEqual([1, 2, 3]);
  });

  it('understands a relative path from the folder in which it was made', async () => {
    const path = join(await temporaryFolder(), 'board.db');
    await (await openFile(relative(process.cwd(), path))).save(first);
    expect(await bytesIn(path)).toEqual([1, 2, 3]);
  });

  it('keeps the permissions of a file, and gives them to its log', async () => {
    const path = join(await temporaryFolder(), 'board.db');
    await writeFile(path, BYTES);
    await chmod(path, 0o640);
    await (await loadFile(path)).save(second);
    for (const each of [path, `${path}.log`]) expect((await stat(each)).mode & 0o777).toBe(0o640);
  });

  it('gives new files the permissions asked for', async () => {
    const path = join(await temporaryFolder(), 'board.db');
    await (await openFile(path, { mode: 0o600 })).save(first);
    for (const each of [path, `${path}.log`]) expect((await stat(each)).mode & 0o777).toBe(0o600);
  });

  it('leaves another name of the same file as it was', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'board.db'), BYTES);
    await link(join(folder, 'board.db'), join(folder, 'copy.db'));
    await (await loadFile(join(folder, 'board.db'))).save(second);
    expect(await bytesIn(join(folder, 'copy.db'))).toEqual([1, 2, 3]);
  });

  it.each<[string, unknown, unknown, string]>([
    ['an empty path', '', undefined, '"path" must be a path, got ""'],
    ['a path with a NUL', 'a\0b', undefined, '"path" must be a path, got "a\\u0000b"'],
    ['half a surrogate pair in a path', 'a\ud800b', undefined, '"path" must be a path, got "a\\ud800b"'],
    ['a number as path', 7, undefined, '"path" must be a path, got 7'],
    ['a big number as path', 10n, undefined, '"path" must be a path, got 10n'],
    ['options that are null', 'a.db', null, 'the options must be an object, got null'],
    ['a mode that is a big number', 'a.db', { mode: 1n }, '"mode" must be permissions from 0 to 0o777, got 1n'],
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
});

describe('a file medium opened to read', () => {
  it('leaves everything as it is', async () => {
    const folder = await temporaryFolder();
    const path = join(folder, 'board.db');
    await writeFile(path, BYTES);
    const medium = await openFile(path, { readOnly: true });
    expect((await medium.load())?.bytes).toEqual(BYTES);
    await expect(medium.save(second)).rejects.toMatchObject({
      code: 'read-only',
      message: `Cannot save the board ${JSON.stringify(path)}: it was opened with readOnly: true`,
    });
    await medium.sync();
    await medium.close();
    expect(await bytesIn(path)).toEqual([1, 2, 3]);
    expect(await readdir(folder)).toEqual(['board.db']);
  });

  it('creates neither file nor folder', async () => {
    const folder = await temporaryFolder();
    const medium = await openFile(join(folder, 'a', 'board.db'), { readOnly: true });
    expect(await medium.load()).toBeNull();
    await expect(medium.save(first)).rejects.toMatchObject({ code: 'read-only' });
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('a file that somebody else touched is left as it is:', () => {
  it.each<[string, (path: string) => Promise<unknown>, string]>([
    ['written over', (path) => writeFile(path, OTHER_BYTES), 'was changed'],
    ['replaced', async (path) => (await writeFile(`${path}.2`, BYTES), rename(`${path}.2`, path)), 'was changed'],
    ['given another time', (path) => utimes(path, 1, 1), 'was changed'],
    ['turned into a folder', async (path) => (await rm(path), mkdir(path)), 'was changed'],
    ['removed', (path) => rm(path), 'was removed'],
  ])('one that was %s', async (_, touch, change) => {
    const folder = await temporaryFolder();
    const path = join(folder, 'board.db');
    await writeFile(path, BYTES);
    const medium = await loadFile(path);
    await touch(path);
    const before = await lstat(path).catch(() => null);
    await expect(medium.save(snapshotOf(8))).rejects.toMatchObject({
      code: 'conflict',
      message: `Cannot save the board ${JSON.stringify(path)}: the file ${change} since it was loaded, and is left as it is`,
    });
    expect(await lstat(path).catch(() => null)).toEqual(before);
    const lock = 'board.db.lock';
    expect((await readdir(folder)).sort()).toEqual(before === null ? [lock] : ['board.db', lock]);
  });

  it('one that another writer has put into a folder that was missing', async () => {
    const path = join(await temporaryFolder(), 'new', 'board.db');
    const late = await openFile(path);
    expect(await late.load()).toBeNull();
    const writer = await openFile(path);
    await writer.save(first);
    await expect(late.load()).rejects.toMatchObject({ code: 'locked' });
    await expect(late.save(second)).rejects.toMatchObject({ code: 'locked' });
    await writer.close();
    expect([...((await late.load())?.bytes ?? [])]).toEqual([...first.bytes]);
    await expect(openFile(path)).rejects.toMatchObject({ code: 'locked' });
  });

  it('one that appeared', async () => {
    const path = join(await temporaryFolder(), 'board.db');
    const medium = await openFile(path);
    expect(await medium.load()).toBeNull();
    await writeFile(path, BYTES);
    await expect(medium.save(second)).rejects.toMatchObject({
      code: 'conflict',
      message: `Cannot save the board ${JSON.stringify(path)}: the file appeared since it was loaded, and is left as it is`,
    });
    expect(await bytesIn(path)).toEqual([1, 2, 3]);
  });

  it('one that was changed between opening and the first save, when nothing was loaded', async () => {
    const path = join(await temporaryFolder(), 'board.db');
    await writeFile(path, BYTES);
    const medium = await openFile(path);
    await writeFile(path, OTHER_BYTES);
    await expect(medium.save(first)).rejects.toMatchObject({ code: 'conflict' });
    expect(await bytesIn(path)).toEqual([4, 5, 6, 7]);
  });

  it('one that was changed after our own save', async () => {
    const path = join(await temporaryFolder(), 'board.db');
    const medium = await openFile(path);
    await medium.save(first);
    await writeFile(path, OTHER_BYTES);
    await expect(medium.save(first)).rejects.toMatchObject({ code: 'conflict' });
    expect(await bytesIn(path)).toEqual([4, 5, 6, 7]);
  });

  it('until it is loaded again', async () => {
    const path = join(await temporaryFolder(), 'board.db');
    const medium = await openFile(path);
    await writeFile(path, BYTES);
    await expect(medium.save(second)).rejects.toMatchObject({ code: 'conflict' });
    expect((await medium.load())?.bytes).toEqual(BYTES);
    expect(await medium.save(second)).toBe(true);
    expect(await bytesIn(path)).toEqual([4, 5, 6, 7]);
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
    await writeFile(path, BYTES);
    await writeFile(path + suffix, OTHER_BYTES);
    for (const readOnly of [true, false]) {
      await expect(fileMedium(path).open({ readOnly })).rejects.toMatchObject(advice(path, suffix, 'open'));
    }
    expect(await bytesIn(path)).toEqual([1, 2, 3]);
    expect(await bytesIn(path + suffix)).toEqual([4, 5, 6, 7]);
  });

  it.each(['-wal', '-journal'])('a %s that appeared before a save', async (suffix) => {
    const path = join(await temporaryFolder(), 'board.db');
    await writeFile(path, BYTES);
    const medium = await loadFile(path);
    await writeFile(path + suffix, OTHER_BYTES);
    await expect(medium.save(second)).rejects.toMatchObject(advice(path, suffix, 'save'));
    expect(await bytesIn(path)).toEqual([1, 2, 3]);
  });

  it('but an empty one is no hindrance', async () => {
    const path = join(await temporaryFolder(), 'board.db');
    await writeFile(path, BYTES);
    await writeFile(`${path}-wal`, '');
    await writeFile(`${path}-journal`, '');
    const medium = await openFile(path);
    expect((await medium.load())?.bytes).toEqual(BYTES);
    expect(await medium.save(second)).toBe(true);
  });
});

describe.runIf(platform !== 'win32')('a symbolic link as path (where links need no rights)', () => {
  it('stays, and what it points to is saved', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'real'));
    await writeFile(join(folder, 'real', 'board.db'), BYTES);
    await symlink(join('real', 'board.db'), join(folder, 'one.db'));
    await symlink('one.db', join(folder, 'two.db'));
    const medium = await openFile(join(folder, 'two.db'));
    expect((await medium.load())?.bytes).toEqual(BYTES);
    await medium.save(second);
    expect((await lstat(join(folder, 'two.db'))).isSymbolicLink()).toBe(true);
    expect(await bytesIn(join(folder, 'real', 'board.db'))).toEqual([4, 5, 6, 7]);
    expect((await readdir(join(folder, 'real'))).sort()).toEqual(['board.db', 'board.db.lock', 'board.db.log']);
    expect((await readdir(folder)).sort()).toEqual(['one.db', 'real', 'two.db']);
  });

  it('that leads to no file yet leads to it after the first save', async () => {
    const folder = await temporaryFolder();
    await symlink(join('later', 'board.db'), join(folder, 'one.db'));
    await symlink('one.db', join(folder, 'two.db'));
    const medium = await openFile(join(folder, 'two.db'));
    expect(await medium.load()).toBeNull();
    await medium.save(first);
    expect(await bytesIn(join(folder, 'later', 'board.db'))).toEqual([1, 2, 3]);
    expect((await lstat(join(folder, 'two.db'))).isSymbolicLink()).toBe(true);
  });

  it('is refused for the changes beside what it points to', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'board.db'), BYTES);
    await writeFile(join(folder, 'board.db-wal'), OTHER_BYTES);
    await symlink('board.db', join(folder, 'one.db'));
    await expect(openFile(join(folder, 'one.db'))).rejects.toMatchObject({ code: 'unsupported' });
  });

  it('is an invalid argument when it leads to itself', async () => {
    const folder = await temporaryFolder();
    await symlink('one.db', join(folder, 'one.db'));
    await expect(openFile(join(folder, 'one.db'))).rejects.toMatchObject({
      code: 'invalid-argument',
      cause: { code: 'ELOOP' },
    });
  });
});

describe('temporary files', () => {
  const id = '0199aaaa-bbbb-7ccc-8ddd-eeeeffff0000';
  const names = [
    ...[`board.db.${id}.tmp`, `board.db.log.${id}.tmp`, `board.db.lock.${id}.tmp`, `board.db.lock.${id}`],
    // Those who took over a lock, and were killed as they did.
    ...[`board.db.lock.${id}.${id}`, `board.db.lock.${id}.${id}.tmp`],
  ];
  const own = ['board.db', 'board.db.lock', 'board.db.log'];

  it('of a run that died long ago go with the next save', async () => {
    const folder = await temporaryFolder();
    for (const name of names) {
      await writeFile(join(folder, name), 'half a board');
      await utimes(join(folder, name), 1_000_000_000, 1_000_000_000);
    }
    await (await openFile(join(folder, 'board.db'))).save(first);
    expect((await readdir(folder)).sort()).toEqual(own);
  });

  it('that may be in use stay, and so does everything else', async () => {
    const folder = await temporaryFolder();
    const old = ['board.db.tmp', 'board.db.bak', `board.db.${id}`, `board.db.log.${id}`, `xboard.db.${id}.tmp`];
    old.push(`board.db.${id}.tmp.x`, `board.db.old.${id}.tmp`);
    for (const each of old) {
      await writeFile(join(folder, each), 'old');
      await utimes(join(folder, each), 1_000_000_000, 1_000_000_000);
    }
    for (const name of names) await writeFile(join(folder, name), 'half a board');
    await (await openFile(join(folder, 'board.db'))).save(first);
    expect((await readdir(folder)).sort()).toEqual([...own, ...names, ...old].sort());
  });
});

describe('a path that cannot be a board file', () => {
  it('is refused when it is a folder', async () => {
    const folder = await temporaryFolder();
    await expect(openFile(folder)).rejects.toMatchObject({
      code: 'not-a-board',
      message: `Cannot open the board ${JSON.stringify(folder)}: it is not a file`,
    });
  });

  it('is refused when it becomes a folder before it is loaded', async () => {
    const path = join(await temporaryFolder(), 'board.db');
    const medium = await openFile(path);
    await mkdir(path);
    await expect(medium.load()).rejects.toMatchObject({ code: 'not-a-board' });
  });

  it('is refused when a part of it is a file', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'file'), BYTES);
    const path = join(folder, 'file', 'board.db');
    await expect(openFile(path)).rejects.toMatchObject({
      code: 'invalid-argument',
      message: `Cannot open the board ${JSON.stringify(path)}: a part of the path is not a folder (ENOTDIR)`,
      cause: { code: 'ENOTDIR' },
    });
  });

  it('is refused when it is too long', async () => {
    const path = join(await temporaryFolder(), 'x'.repeat(5000));
    await expect(openFile(path)).rejects.toMatchObject({
      code: 'invalid-argument',
      cause: { code: 'ENAMETOOLONG' },
    });
  });

  it.each([
    ['board.db.log', 'not-a-board'],
    ['board.db.lock', 'storage-denied'],
  ])('is refused when %s is a folder, which cannot be ours', async (name, code) => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, name));
    const open = openFile(join(folder, 'board.db')).then((medium) => medium.load());
    await expect(open).rejects.toMatchObject({ code });
    expect((await readdir(folder)).includes(name)).toBe(true);
  });

  it.runIf(platform === 'linux')('is refused where folders cannot be made (on Linux, in /proc)', async () => {
    const medium = await openFile('/proc/boardlite/board.db');
    await expect(medium.save(first)).rejects.toMatchObject({ code: 'storage-lost', cause: { code: 'ENOENT' } });
  });
});
