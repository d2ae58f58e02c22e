import type * as SyncFileSystem from 'node:fs';
import type * as FileSystem from 'node:fs/promises';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { History } from '../../src/contract/medium-samples.ts';
import { fileMedium } from '../../src/file.ts';
import { snapshotOf } from './snapshot-of.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** The system's answer to a call instead of its own; undefined lets the call through. */
type Answer = (call: string, path: string) => unknown;
type Call = (typeof wrapped)[number] | 'open' | 'rename' | 'rm';

const passAll: Answer = () => undefined;
const faults = vi.hoisted(() => ({
  answer: undefined as Answer | undefined,
  calls: [] as string[],
  /** What is open, by descriptor. */
  paths: new Map<number, string>(),
}));
const wrapped = vi.hoisted(
  () => ['read', 'write', 'sync', 'stat', 'chown', 'chmod', 'close', 'datasync', 'truncate', 'utimes'] as const,
);

vi.mock('node:fs/promises', async (importOriginal) => {
  const original = await importOriginal<typeof FileSystem>();
  const pass = async <T>(call: string, path: string, carryOut: () => Promise<T>): Promise<T> => {
    faults.calls.push(call);
    const answer = await faults.answer?.(call, path);
    if (answer instanceof Error) throw answer;
    return answer === undefined ? carryOut() : (answer as T);
  };
  const open = async (path: string, flags: string, mode?: number) => {
    const handle = await pass('open', path, () => original.open(path, flags, mode));
    const member = (name: (typeof wrapped)[number]) => {
      const own = handle[name].bind(handle) as (...args: unknown[]) => Promise<unknown>;
      return [name, (...args: unknown[]) => pass(name, path, () => own(...args))];
    };
    faults.paths.set(handle.fd, path);
    return { fd: handle.fd, ...(Object.fromEntries(wrapped.map(member)) as object) };
  };
  const rename = (from: string, to: string) => pass('rename', from, () => original.rename(from, to));
  const rm = (path: string, options: object) => pass('rm', path, () => original.rm(path, options));
  return { ...original, open, rename, rm };
});

vi.mock('node:fs', async (importOriginal) => {
  const original = await importOriginal<typeof SyncFileSystem>();
  const writeSync = (fd: number, bytes: Uint8Array, offset: number, length: number, position: number) => {
    faults.calls.push('write');
    const answer = faults.answer?.('write', faults.paths.get(fd) ?? '');
    if (answer instanceof Error) throw answer;
    return original.writeSync(fd, bytes, offset, length, position);
  };
  return { ...original, writeSync };
});

const unmocked = await vi.importActual<typeof FileSystem>('node:fs/promises');

