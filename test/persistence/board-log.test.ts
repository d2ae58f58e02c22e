import { describe, expect, it } from 'vitest';
import { BoardLog, firstPosition, type Entry } from '../../src/persistence/board-log.ts';
import { checksumOf } from '../../src/persistence/checksum.ts';
import { encodeFrame } from '../../src/persistence/frame.ts';
import { StorageLostError } from '../../src/core/errors.ts';
import { TrialMedium } from '../sqlite/trial-medium.ts';

const EPOCH = '0197a000-0000-7000-8000-000000000000';
const NOTHING = { records: 0, bytes: 0 };
const board = new Uint8Array(1000).fill(7);
const failureOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'it succeeded',
    (error: unknown) => error,
  );
const payloadOf = (text: string) => new TextEncoder().encode(text);
const textsOf = (entries: readonly Entry[] | null | undefined) =>
  entries?.map(({ payload }) => new TextDecoder().decode(payload));

async function logOn(medium: TrialMedium): Promise<BoardLog> {
  return new BoardLog(await medium.open({ readOnly: false }));
}

/** A medium with an empty board, and a log that has read it. */
async function started(): Promise<{ medium: TrialMedium; log: BoardLog }> {
  const medium = new TrialMedium();
  const log = await logOn(medium);
  expect(await log.load()).toBeNull();
  expect(await log.save(board, firstPosition(EPOCH, 0))).toBe(true);
  return { medium, log };
}

const append = (log: BoardLog, text: string, sequence = 1) => log.append(payloadOf(text), sequence, 'relaxed');

describe('the log of a board', () => {
  it('gives its records back in order, chained and numbered from the snapshot on', async () => {
    const { medium, log } = await started();
    for (const [i, text] of ['a', 'b', 'c'].entries()) expect(await append(log, text, 10 * (i + 1))).toBe(true);
    expect(log.position).toMatchObject({ epoch: EPOCH, number: 3, sequence: 30 });
    const again = await logOn(medium);
    const loaded = await again.load();
    expect(textsOf(loaded?.entries)).toEqual(['a', 'b', 'c']);
    expect(loaded?.entries.map(({ number, sequence }) => [number, sequence])).toEqual([
      [1, 10],
      [2, 20],
      [3, 30],
    ]);
    expect(loaded?.bytes).toEqual(board);
    expect(again.position).toEqual(log.position);
    expect(again.size).toEqual(log.size);
  });

  it('begins elsewhere for every epoch', () => {
    expect(firstPosition(EPOCH, 5)).toMatchObject({ epoch: EPOCH, number: 0, sequence: 5 });
    expect(firstPosition(EPOCH, 5).chain).not.toBe(firstPosition(EPOCH.replace('7', '8'), 5).chain);
  });

  it('catches up with what others have appended, and then goes on', async () => {
    const { medium, log } = await started();
    const other = await logOn(medium);
    await other.load();
    await append(log, 'a');
    await append(log, 'b');
    expect(await append(other, 'late')).toBe(false);
    expect(textsOf(await other.catchUp())).toEqual(['a', 'b']);
    expect(textsOf(await other.catchUp())).toEqual([]);
    expect(await append(other, 'c')).toBe(true);
    expect(textsOf(await log.catchUp())).toEqual(['c']);
  });

  it('says when it cannot catch up record by record', async () => {
    const { medium, log } = await started();
    const other = await logOn(medium);
    expect(await other.catchUp()).toBeNull();
    await other.load();
    await append(log, 'a');
    await log.save(board, log.position ?? firstPosition(EPOCH, 0));
    expect(await other.catchUp()).toBeNull();
  });

  it('cannot be appended to before there is a snapshot', async () => {
    const log = await logOn(new TrialMedium());
    await log.load();
    expect(await failureOf(append(log, 'a'))).toMatchObject({ code: 'storage-lost' });
  });
});

describe('a record is refused', () => {
  const record = (number: number, previous: number, text = 'x', kind: 'record' | 'mark' = 'record') =>
    encodeFrame({ kind, number, sequence: number, previous, body: payloadOf(text) });
  const start = firstPosition(EPOCH, 0).chain;
  const one = record(1, start);
  const two = record(2, one.checksum);

  it.each([
    ['of another history', [record(1, start + 1).bytes], 1],
    ['of the history of another board', [record(1, checksumOf(payloadOf('another'))).bytes], 1],
    ['that does not know the one before it', [one.bytes, record(2, start).bytes], 2],
    ['behind a gap', [one.bytes, record(3, one.checksum).bytes], 2],
    ['that comes twice', [one.bytes, one.bytes, two.bytes], 2],
    ['that is the mark of a snapshot', [record(1, start, 'x', 'mark').bytes], 1],
    ['of which a bit is another', [one.bytes, two.bytes.map((byte, i) => (i === 20 ? byte ^ 4 : byte))], 2],
  ])('%s', async (_, records, number) => {
    const { medium, log } = await started();
    medium.records = records;
    const refusal = {
      code: 'corrupt',
      message: expect.stringContaining(`record ${String(number)} of the log`) as string,
    };
    expect(await failureOf(log.catchUp())).toMatchObject(refusal);
    expect(await failureOf((await logOn(medium)).load())).toMatchObject(refusal);
    expect(medium.records).toBe(records);
  });

  it('with all that came with it, and all are read when it is right', async () => {
    const { medium, log } = await started();
    medium.records = [one.bytes, two.bytes.subarray(1)];
    expect(await failureOf(log.catchUp())).toMatchObject({ code: 'corrupt' });
    expect([log.position?.number, log.size]).toEqual([0, NOTHING]);
    medium.records = [one.bytes, two.bytes];
    expect(textsOf(await log.catchUp())).toEqual(['x', 'x']);
  });
});

