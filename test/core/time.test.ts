import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidArgumentError } from '../../src/core/errors.ts';
import {
  FIRST_INSTANT,
  formatInstant,
  instantOf,
  isInstant,
  LAST_INSTANT,
  parseInstant,
  readDate,
} from '../../src/core/time.ts';
import { FIRST, instantMs, LAST } from './arbitraries.ts';

describe('the instants of a board', () => {
  it('are the whole milliseconds of the years 1 to 9999', () => {
    expect(FIRST_INSTANT).toBe(FIRST);
    expect(LAST_INSTANT).toBe(LAST);
    expect([FIRST, FIRST + 1, -1, 0, 1, LAST - 1, LAST].every(isInstant)).toBe(true);
    expect([FIRST - 1, LAST + 1, 0.5, Number.NaN, Infinity, -Infinity].some(isInstant)).toBe(false);
  });
});

describe('readDate', () => {
  it('reads what a Date holds, of another realm too, and whatever its class makes of it', () => {
    class Later extends Date {
      override getTime() {
        return 7;
      }
    }
    const dates: unknown[] = [new Date(5), runInNewContext('new Date(6)'), new Later(8)];
    expect(dates.map(readDate)).toEqual([5, 6, 8]);
  });

  it('is not taken in by what only looks like one', () => {
    const lookalike = { [Symbol.toStringTag]: 'Date', getTime: () => 0 };
    for (const value of [lookalike, Object.create(Date.prototype), new Date(Number.NaN), 0, '2025-01-01', null]) {
      expect(readDate(value)).toBeUndefined();
    }
  });
});

describe('instantOf', () => {
  it('gives the milliseconds of a Date', () => {
    expect(instantOf(new Date(1234), 'start', 'query')).toBe(1234);
    expect(instantOf(new Date(FIRST), 'start', 'query')).toBe(FIRST);
    expect(instantOf(new Date(LAST), 'start', 'query')).toBe(LAST);
  });

  it.each<[string, unknown, string]>([
    ['a Date before year 1', new Date(FIRST - 1), 'Date 0000-12-31T23:59:59.999Z'],
    ['a Date after year 9999', new Date(LAST + 1), 'Date +010000-01-01T00:00:00.000Z'],
    ['an invalid Date', new Date(Number.NaN), 'an invalid Date'],
    ['a number', 5, '5'],
    ['a string', '2025-01-01', '"2025-01-01"'],
    ['nothing', undefined, 'undefined'],
  ])('refuses %s', (_, value, shown) => {
    const attempt = () => instantOf(value, 'start', 'query artifacts');
    expect(attempt).toThrow(InvalidArgumentError);
    expect(attempt).toThrow(`Cannot query artifacts: "start" must be a Date in the years 1 to 9999, got ${shown}`);
  });
});

describe('formatInstant', () => {
  it('writes UTC at fixed width with six digits', () => {
    expect(formatInstant(Date.UTC(2025, 9, 13, 12, 34, 56, 789))).toBe('2025-10-13T12:34:56.789000+00:00');
    expect(formatInstant(FIRST)).toBe('0001-01-01T00:00:00.000000+00:00');
    expect(formatInstant(LAST)).toBe('9999-12-31T23:59:59.999000+00:00');
  });

  it('is read back, and its text order is time order', () => {
    fc.assert(
      fc.property(instantMs, instantMs, (a, b) => {
        expect(parseInstant(formatInstant(a))).toEqual({ ms: a, text: formatInstant(a) });
        expect(formatInstant(a) < formatInstant(b)).toBe(a < b);
      }),
    );
  });
});

