import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDuration } from '../../src/core/duration.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('parseDuration', () => {
  it.each<[string, number]>([
    ['PT1S', SECOND],
    ['PT1M', MINUTE],
    ['PT1H', HOUR],
    ['P1D', DAY],
    ['P1W', 7 * DAY],
    ['P1M', 30 * DAY],
    ['P1Y', 365 * DAY],
    ['PT0S', 0],
    ['P0D', 0],
    ['PT90M', 90 * MINUTE],
    ['PT1H30M', 90 * MINUTE],
    ['PT23H59M59S', DAY - SECOND],
    ['P1DT2H', DAY + 2 * HOUR],
    ['P1Y35D', 400 * DAY],
    ['P1M1DT1M1S', 31 * DAY + MINUTE + SECOND],
    ['P1Y2M3W4DT5H6M7S', (365 + 60 + 21 + 4) * DAY + 5 * HOUR + 6 * MINUTE + 7 * SECOND],
    ['PT0.5S', 500],
    ['PT0,5S', 500],
    ['PT0.07H', 252 * SECOND],
    ['PT0.017H', 61.2 * SECOND],
    ['PT1.25M', 75 * SECOND],
    ['P0.5D', 12 * HOUR],
    ['P0.5W', 3.5 * DAY],
    ['P0.5M', 15 * DAY],
    ['P0.5Y', 182.5 * DAY],
    ['P1DT0.5H', DAY + 30 * MINUTE],
    ['PT0.000001S', 0.001],
    ['PT007S', 7 * SECOND],
  ])('reads %s', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each([
    '',
    'P',
    'PT',
    'P1DT',
    '1D',
    'T1S',
    'PT1',
    'P1',
    'P1S',
    'PT1D',
    'PT1W',
    'PT1Y',
    'P1H',
    '-PT5S',
    'PT-5S',
    '+PT5S',
    'pt1h',
    'PT1h',
    'PT1M1H',
    'P1D1W',
    'P1M1Y',
    'PT1S1S',
    'PT1.S',
    'PT.5S',
    'PT1.5.5S',
    'PT1.5H1S',
    'PT1,5H30M',
    'P1.5DT1H',
    'P1.5YT1S',
    ' PT1S',
    'PT1S ',
    'PT1S\n',
    'PT 1S',
    'PT1e3S',
    'P1D PT1H',
    '3600',
    '01:00:00',
    'PT١S',
  ])('refuses %j', (text) => {
    expect(parseDuration(text)).toBeNull();
  });

  it('sums whole units in any combination', () => {
    const units = [
      ['Y', 365 * DAY],
      ['M', 30 * DAY],
      ['W', 7 * DAY],
      ['D', DAY],
      ['H', HOUR],
      ['M', MINUTE],
      ['S', SECOND],
    ] as const;
    const amounts = fc.tuple(...units.map(() => fc.option(fc.nat(10_000))));
    fc.assert(
      fc.property(amounts, (given) => {
        const part = (from: number, to: number) =>
          units
            .slice(from, to)
            .map(([name], i) => (given[from + i] === null ? '' : `${String(given[from + i])}${name}`))
            .join('');
        const time = part(4, 7);
        const isEmpty = given.every((amount) => amount === null);
        const sum = units.reduce((total, [, ms], i) => total + (given[i] ?? 0) * ms, 0);
        expect(parseDuration(`P${part(0, 4)}${time === '' ? '' : `T${time}`}`)).toBe(isEmpty ? null : sum);
      }),
    );
  });
});
