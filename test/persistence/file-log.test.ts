import { copyFile, mkdir, open, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bytesOf, History } from '../../src/contract/medium-samples.ts';
import { append, bytesIn, loadFile, openFile, shown } from './boards.ts';
import { temporaryFolder } from './temporary-folder.ts';

interface ClosedBoardOptions {
  readonly held?: number;
  readonly size?: number;
  readonly epoch?: string;
}

/** A board that was written and closed, with so many records after its snapshot, which holds some others. */
async function closedBoard(count: number, { held = 0, size = 300, epoch }: ClosedBoardOptions = {}) {
  const folder = await temporaryFolder();
  const path = join(folder, 'board.db');
  const history = new History(epoch);
  const medium = await loadFile(path);
  await medium.save(history.snapshot(bytesOf(size, 1)));
  await append(medium, history, held);
  const snapshot = history.snapshot(bytesOf(size, 2));
  await medium.save(snapshot);
  const records = await append(medium, history, count);
  await medium.close();
  const log = new Uint8Array(await readFile(`${path}.log`));
  const found = { ...shownBoard(snapshot.bytes, held, records), recovered: null as string | null, isForeign: false };
  return { folder, path, history, snapshot, records, log, found, logPath: `${path}.log` };
}

function shownBoard(bytes: Uint8Array, number: number | null, records: readonly Uint8Array[]) {
  return { bytes: [...bytes], number, records: records.map((each) => [...each]) };
}

async function loaded(path: string, readOnly = false) {
  const medium = await openFile(path, { readOnly });
  return { medium, board: shown(await medium.load()) };
}

/** The two files as they are, to see that nobody touched them. */
async function filesAt(path: string) {
  return { board: await bytesIn(path), log: await bytesIn(`${path}.log`) };
}

function flipped(bytes: Uint8Array, bit: number): Uint8Array {
  const copy = bytes.slice();
  copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return copy;
}

describe('a log that ends in the middle of a record, as a crash leaves it', () => {
  it('is read up to there, and stays as it is until the next record', async () => {
    const { path, logPath, history, records, log, found } = await closedBoard(3, { held: 2 });
    const start = log.length - 60;
    for (let length = start + 1; length < log.length; length++) {
      await writeFile(logPath, log.subarray(0, length));
      const { medium, board } = await loaded(path);
      expect(board, `cut at ${length}`).toEqual({
        ...found,
        records: found.records.slice(0, 2),
        recovered: 'torn-tail',
      });
      expect(await medium.recordsFrom(3)).toHaveLength(2);
      expect(await bytesIn(logPath)).toHaveLength(length);
      await medium.close();
    }
    const { medium } = await loaded(path);
    expect(await medium.append(5, records[2] ?? log, 'relaxed')).toBe(true);
    await medium.close();
    expect(await bytesIn(logPath)).toEqual([...log]);
    expect((await loaded(path)).board).toEqual(found);
    expect(history.number).toBe(5);
  });

  it('is cut there by the first record, even when that is shorter than what was left', async () => {
    const { path, logPath, log, found } = await closedBoard(2);
    const history = new History();
    history.record();
    await writeFile(logPath, Buffer.concat([log.subarray(0, log.length - 60), bytesOf(4000, 3)]));
    const { medium, board } = await loaded(path);
    expect(board).toMatchObject({ records: found.records.slice(0, 1), recovered: 'torn-tail' });
    await append(medium, history);
    await medium.close();
    expect(await bytesIn(logPath)).toEqual([...log]);
  });

  it('is cut there by a checkpoint as well', async () => {
    const { path, logPath, log } = await closedBoard(2);
    await truncate(logPath, log.length - 1);
    const { medium } = await loaded(path);
    const history = new History();
    history.record();
    const snapshot = history.snapshot();
    expect(await medium.save(snapshot)).toBe(true);
    const records = await append(medium, history);
    await medium.close();
    expect((await loaded(path)).board).toEqual({
      ...shownBoard(snapshot.bytes, 1, records),
      recovered: null,
      isForeign: false,
    });
  });

  it('tells a reader nothing, for a writer may be in the middle of it', async () => {
    const { path, logPath, log, found } = await closedBoard(2);
    await truncate(logPath, log.length - 1);
    const { medium: reader, board } = await loaded(path, true);
    expect(board).toEqual({ ...found, records: found.records.slice(0, 1) });
    expect(await reader.recordsFrom(2)).toEqual([]);
    await writeFile(logPath, log);
    expect((await reader.recordsFrom(2))?.map((each) => [...each])).toEqual(found.records.slice(1));
    expect(await bytesIn(logPath)).toEqual([...log]);
  });
});

