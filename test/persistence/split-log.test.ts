import { describe, expect, it } from 'vitest';
import { bytesOf, History } from '../../src/contract/medium-samples.ts';
import { BlackboardError } from '../../src/core/errors.ts';
import { checksumOf } from '../../src/persistence/checksum.ts';
import { encodeFrame, HEADER_SIZE } from '../../src/persistence/frame.ts';
import { encodeMark } from '../../src/persistence/snapshot-mark.ts';
import { splitLog } from '../../src/persistence/split-log.ts';

const NAME = '"board.db.log"';

function join(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

/** A mark and so many records after it. */
function logOf(count: number, { held = 0, size = 20 } = {}) {
  const history = new History();
  while (history.number < held) history.record();
  const snapshotMark = history.snapshot().mark;
  const mark = encodeMark(snapshotMark);
  const records = Array.from({ length: count }, () => history.record(size));
  return { history, snapshotMark, mark, records, bytes: join(mark, ...records) };
}

/** A frame whose header says something else, with checksums that fit. */
function forged(frame: Uint8Array, change: (header: DataView) => void): Uint8Array {
  const bytes = frame.slice();
  const view = new DataView(bytes.buffer);
  change(view);
  const headerChecksum = checksumOf(bytes.subarray(0, 32));
  view.setUint32(32, headerChecksum, true);
  view.setUint32(36, checksumOf(bytes.subarray(HEADER_SIZE), headerChecksum), true);
  return bytes;
}

function flip(bytes: Uint8Array, bit: number): Uint8Array {
  const flipped = bytes.slice();
  flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return flipped;
}

/** The records in a log, or the error that reading it throws. */
function read(bytes: Uint8Array): { records: Uint8Array[]; isTorn: boolean; last: number } | BlackboardError {
  try {
    const { records, isTorn, last } = splitLog(bytes, NAME);
    return { records: records.map(({ start, end }) => bytes.slice(start, end)), isTorn, last };
  } catch (error) {
    if (error instanceof BlackboardError) return error;
    throw error;
  }
}

const corrupt = (message: unknown) => expect.objectContaining({ code: 'corrupt', message }) as unknown;
const says = (text: string) => expect.stringContaining(text) as unknown;

describe('a log that is whole', () => {
  it('has its mark and its records, each where it stands', () => {
    const { snapshotMark, mark, records, bytes } = logOf(3, { held: 2 });
    const split = splitLog(bytes, NAME);
    expect(split.marks).toEqual([snapshotMark]);
    expect(split.records).toEqual([
      { number: 3, start: mark.length, end: mark.length + 60 },
      { number: 4, start: mark.length + 60, end: mark.length + 120 },
      { number: 5, start: mark.length + 120, end: mark.length + 180 },
    ]);
    expect(records.map((record) => record.length)).toEqual([60, 60, 60]);
    expect(split).toMatchObject({ last: 5, length: bytes.length, isTorn: false });
  });

  it('has none of its records yet', () => {
    const { mark } = logOf(0, { held: 7 });
    expect(splitLog(mark, NAME)).toMatchObject({ records: [], last: 7, length: mark.length, isTorn: false });
  });

  it('has marks among its records, which count for nothing in their numbers', () => {
    const { history, mark, records } = logOf(2);
    const second = encodeMark(history.snapshot().mark);
    const third = history.record();
    const split = splitLog(join(mark, ...records, second, third, second), NAME);
    expect(split.marks.map(({ number }) => number)).toEqual([0, 2, 2]);
    expect(split.records.map(({ number }) => number)).toEqual([1, 2, 3]);
  });

  it('is understood as a part of a larger buffer', () => {
    const { bytes } = logOf(2);
    const larger = join(bytesOf(13, 1), bytes, bytesOf(50, 2));
    expect(splitLog(larger.subarray(13, 13 + bytes.length), NAME)).toEqual(splitLog(bytes, NAME));
  });
});

describe('a log that is cut', () => {
  it('anywhere in its records has those before, and is torn unless it was cut between two', () => {
    const { mark, records, bytes } = logOf(3);
    const ends = [mark.length, mark.length + 60, mark.length + 120, mark.length + 180];
    for (let length = mark.length; length <= bytes.length; length++) {
      const whole = ends.filter((end) => end <= length).length - 1;
      const expected = { records: records.slice(0, whole), isTorn: !ends.includes(length), last: whole };
      expect(read(bytes.slice(0, length)), `at ${length}`).toEqual(expected);
    }
  });

  it('anywhere in its first mark is refused, for a log never was without it', () => {
    const { mark } = logOf(0);
    for (let length = 0; length < mark.length; length++) {
      expect(read(mark.slice(0, length)), `at ${length}`).toEqual(
        corrupt(`Cannot read ${NAME}: it does not begin with the mark of a snapshot`),
      );
    }
  });

  it('in a later mark has all its records', () => {
    const { history, mark, records } = logOf(2);
    const second = encodeMark(history.snapshot().mark);
    for (let length = 1; length < second.length; length++) {
      expect(read(join(mark, ...records, second.slice(0, length)))).toEqual({ records, isTorn: true, last: 2 });
    }
  });
});

describe('a log with one bit flipped', () => {
  it('is refused, or has all but its last record: every bit of a mark and three records', () => {
    const { mark, records, bytes } = logOf(3);
    const lastStart = mark.length + 120;
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const expected =
        bit >= lastStart * 8
          ? { records: records.slice(0, 2), isTorn: true, last: 2 }
          : corrupt(
              says(
                bit < mark.length * 8 ? `Cannot read ${NAME}: it does not begin` : 'is damaged, and others follow it',
              ),
            );
      expect(read(flip(bytes, bit)), `bit ${bit}`).toEqual(expected);
    }
  });

  it('says which record it is, and where', () => {
    const { mark, bytes } = logOf(3, { held: 4 });
    expect(read(flip(bytes, (mark.length + 60 + 50) * 8))).toEqual(
      corrupt(`Cannot read record 6 at byte ${mark.length + 60} of ${NAME}: it is damaged, and others follow it`),
    );
  });

  it('is refused before a mark, which was written when the records before it were on the disk', () => {
    const { history, mark, records } = logOf(2);
    const announced = encodeMark(history.fork().snapshot().mark);
    const [one = mark, two = mark] = records;
    for (const bit of [0, HEADER_SIZE * 8 + 5]) {
      expect(read(join(mark, one, flip(two, bit), announced))).toEqual(corrupt(says('record 2 at byte')));
    }
  });

  it('in an announced mark is refused when records follow, and torn when it is the end', () => {
    const { history, mark, records } = logOf(2);
    const announced = flip(encodeMark(history.snapshot().mark), 700);
    expect(read(join(mark, ...records, announced, history.record()))).toEqual(corrupt(says('others follow it')));
    expect(read(join(mark, ...records, announced))).toEqual({ records, isTorn: true, last: 2 });
  });
});