describe('parseInstant', () => {
  it.each<[string, string]>([
    ['2025-01-01T12:00:00+00:00', '2025-01-01T12:00:00.000000+00:00'],
    ['2025-01-01T12:00:00.000123+00:00', '2025-01-01T12:00:00.000123+00:00'],
    ['2025-01-01T12:00:00.123456+00:00', '2025-01-01T12:00:00.123456+00:00'],
    ['2025-01-01T12:00:00.5+00:00', '2025-01-01T12:00:00.500000+00:00'],
    ['2025-01-01T12:00:00,5+00:00', '2025-01-01T12:00:00.500000+00:00'],
    ['2025-01-01T12:00:00.1234567+00:00', '2025-01-01T12:00:00.123456+00:00'],
    ['2025-01-01T12:00:00.999999999Z', '2025-01-01T12:00:00.999999+00:00'],
    ['2025-01-01T12:00:00.000Z', '2025-01-01T12:00:00.000000+00:00'],
    ['2025-01-01T12:00:00Z', '2025-01-01T12:00:00.000000+00:00'],
    ['2025-01-01t12:00:00z', '2025-01-01T12:00:00.000000+00:00'],
    ['2025-01-01T12:00:00 Z', '2025-01-01T12:00:00.000000+00:00'],
    ['2025-01-01 12:00:00', '2025-01-01T12:00:00.000000+00:00'],
    ['2025-01-01T12:00:00', '2025-01-01T12:00:00.000000+00:00'],
    ['2025-01-01T12:00:00.25', '2025-01-01T12:00:00.250000+00:00'],
    ['2025-01-01T12:34', '2025-01-01T12:34:00.000000+00:00'],
    ['2025-01-01T12:34Z', '2025-01-01T12:34:00.000000+00:00'],
    ['2025-01-01T12:34+01:00', '2025-01-01T11:34:00.000000+00:00'],
    ['2025-01-01', '2025-01-01T00:00:00.000000+00:00'],
    ['2025-01-01T12:00:00+02:00', '2025-01-01T10:00:00.000000+00:00'],
    ['2025-01-01T12:00:00-02:30', '2025-01-01T14:30:00.000000+00:00'],
    ['2025-01-01T12:00:00+0230', '2025-01-01T09:30:00.000000+00:00'],
    ['2025-01-01T12:00:00 +02:00', '2025-01-01T10:00:00.000000+00:00'],
    ['2025-01-01T12:00:00+00:00:30', '2025-01-01T11:59:30.000000+00:00'],
    ['2025-01-01T12:00:00-00:00:30', '2025-01-01T12:00:30.000000+00:00'],
    ['2025-01-01T12:00:00-000030', '2025-01-01T12:00:30.000000+00:00'],
    ['2025-01-01T12:00:00+01:02:03.000004', '2025-01-01T10:57:56.999996+00:00'],
    ['2025-01-01T12:00:00-01:02:03.000004', '2025-01-01T13:02:03.000004+00:00'],
    ['2025-01-01T12:00:00+00:00:00.5', '2025-01-01T11:59:59.500000+00:00'],
    ['2025-01-01T12:00:00+23:59:59', '2024-12-31T12:00:01.000000+00:00'],
    ['2025-01-01T12:00:00-23:59', '2025-01-02T11:59:00.000000+00:00'],
    ['2025-01-01T00:00:00+00:01', '2024-12-31T23:59:00.000000+00:00'],
    ['2024-02-29T23:59:59.999999Z', '2024-02-29T23:59:59.999999+00:00'],
    ['2000-02-29', '2000-02-29T00:00:00.000000+00:00'],
    ['1969-12-31T23:59:59.999999Z', '1969-12-31T23:59:59.999999+00:00'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000000+00:00'],
    ['0099-06-01T00:00:00Z', '0099-06-01T00:00:00.000000+00:00'],
    ['9999-12-31T23:59:59.999999Z', '9999-12-31T23:59:59.999999+00:00'],
  ])('reads %s', (text, expected) => {
    const parsed = parseInstant(text);
    expect(parsed?.text).toBe(expected);
    expect(parsed?.ms).toBe(Date.parse(`${expected.slice(0, 23)}Z`));
  });

  it.each([
    '',
    'now',
    '2025-01',
    '2025-1-1',
    '20250101',
    '25-01-01',
    '2025-01-01T',
    '2025-01-01T12',
    '2025-01-01T1:00',
    '2025-01-01T12:00:0',
    '2025-01-01T12:00:00.',
    '2025-01-01T12:00.5',
    '2025-01-01T12:00:00.1234567890Z',
    '2025-01-01T12:00:00+02',
    '2025-01-01T12:00:00+2:00',
    '2025-01-01T12:00:00+24:00',
    '2025-01-01T12:00:00-24:00',
    '2025-01-01T12:00:00+00:60',
    '2025-01-01T12:00:00+00:00:60',
    '2025-01-01T12:00:00+00:00:00.1234567',
    '2025-01-01T12:00:00Z+00:00',
    '2025-01-01T12:00:00  Z',
    '2025-01-01T12:00:00UTC',
    '2025-01-01Z',
    '2025-01-01+00:00',
    ' 2025-01-01T12:00:00Z',
    '2025-01-01T12:00:00Z ',
    '5-01-01T12:00:00.000000+00:00',
    '2025-01-01T12:00:00Z\n',
    '2025-01-01X12:00:00Z',
    '2025-00-01',
    '2025-13-01',
    '2025-01-00',
    '2025-01-32',
    '2025-02-29',
    '2025-04-31',
    '1900-02-29',
    '2100-02-29',
    '2025-01-01T24:00:00Z',
    '2025-01-01T12:60:00Z',
    '2025-01-01T12:00:60Z',
    '0000-01-01T00:00:00Z',
    '0000-12-31T23:59:59.999999Z',
    '0001-01-01T00:00:00+00:01',
    '9999-12-31T23:59:59.999999-00:01',
    '+010000-01-01T00:00:00.000Z',
    '-000001-01-01T00:00:00.000Z',
    '٢٠٢٥-01-01',
  ])('refuses %j', (text) => {
    expect(parseInstant(text)).toBeNull();
  });

  it('takes no text in the form of a board for another instant, or for one that is none, however little is wrong', () => {
    const texts = [
      '2025-01-15T12:34:56.789012+00:00',
      '2024-10-28T20:00:09.000001+00:00',
      '1999-12-01T01:59:59.999999+00:00',
    ];
    // The same in a form that is taken to pieces.
    const another = (text: string) => text.replace(/\+00:00$/, 'Z');
    const wrong = [
      ...texts.flatMap((text) =>
        Array.from({ length: text.length }, (_, i) => [text.slice(0, i), text.slice(i + 1)] as const).flatMap(
          ([before, after]) => ['', ...Array.from('0123456789x- ')].map((part) => `${before}${part}${after}`),
        ),
      ),
      ...texts.map((text) => `x${text}`),
      ...texts.map((text) => `year${text.slice(4)}`),
      ...texts.map((text) => `0000${text.slice(4)}`),
      ...texts.map((text) => `${text.slice(0, 20)}micros${text.slice(26)}`),
    ];
    for (const text of wrong) expect([text, parseInstant(text)]).toEqual([text, parseInstant(another(text))]);
  });

  it('floors to the millisecond before 1970 as after it', () => {
    expect(parseInstant('1969-12-31T23:59:59.999999Z')?.ms).toBe(-1);
    expect(parseInstant('1969-12-31T23:59:59.998001Z')?.ms).toBe(-2);
    expect(parseInstant('1969-12-31T23:59:59.998000Z')?.ms).toBe(-2);
    expect(parseInstant('1970-01-01T00:00:00.000999Z')?.ms).toBe(0);
  });

  it('reads what Date writes', () => {
    fc.assert(
      fc.property(instantMs, (ms) => {
        expect(parseInstant(new Date(ms).toISOString())).toEqual({ ms, text: formatInstant(ms) });
      }),
    );
  });

  it('reads what Python writes, at any offset, to the microsecond', () => {
    const micros = fc.nat(999);
    const offset = fc.integer({ min: -86_399, max: 86_399 });
    const local = fc.integer({ min: FIRST + 90_000_000, max: LAST - 90_000_000 });
    fc.assert(
      fc.property(local, micros, offset, (ms, us, offsetSeconds) => {
        const text = `${new Date(ms).toISOString().slice(0, 23)}${digits(us, 3)}${isoOffset(offsetSeconds)}`;
        const utc = ms - offsetSeconds * 1000;
        expect(parseInstant(text)).toEqual({
          ms: utc,
          text: `${new Date(utc).toISOString().slice(0, 23)}${digits(us, 3)}+00:00`,
        });
      }),
    );
  });

  it('gives a text that it reads back as the same instant', () => {
    fc.assert(
      fc.property(instantMs, fc.nat(999), (ms, us) => {
        const first = parseInstant(`${new Date(ms).toISOString().slice(0, 23)}${digits(us, 3)}`);
        expect(first && parseInstant(first.text)).toEqual(first);
      }),
    );
  });
});

function digits(value: number, width: number): string {
  return String(value).padStart(width, '0');
}

/** `+hh:mm`, and `:ss` where there are seconds, as `datetime.isoformat` writes an offset. */
function isoOffset(seconds: number): string {
  const size = Math.abs(seconds);
  const parts = [Math.floor(size / 3600), Math.floor(size / 60) % 60, size % 60].map((part) => digits(part, 2));
  return `${seconds < 0 ? '-' : '+'}${parts.slice(0, size % 60 === 0 ? 2 : 3).join(':')}`;
}