describe('damage', () => {
  it('of a bit of the log is refused, or takes the last record for a torn one', async () => {
    const { path, logPath, log, found } = await closedBoard(3);
    const torn = { ...found, records: found.records.slice(0, 2), recovered: 'torn-tail' };
    const { medium } = await loaded(path);
    // Every bit of every byte in turn, one of each; all of them are tried where a log is split.
    for (let bit = 0; bit < log.length * 8; bit += 9) {
      await writeFile(logPath, flipped(log, bit));
      const outcome = await medium.load().then(shown, (error: unknown) => error);
      if (bit >= (log.length - 60) * 8) expect(outcome, `bit ${bit}`).toEqual(torn);
      else expect(outcome, `bit ${bit}`).toMatchObject({ code: 'corrupt' });
    }
    await writeFile(logPath, log);
    expect(shown(await medium.load())).toEqual(found);
  });

  it.each([
    [2, 1],
    [0, 16],
  ])('of the snapshot is never read, with %s records waiting', async (count, step) => {
    const { path, found } = await closedBoard(count, { size: 100_000 });
    const snapshot = new Uint8Array(found.bytes);
    const bits = bytesOf((snapshot.length / 64) * 2, 7);
    const { medium } = await loaded(path);
    for (let block = 0; block * 64 < snapshot.length; block += step) {
      const bit = (block * 64 + ((bits[block * 2] ?? 0) % 32)) * 8 + ((bits[block * 2 + 1] ?? 0) % 8);
      await writeFile(path, flipped(snapshot, bit));
      const outcome = await medium.load().catch((error: unknown) => error);
      if (count > 0) expect(outcome).toMatchObject({ code: 'corrupt' });
      else expect(outcome).toMatchObject({ mark: null, records: [], isForeign: true });
    }
    await writeFile(path, snapshot);
    expect(shown(await medium.load())).toEqual(found);
  });

  it('is said with its place and changes nothing, whoever finds it', async () => {
    const { path, logPath, log } = await closedBoard(3);
    await writeFile(logPath, flipped(log, (log.length - 100) * 8));
    const before = await filesAt(path);
    const problem = {
      code: 'corrupt',
      message: `Cannot read record 2 at byte ${log.length - 120} of ${JSON.stringify(logPath)}: it is damaged, and others follow it`,
    };
    for (const readOnly of [true, false]) {
      const medium = await openFile(path, { readOnly });
      await expect(medium.load()).rejects.toMatchObject(problem);
      if (readOnly) continue;
      await expect(medium.append(4, bytesOf(50, 1), 'strict')).rejects.toMatchObject(problem);
      await expect(medium.save(new History().snapshot())).rejects.toMatchObject(problem);
    }
    expect(await filesAt(path)).toEqual(before);
  });
});

