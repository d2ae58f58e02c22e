import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseExactJson } from '../../src/core/exact-json.ts';

describe('exact JSON', () => {
  it('is what JSON.parse gives, for all that JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const json = JSON.stringify(value);
        expect(parseExactJson(json)).toEqual(JSON.parse(json));
      }),
    );
  });

  it.each([
    '9007199254740992',
    '-9007199254740993e0',
    '9007199254740994',
    '1e22',
    '1E+22',
    '100000000000000000000',
    '1000000000000000000000',
    '-147573952589676412928',
    '0.1234567890123456789',
    '1234567890123456.7',
    '5e-324',
    '-0.0',
  ])('takes %s, as near as a double comes', (json) => {
    expect(parseExactJson(`[${json}]`)).toEqual([Number(json)]);
  });

  it('takes every number that JSON.stringify writes', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.double({ noDefaultInfinity: true, noNaN: true }),
          fc.maxSafeInteger(),
          fc.bigInt(-(2n ** 80n), 2n ** 80n).map(Number),
        ),
        (number) => {
          expect(parseExactJson(JSON.stringify([number]))).toEqual([number + 0]);
        },
      ),
    );
    expect(parseExactJson('36070122311553930')).toBe(36070122311553930);
  });

  it('passes over what strings hold', () => {
    for (const text of [' 1e400 ', 'a "1e400" b', '\\', '1e400\\', ' \\" 1e400']) {
      expect(parseExactJson(JSON.stringify([text, 1]))).toEqual([text, 1]);
    }
  });

  it.each([
    '9007199254740993',
    '-9007199254740993',
    '12345678901234567890',
    '36070122311553929',
    '100000000000000000000000',
    '1e400',
    '-1E400',
    '1e+400',
    '1.5e309',
  ])('refuses %s, wherever it stands', (number) => {
    const places = [number, ` ${number} `, `[${number}]`, `{"a":${number}}`, `["x",{"a":[1,${number}]}]`];
    for (const json of [...places, `["\\"",${number}]`, `["\\\\",${number}]`, `{"\\\\\\"":${number}}`]) {
      expect(() => parseExactJson(json)).toThrow(new RangeError(`the number ${number} is too large to read exactly`));
    }
  });

  it.each([
    '"9007199254740993"',
    '{"9007199254740993":1}',
    '["\\"9007199254740993"]',
    '["\\\\\\"1e400"]',
    '["a","1e400"]',
  ])('does not mind digits in the text %s', (json) => {
    expect(parseExactJson(json)).toEqual(JSON.parse(json));
  });

  it.each(['', '{', 'NaN', '[Infinity]', "{'a':1}", '[1,]', 'undefined', '{"a":1}x'])('is not %j', (text) => {
    expect(() => parseExactJson(text)).toThrow(SyntaxError);
  });
});
