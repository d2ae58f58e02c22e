import { describe, expect, it } from 'vitest';
import type { Counts } from '../../src/core/board.ts';
import { historyCounts, summarize } from '../../src/core/summary.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const counts: Counts = {
  total: 3,
  byType: new Map([
    ['b', 1],
    ['a', 2],
  ]),
  byProducer: new Map([['scout', 3]]),
  byVisibility: new Map([['Public', 3]]),
  byTag: new Map([
    ['\u{1d11e}', 1],
    ['__proto__', 3],
    ['\uff5e', 2],
  ]),
  earliest: 1000,
  latest: 1000 + HOUR,
};

describe('a summary', () => {
  it('gives the counts, by key in code point order', () => {
    const summary = summarize(counts, {});
    expect(summary).toMatchObject({
      total: 3,
      byType: { a: 2, b: 1 },
      byProducer: { scout: 3 },
      byVisibility: { Public: 3 },
      earliestCreatedAt: new Date(1000),
      latestCreatedAt: new Date(1000 + HOUR),
      isFullWindow: true,
      windowSpanLabel: '1.0 hours',
    });
    expect(Object.keys(summary.byType)).toEqual(['a', 'b']);
    expect(Object.entries(summary.tagCounts)).toEqual([
      ['__proto__', 3],
      ['\uff5e', 2],
      ['\u{1d11e}', 1],
    ]);
  });

  it('of nothing is empty', () => {
    const none = new Map<string, number>();
    const empty = { total: 0, byType: none, byProducer: none, byVisibility: none, byTag: none };
    expect(summarize({ ...empty, earliest: null, latest: null }, {})).toEqual({
      total: 0,
      byType: {},
      byProducer: {},
      byVisibility: {},
      tagCounts: {},
      earliestCreatedAt: null,
      latestCreatedAt: null,
      isFullWindow: true,
      windowSpanLabel: 'empty',
    });
  });

  it('has a full window only when the filter has neither start nor end', () => {
    expect(summarize(counts, { tags: [] }).isFullWindow).toBe(true);
    expect(summarize(counts, { start: 0 }).isFullWindow).toBe(false);
    expect(summarize(counts, { end: 0 }).isFullWindow).toBe(false);
    expect(summarize(counts, { start: 0, end: 0 }).isFullWindow).toBe(false);
  });

  it('knows the epoch as an instant like any other', () => {
    const summary = summarize({ ...counts, earliest: 0, latest: 0 }, {});
    expect(summary.earliestCreatedAt).toEqual(new Date(0));
    expect(summary.latestCreatedAt).toEqual(new Date(0));
    expect(summary.windowSpanLabel).toBe('moments');
  });

  it.each<[number, string]>([
    [0, 'moments'],
    [1, '1 minutes'],
    [MINUTE - 1, '1 minutes'],
    [MINUTE, '1 minutes'],
    [2 * MINUTE - 1, '1 minutes'],
    [12 * MINUTE, '12 minutes'],
    [HOUR - 1, '59 minutes'],
    [HOUR, '1.0 hours'],
    [1.5 * HOUR, '1.5 hours'],
    [DAY, '24.0 hours'],
    [2 * DAY - 6 * MINUTE, '47.9 hours'],
    [2 * DAY - 1, '48.0 hours'],
    [2 * DAY, '2 days'],
    [3 * DAY - 1, '2 days'],
    [3 * DAY, '3 days'],
    [400 * DAY, '400 days'],
  ])('calls a span of %i ms "%s"', (span, label) => {
    expect(summarize({ ...counts, earliest: -5, latest: -5 + span }, {}).windowSpanLabel).toBe(label);
  });
});

describe('the counts of a history', () => {
  it('add up', () => {
    expect(
      historyCounts(
        new Map([
          ['b', 2],
          ['a', 3],
        ]),
      ),
    ).toEqual({ total: 5, byType: { a: 3, b: 2 } });
    expect(historyCounts(new Map())).toEqual({ total: 0, byType: {} });
  });
});