describe('what follows the last whole record', () => {
  const { mark, records, bytes, history } = logOf(2);

  it.each<[string, Uint8Array]>([
    ['zeros', new Uint8Array(5000)],
    ['garbage', bytesOf(5000, 8)],
    ['the letters with which frames begin', new TextEncoder().encode('bdlg'.repeat(100))],
    ['records of an earlier log that lay on the same blocks', join(bytesOf(10, 4), ...records, mark)],
    [
      'zeros that were to be two records, of which the second was begun',
      join(new Uint8Array(60), history.fork().record().slice(0, 39)),
    ],
  ])('is a torn tail: %s', (_, tail) => {
    expect(read(join(bytes, tail))).toEqual({ records, isTorn: true, last: 2 });
  });

  it.each<[string, () => Uint8Array]>([
    ['zeros with a record behind them', () => join(new Uint8Array(60), third().later)],
    [
      'zeros with the beginning of a record behind them',
      () => join(new Uint8Array(60), third().later.slice(0, HEADER_SIZE)),
    ],
    ['a record that is damaged with one behind it', () => join(flip(third().record, 450), third().later)],
  ])('is damage: %s', (_, tail) => {
    expect(read(join(bytes, tail()))).toEqual(
      corrupt(`Cannot read record 3 at byte ${bytes.length} of ${NAME}: it is damaged, and others follow it`),
    );
  });

  it.each([1, 2, 4, 9])('is damage when it is record %s', (number) => {
    const { record } = third();
    expect(
      read(
        join(
          bytes,
          forged(record, (header) => header.setFloat64(16, number, true)),
        ),
      ),
    ).toEqual(corrupt(`Cannot read record 3 at byte ${bytes.length} of ${NAME}: it is record ${number}`));
  });

  function third() {
    const next = history.fork();
    return { record: next.record(), later: next.record() };
  }
});

describe('a log of a newer version', () => {
  const { mark, bytes, history } = logOf(2);
  const newer = forged(history.record(), (header) => header.setUint8(4, 2));
  const message = says("it has version 2 of the log's format, and this library knows versions up to 1");

  it.each<[string, Uint8Array]>([
    ['at its end', join(bytes, newer)],
    ['at its end, torn', join(bytes, newer.slice(0, HEADER_SIZE))],
    ['in its middle', join(bytes, newer, history.record())],
    [
      'from the beginning',
      join(
        forged(mark, (header) => header.setUint8(4, 2)),
        newer,
      ),
    ],
  ])('is refused as such: %s', (_, log) => {
    expect(read(log)).toEqual(expect.objectContaining({ code: 'newer-format', message }));
  });

  it('is refused for a kind of frame that is not known, which no tear makes', () => {
    const unknown = forged(history.record(), (header) => header.setUint8(5, 2));
    expect(read(join(bytes, unknown))).toEqual(corrupt(says('it is of unknown kind 2')));
  });
});

describe('a log that begins with something else', () => {
  it.each<[string, Uint8Array, string]>([
    ['a record', logOf(1).records[0] ?? new Uint8Array(), 'it is not the mark of a snapshot'],
    [
      'a text',
      new TextEncoder().encode('2026-01-01 started\n'.repeat(9)),
      'it does not begin with the mark of a snapshot',
    ],
    [
      'a mark that says nothing',
      encodeFrame({ kind: 'mark', number: 0, sequence: 0, previous: 0, body: bytesOf(9, 1) }).bytes,
      'it is not JSON',
    ],
  ])('is refused: %s', (_, bytes, problem) => {
    expect(read(bytes)).toEqual(corrupt(says(problem)));
  });
});
