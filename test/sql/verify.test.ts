import { describe, expect, it } from 'vitest';
import type { Driver, Row } from '../../src/sql/driver.ts';
import { checkIntegrity, checkOrphans, checkRows } from '../../src/sql/verify.ts';

/** An engine that answers every question alike. */
function answering(rows: readonly Row[]): Driver {
  const driver: Partial<Driver> = { all: () => [...rows], each: () => rows };
  return driver as Driver;
}

describe('what SQLite finds in a database', () => {
  it('is nothing when it says so', () => {
    expect(checkIntegrity(answering([['ok']]))).toEqual([]);
  });

  it.each([
    [['row 7 missing from index artifacts_by_time']],
    [['row 7 missing from index artifacts_by_time', 'row 8 missing from index artifacts_by_time']],
    [['ok', 'row 8 missing from index artifacts_by_time']],
  ])('is told, each problem of %j', (problems) => {
    expect(checkIntegrity(answering(problems.map((problem) => [problem])))).toEqual(
      problems.map((problem) => ({ kind: 'fault', message: `the database is damaged: ${problem}` })),
    );
  });
});

it('a fault of our own in reading rows is not taken for one of the board', () => {
  const failure = new TypeError('not a row');
  const each = (): Row[] => {
    const row: Row = [];
    Object.defineProperty(row, Symbol.iterator, {
      get: () => {
        throw failure;
      },
    });
    return [row];
  };
  expect(() => checkRows({ ...answering([]), each })).toThrow(failure);
});

it.each([
  [20, 20, undefined],
  [21, 21, 'and 1 more like the last one'],
  [30, 21, 'and 10 more like the last one'],
])('of %i findings of a sort as many are told as a person reads', (found, told, last) => {
  const findings = checkOrphans(answering(Array.from({ length: found }, (_, i) => [`id ${String(i)}`, 'scout'])));
  expect(findings).toHaveLength(told);
  expect(findings[20]?.message).toBe(last);
});