describe('a board file that another program changed', () => {
  it('is handed out as foreign when no record waits, and can be taken on', async () => {
    const { path } = await closedBoard(0, { held: 3 });
    await writeFile(path, 'theirs');
    const theirs = shownBoard(new TextEncoder().encode('theirs'), null, []);
    const { board } = await loaded(path, true);
    expect(board).toEqual({ ...theirs, recovered: null, isForeign: true });
    const medium = await loadFile(path);
    expect(shown(await medium.load())).toEqual(board);
    const renewed = new History('00000000-0000-4000-8000-0000000000e9');
    const snapshot = renewed.snapshot(bytesOf(70, 4));
    expect(await medium.append(1, renewed.fork().record(), 'strict')).toBe(false);
    expect(await medium.save(snapshot)).toBe(true);
    const records = await append(medium, renewed, 2);
    await medium.close();
    const found = shownBoard(snapshot.bytes, 0, records);
    expect((await loaded(path)).board).toEqual({ ...found, recovered: null, isForeign: false });
  });

  it('is refused when records wait, says what to do, and stays as it is', async () => {
    const { path, logPath } = await closedBoard(2);
    await writeFile(path, 'theirs');
    const before = await filesAt(path);
    for (const readOnly of [true, false]) {
      await expect((await openFile(path, { readOnly })).load()).rejects.toMatchObject({
        code: 'corrupt',
        message:
          `Cannot load the board ${JSON.stringify(path)}: it is not the file that the 2 records in ` +
          `${JSON.stringify(logPath)} follow; put that file back, or remove the log to go on with this one, without them`,
      });
    }
    expect(await filesAt(path)).toEqual(before);
  });

  it('can be put back, with the records that waited', async () => {
    const { folder, path, found } = await closedBoard(2);
    await copyFile(path, join(folder, 'copy'));
    await writeFile(path, 'theirs');
    const medium = await openFile(path);
    await expect(medium.load()).rejects.toMatchObject({ code: 'corrupt' });
    await copyFile(join(folder, 'copy'), path);
    expect(shown(await medium.load())).toEqual(found);
  });

  it('can be gone on with, without the records that waited, when the log is removed', async () => {
    const { path, logPath } = await closedBoard(2);
    await writeFile(path, 'theirs');
    await rm(logPath);
    expect((await loaded(path)).board).toMatchObject({ number: null, records: [], isForeign: false });
  });
});

describe('a log without its file', () => {
  it.each([0, 2])('is refused and stays as it is, with %s records', async (count) => {
    const { path, logPath, log } = await closedBoard(count);
    await rm(path);
    for (const readOnly of [true, false]) {
      const medium = await openFile(path, { readOnly });
      await expect(medium.load()).rejects.toMatchObject({
        code: 'corrupt',
        message:
          `Cannot load the board ${JSON.stringify(path)}: the file is gone, and ${JSON.stringify(logPath)} belongs to it; ` +
          `put the file back, or remove the log to begin a new board`,
      });
      if (!readOnly) await expect(medium.save(new History().snapshot())).rejects.toMatchObject({ code: 'corrupt' });
    }
    expect(await bytesIn(logPath)).toEqual([...log]);
  });
});

describe('a log that does not begin as one', () => {
  it.each<[string, Uint8Array]>([
    ['is empty', new Uint8Array()],
    ['is another text', new TextEncoder().encode('started\nstopped\n'.repeat(20))],
    ['lost its beginning', bytesOf(200, 3)],
  ])('is refused and stays as it is when it %s', async (_, bytes) => {
    const { path, logPath } = await closedBoard(2);
    await writeFile(logPath, bytes);
    for (const readOnly of [true, false]) {
      const medium = await openFile(path, { readOnly });
      await expect(medium.load()).rejects.toMatchObject({
        code: 'corrupt',
        message: `Cannot read ${JSON.stringify(logPath)}: it does not begin with the mark of a snapshot`,
      });
    }
    expect(await bytesIn(logPath)).toEqual([...bytes]);
  });
});