describe('an append that threw', () => {
  it('counts when its record is there', async () => {
    const { medium, log } = await started();
    medium.fail('appended', new StorageLostError('no answer'));
    expect(await failureOf(append(log, 'a'))).toMatchObject({ message: 'no answer' });
    expect(await log.settle(payloadOf('a'), 1, 'relaxed')).toBe(true);
    expect([log.position?.number, log.size.records]).toEqual([1, 1]);
    expect(await append(log, 'b')).toBe(true);
  });

  it('counts as flushed when that is wanted, and is not known to count when that fails', async () => {
    const { medium, log } = await started();
    medium.fail('appended', new StorageLostError('no answer'));
    expect(await failureOf(append(log, 'a'))).toMatchObject({ message: 'no answer' });
    medium.fail('sync', new StorageLostError('not flushed'));
    expect(await failureOf(log.settle(payloadOf('a'), 1, 'strict'))).toMatchObject({ message: 'not flushed' });
    expect(log.position?.number).toBe(0);
    expect(await log.settle(payloadOf('a'), 1, 'strict')).toBe(true);
    expect(medium.steps.filter((step) => step === 'sync')).toHaveLength(2);
  });

  it('does not count when its record is not there, or is that of another', async () => {
    const { medium, log } = await started();
    const other = await logOn(medium);
    await other.load();
    medium.fail('append', new StorageLostError('no answer'));
    expect(await failureOf(append(log, 'a'))).toMatchObject({ message: 'no answer' });
    expect(await log.settle(payloadOf('a'), 1, 'relaxed')).toBe(false);
    expect(log.position?.number).toBe(0);
    await append(other, 'b');
    expect(await log.settle(payloadOf('a'), 1, 'relaxed')).toBe(false);
    expect(await log.settle(payloadOf('b'), 2, 'relaxed')).toBe(false);
    expect(textsOf(await log.catchUp())).toEqual(['b']);
  });

  it('is not known to count while nobody can look', async () => {
    const { medium, log } = await started();
    medium.fail('read', new StorageLostError('gone'));
    expect(await failureOf(log.settle(payloadOf('a'), 1, 'relaxed'))).toMatchObject({ message: 'gone' });
    expect(log.position?.number).toBe(0);
  });
});

describe('the length of a log', () => {
  it('is what came after the snapshot, with what came while it was saved', async () => {
    const { medium, log } = await started();
    expect(log.size).toEqual(NOTHING);
    await append(log, 'a');
    const { position } = log;
    const saved = log.size;
    expect(saved).toEqual({ records: 1, bytes: medium.records[0]?.length });
    const save = medium.hold('save');
    const saving = log.save(board, position ?? firstPosition(EPOCH, 0));
    await append(log, 'bb');
    await save.begun;
    expect(log.size.records).toBe(2);
    save.finish();
    await saving;
    expect(log.size).toEqual({ records: 1, bytes: saved.bytes + 1 });
  });

  it('is right when all is loaded again while a snapshot is saved', async () => {
    const { medium, log } = await started();
    for (const text of ['a', 'b', 'c']) await append(log, text);
    const { position } = log;
    const save = medium.hold('save');
    const saving = log.save(board, position ?? firstPosition(EPOCH, 0));
    const other = await logOn(medium);
    await other.load();
    await append(other, 'd');
    await save.begun;
    await other.save(board, other.position ?? firstPosition(EPOCH, 0));
    await append(other, 'e');
    await log.load();
    save.finish();
    expect(await saving).toBe(false);
    expect(log.size.records).toBe(1);
  });

  it('matters when it is more than a megabyte, and more than the snapshot', async () => {
    const { log } = await started();
    await append(log, 'x'.repeat((1 << 20) - 50));
    expect(log.isLong).toBe(false);
    await append(log, 'x'.repeat(50));
    expect(log.isLong).toBe(true);
    await log.save(new Uint8Array(3 << 20), log.position ?? firstPosition(EPOCH, 0));
    await append(log, 'x'.repeat(3 << 20));
    expect(log.isLong).toBe(true);
    await log.save(new Uint8Array((3 << 20) + 50), log.position ?? firstPosition(EPOCH, 0));
    await append(log, 'x'.repeat(3 << 20));
    expect(log.isLong).toBe(false);
  });

  it('is not changed by a save that fails', async () => {
    const { medium, log } = await started();
    await append(log, 'a');
    const { position, size } = log;
    medium.fail('save', new StorageLostError('no'));
    expect(await failureOf(log.save(board, position ?? firstPosition(EPOCH, 0)))).toMatchObject({
      message: 'no',
    });
    expect(log.size).toEqual(size);
  });
});
