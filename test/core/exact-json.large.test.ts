import { expect, it } from 'vitest';
import { parseExactJson } from '../../src/core/exact-json.ts';

it('exact JSON passes over strings of megabytes, whatever is in them', () => {
  for (const text of ['x', '\\', '"', '\n', '\\"', '1e5 12345678901234567890 ']) {
    const long = text.repeat(2_000_000 / text.length);
    const json = JSON.stringify([long, 1234567890123456]);
    expect(parseExactJson(json)).toEqual([long, 1234567890123456]);
    expect(() => parseExactJson(JSON.stringify([long]).replace(/]$/, ',1e400]'))).toThrow(RangeError);
  }
});