function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: made up`), { code });
}

/** Lets every call of one kind fail, on paths that end in this. */
function fail(call: Call, code: string, ending = ''): void {
  faults.answer = (name, path) => (name === call && path.endsWith(ending) ? systemError(code) : undefined);
}

const first = new Uint8Array([1, 2, 3]);
const second = new Uint8Array([4, 5, 6, 7]);

async function savedBoard() {
  const folder = await temporaryFolder();
  const path = join(folder, 'board.db');
  await writeFile(path, first);
  const medium = await fileMedium(path).open({ readOnly: false });
  await medium.load();
  return { folder, path, medium };
}

/** The same after a save, and with a record that waits for its flush. */
async function boardWithRecord() {
  const board = await savedBoard();
  const history = new History();
  await board.medium.save(history.snapshot(second));
  await board.medium.append(1, history.record(20), 'relaxed');
  return { ...board, history };
}

beforeEach(() => {
  faults.answer = passAll;
  faults.calls.length = 0;
});

describe('a save', () => {
  it('flushes the new file before it takes the old one’s place, and the folder after', async () => {
    const { medium } = await savedBoard();
    faults.calls.length = 0;
    await medium.save(snapshotOf(second));
    const order = faults.calls.filter((call) => ['write', 'sync', 'rename'].includes(call));
    // The board file, then the log that follows it.
    expect(order).toEqual(['write', 'sync', 'rename', 'sync', 'write', 'sync', 'rename', 'sync']);
  });

  it('flushes every folder that it creates', async () => {
    const folder = await temporaryFolder();
    const medium = await fileMedium(join(folder, 'a', 'b', 'board.db')).open({ readOnly: false });
    const flushed: string[] = [];
    faults.answer = (call, path) => {
      if (call === 'sync') flushed.push(path);
      return undefined;
    };
    await medium.save(snapshotOf(first));
    const [board, inner] = [join(folder, 'a', 'b', 'board.db'), join(folder, 'a', 'b')];
    const temporary = (path: string) => expect.stringMatching(new RegExp(`^${path}\\.[-\\da-f]+\\.tmp$`)) as string;
    expect(flushed).toEqual([
      ...[folder, join(folder, 'a')],
      ...[temporary(`${board}.lock`), inner],
      ...[temporary(board), inner],
      ...[temporary(`${board}.log`), inner],
    ]);
  });

  it('writes everything when the system takes one byte at a time', async () => {
    const { path, medium } = await savedBoard();
    const bytes = [...second];
    faults.answer = (call, of) => {
      if (call !== 'write' || of.includes('.log.')) return undefined;
      return (async () => {
        const handle = await unmocked.open(of, 'a');
        await handle.write(new Uint8Array([bytes.shift() ?? 0]));
        await handle.close();
        return { bytesWritten: 1 };
      })();
    };
    await medium.save(snapshotOf(second));
    expect([...(await readFile(path))]).toEqual([4, 5, 6, 7]);
    expect(bytes).toEqual([]);
  });

  it.each<[Call, string, string]>([
    ['open', 'EACCES', 'storage-denied'],
    ['open', 'EROFS', 'storage-denied'],
    ['open', 'EMFILE', 'storage-denied'],
    ['open', 'ENOSPC', 'quota'],
    ['write', 'ENOSPC', 'quota'],
    ['write', 'EDQUOT', 'quota'],
    ['write', 'EFBIG', 'quota'],
    ['write', 'EIO', 'storage-lost'],
    ['sync', 'EIO', 'storage-lost'],
    ['sync', 'ENOSPC', 'quota'],
    ['chmod', 'EPERM', 'storage-denied'],
    ['stat', 'ESTALE', 'storage-lost'],
    ['close', 'EIO', 'storage-lost'],
    ['rename', 'EIO', 'storage-lost'],
    ['rename', 'EPERM', 'storage-denied'],
    ['rename', 'EBUSY', 'storage-denied'],
  ])(
    'that fails in %s with %s keeps the old file, leaves no other, and can be tried again',
    async (call, errno, code) => {
      const { folder, path, medium } = await savedBoard();
      fail(call, errno, '.tmp');
      await expect(medium.save(snapshotOf(second))).rejects.toMatchObject({ code, cause: { code: errno } });
      expect([...(await readFile(path))]).toEqual([1, 2, 3]);
      expect(await readdir(folder)).toEqual(['board.db', 'board.db.lock']);
      faults.answer = passAll;
      await medium.save(snapshotOf(second));
      expect([...(await readFile(path))]).toEqual([4, 5, 6, 7]);
    },
  );

  it('tells what failed first when the temporary file cannot be removed either', async () => {
    const { path, medium } = await savedBoard();
    faults.answer = (call, of) => {
      if (!of.endsWith('.tmp')) return undefined;
      return call === 'write' ? systemError('ENOSPC') : call === 'rm' ? systemError('EIO') : undefined;
    };
    await expect(medium.save(snapshotOf(second))).rejects.toMatchObject({ code: 'quota' });
    expect([...(await readFile(path))]).toEqual([1, 2, 3]);
  });

  it('that fails to flush the folder says so, and saving again is safe', async () => {
    const { folder, path, medium } = await savedBoard();
    fail('sync', 'EIO', folder);
    await expect(medium.save(snapshotOf(second))).rejects.toMatchObject({
      code: 'storage-lost',
      message: `Cannot save the board ${JSON.stringify(path)}: the disk failed (EIO)`,
    });
    faults.answer = passAll;
    await medium.save(snapshotOf(second));
    expect([...(await readFile(path))]).toEqual([4, 5, 6, 7]);
  });

  it('goes well where folders cannot be flushed', async () => {
    const { folder, path, medium } = await savedBoard();
    fail('sync', 'EINVAL', folder);
    await medium.save(snapshotOf(second));
    expect([...(await readFile(path))]).toEqual([4, 5, 6, 7]);
  });

  it('finds out what somebody else did while it wrote', async () => {
    const { folder, path, medium } = await savedBoard();
    faults.answer = (call) => (call === 'sync' ? unmocked.writeFile(path, 'theirs') : undefined);
    await expect(medium.save(snapshotOf(second))).rejects.toMatchObject({ code: 'conflict' });
    expect(await readFile(path, 'utf8')).toBe('theirs');
    expect(await readdir(folder)).toEqual(['board.db', 'board.db.lock']);
  });
});

describe('a close', () => {
  it('that cannot remove the lock can be tried again, and until then the board goes on', async () => {
    const { folder, medium } = await savedBoard();
    await medium.save(snapshotOf(second));
    fail('rm', 'EACCES', '.lock');
    await expect(medium.close()).rejects.toMatchObject({ code: 'storage-denied', cause: { code: 'EACCES' } });
    await medium.save(snapshotOf(first));
    faults.answer = passAll;
    await medium.close();
    await medium.close();
    expect((await readdir(folder)).sort()).toEqual(['board.db', 'board.db.log']);
  });
});

describe('a close that cannot flush the log', () => {
  it('tells whoever opens the board next that records may be lost, as a crash does', async () => {
    const { path, history, medium } = await boardWithRecord();
    fail('datasync', 'EIO');
    await medium.close();
    faults.answer = passAll;
    const next = await fileMedium(path).open({ readOnly: false });
    expect(await next.load()).toMatchObject({ records: [expect.anything()], mayLackRecords: true });
    await next.close();
    const last = await fileMedium(path).open({ readOnly: false });
    expect((await last.load())?.mayLackRecords).toBe(true);
    await last.append(2, history.record(20), 'relaxed');
    await last.close();
    const sound = await fileMedium(path).open({ readOnly: false });
    expect((await sound.load())?.mayLackRecords).toBe(false);
    await sound.close();
  });
});

describe('a close after a flush that failed', () => {
  it('tells that records may be lost also when flushing again goes well, which says nothing', async () => {
    const { path, medium } = await boardWithRecord();
    let isFirst = true;
    faults.answer = (call, of) => {
      // The system tells of a failure once, and has no room for another file.
      const isFailing = (call === 'datasync' && isFirst) || (call === 'sync' && of.includes('.log.'));
      if (call === 'datasync') isFirst = false;
      return isFailing ? systemError('EIO') : undefined;
    };
    await expect(medium.sync()).rejects.toMatchObject({ code: 'storage-lost' });
    await expect(medium.sync()).rejects.toMatchObject({ code: 'storage-lost' });
    await medium.close();
    faults.answer = passAll;
    const next = await fileMedium(path).open({ readOnly: false });
    expect((await next.load())?.mayLackRecords).toBe(true);
    await next.close();
  });

  it('is a good end when the log could be written anew', async () => {
    const { path, medium } = await boardWithRecord();
    fail('datasync', 'EIO');
    await expect(medium.sync()).rejects.toMatchObject({ code: 'storage-lost' });
    await medium.close();
    faults.answer = passAll;
    const next = await fileMedium(path).open({ readOnly: false });
    expect(await next.load()).toMatchObject({ records: [expect.anything()], mayLackRecords: false });
    await next.close();
  });
});

describe('an opening that fails when it has taken the lock of a process that died', () => {
  it('leaves the lock to tell of it', async () => {
    const { folder, path, medium } = await boardWithRecord();
    fail('datasync', 'EIO');
    await medium.close();
    fail('sync', 'EIO', folder);
    await expect(fileMedium(path).open({ readOnly: false })).rejects.toMatchObject({ code: 'storage-lost' });
    faults.answer = passAll;
    const next = await fileMedium(path).open({ readOnly: false });
    expect((await next.load())?.mayLackRecords).toBe(true);
    await next.close();
  });

  it('tells what failed first when the lock cannot be given back either', async () => {
    const { folder, path, medium } = await boardWithRecord();
    fail('datasync', 'EIO');
    await medium.close();
    let isTaken = false;
    faults.answer = (call, of) => {
      if (call === 'open' && of.includes('.lock.') && isTaken) return systemError('ENOSPC');
      if (call !== 'sync' || of !== folder) return undefined;
      isTaken = true;
      return systemError('EIO');
    };
    await expect(fileMedium(path).open({ readOnly: false })).rejects.toMatchObject({ code: 'storage-lost' });
  });
});

describe('a load', () => {
  it('reads everything when the system gives one byte at a time', async () => {
    const { medium } = await savedBoard();
    const bytes = [...first];
    faults.answer = (call) => (call === 'read' ? { bytesRead: bytes.shift() === undefined ? 0 : 1 } : undefined);
    expect((await medium.load())?.bytes).toHaveLength(3);
    expect(bytes).toEqual([]);
  });

  it('reads a file again that somebody writes to meanwhile', async () => {
    const { path, medium } = await savedBoard();
    faults.answer = (call) => {
      if (call !== 'read') return undefined;
      faults.answer = passAll;
      return unmocked.appendFile(path, 'more').then(() => ({ bytesRead: 0 }));
    };
    expect((await medium.load())?.bytes).toEqual(new Uint8Array([...first, ...new TextEncoder().encode('more')]));
  });

  it.each<[Call, string, string]>([
    ['open', 'EACCES', 'storage-denied'],
    ['read', 'EIO', 'storage-lost'],
  ])('that fails in %s with %s says so', async (call, errno, code) => {
    const { medium } = await savedBoard();
    fail(call, errno);
    await expect(medium.load()).rejects.toMatchObject({ code, cause: { code: errno } });
  });
});