describe('a log that somebody else touched while it was open', () => {
  it.each<[string, (logPath: string) => Promise<unknown>]>([
    ['appended to', (logPath) => writeFile(logPath, 'x', { flag: 'a' })],
    ['cut', (logPath) => truncate(logPath, 100)],
    ['removed', (logPath) => rm(logPath)],
    [
      'replaced',
      async (logPath) => (
        await copyFile(logPath, `${logPath}.2`),
        await rm(logPath),
        copyFile(`${logPath}.2`, logPath)
      ),
    ],
    ['replaced by a folder', async (logPath) => (await rm(logPath), mkdir(logPath))],
  ])('is not written to when it was %s', async (_, touch) => {
    const { path, logPath, history } = await closedBoard(1);
    const medium = await loadFile(path);
    await append(medium, history);
    await touch(logPath);
    const after = await readFile(logPath).catch(() => null);
    await expect(medium.append(3, history.record(), 'strict')).rejects.toMatchObject({
      code: 'conflict',
      message: `Cannot use ${JSON.stringify(logPath)}: somebody else wrote to it or removed it`,
    });
    expect(await readFile(logPath).catch(() => null)).toEqual(after);
  });
});

describe('the records of a board that is read only', () => {
  it('are followed while another store appends, until a checkpoint drops some', async () => {
    const { path, history, records } = await closedBoard(1);
    const writer = await loadFile(path);
    const reader = await openFile(path, { readOnly: true });
    await reader.load();
    expect(await reader.recordsFrom(2)).toEqual([]);
    expect(await reader.recordsFrom(2)).toEqual([]);
    records.push(...(await append(writer, history, 2)));
    expect(await reader.recordsFrom(2)).toEqual(records.slice(1));
    expect(await reader.recordsFrom(4)).toEqual([]);
    const snapshot = history.snapshot();
    await writer.save(snapshot);
    expect(await reader.recordsFrom(4)).toEqual([]);
    expect(await reader.recordsFrom(3)).toBeNull();
    const later = await append(writer, history);
    expect(await reader.recordsFrom(4)).toEqual(later);
    expect(shown(await reader.load())).toMatchObject({ number: 3, records: later.map((each) => [...each]) });
  });

  it('are not those of another board that came into its place', async () => {
    const { path, history } = await closedBoard(2);
    const reader = await openFile(path, { readOnly: true });
    await reader.load();
    const writer = await loadFile(path);
    const { bytes, mark } = history.snapshot();
    await writer.save({ bytes, mark: { ...mark, epoch: '00000000-0000-4000-8000-0000000000e2' } });
    expect(await reader.recordsFrom(3)).toBeNull();
    await append(writer, history);
    expect(await reader.recordsFrom(3)).toBeNull();
  });

  it('are read on from where they were read before, and not from the beginning each time', async () => {
    const { path, logPath, history, log } = await closedBoard(3);
    const writer = await loadFile(path);
    const reader = await openFile(path, { readOnly: true });
    await reader.load();
    // What was read before is not looked at again: damage in it would be an error.
    const file = await open(logPath, 'r+');
    await file.write(new Uint8Array([255]), 0, 1, log.length - 100);
    await file.close();
    const records = await append(writer, history);
    expect(await reader.recordsFrom(4)).toEqual(records);
    records.push(...(await append(writer, history, 2)));
    expect(await reader.recordsFrom(5)).toEqual(records.slice(1));
    await expect(reader.recordsFrom(4)).rejects.toMatchObject({ code: 'corrupt' });
  });

  it('are not those of a longer log that came into the place of the one that was read, in the same file', async () => {
    const { path, logPath } = await closedBoard(1);
    const other = await closedBoard(9, { epoch: '00000000-0000-4000-8000-0000000000e2' });
    const reader = await openFile(path, { readOnly: true });
    await reader.load();
    await writeFile(logPath, other.log);
    expect(await reader.recordsFrom(2)).toBeNull();
  });

  it('are gone when the log is shorter than what was read', async () => {
    const { path, logPath, log } = await closedBoard(3);
    const reader = await openFile(path, { readOnly: true });
    await reader.load();
    await truncate(logPath, log.length - 60);
    expect(await reader.recordsFrom(4)).toBeNull();
    await rm(logPath);
    expect(await reader.recordsFrom(4)).toBeNull();
  });
});
