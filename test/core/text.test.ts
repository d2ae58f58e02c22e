import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compareText, isText, isWellFormed, quote, sortedSet } from '../../src/core/text.ts';
import { anyText, wellFormedText } from './arbitraries.ts';

const native = Object.getOwnPropertyDescriptor(String.prototype, 'isWellFormed');

describe.each([
  ['where strings tell it themselves', native],
  ['where they do not', undefined],
])('isWellFormed, %s,', (_, method) => {
  const set = (descriptor: PropertyDescriptor | undefined) => {
    if (descriptor === undefined) Reflect.deleteProperty(String.prototype, 'isWellFormed');
    else Object.defineProperty(String.prototype, 'isWellFormed', descriptor);
  };
  beforeEach(() => set(method));
  afterEach(() => set(native));

  it.each(['', 'a', '\u0000', 'é', '\ud7ff', '\ue000', '\uffff', '😀', 'a😀b'])('accepts %j', (text) => {
    expect(isWellFormed(text)).toBe(true);
  });

  it.each(['\ud800', '\udbff', '\udc00', '\udfff', 'a\ud83d', '\ude00a', '\ude00\ud83d', '😀\ud83d'])(
    'refuses %j',
    (text) => {
      expect(isWellFormed(text)).toBe(false);
    },
  );

  it('accepts exactly what survives a round trip through UTF-8', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, wellFormedText), (text) => {
        expect(isWellFormed(text)).toBe(new TextDecoder().decode(new TextEncoder().encode(text)) === stripBom(text));
      }),
    );
  });
});

/** TextDecoder takes a leading byte order mark away. */
function stripBom(text: string): string {
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}

describe('isText', () => {
  it('accepts strings that have a UTF-8 form, and nothing else', () => {
    expect(['', 'a', '😀'].every(isText)).toBe(true);
    expect(['\ud800', 1, null, undefined, ['a'], new String('a')].some(isText)).toBe(false);
  });
});

describe('compareText', () => {
  it('orders well-formed strings as their UTF-8 bytes are ordered', () => {
    fc.assert(
      fc.property(wellFormedText, wellFormedText, (a, b) => {
        expect(Math.sign(compareText(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['\uff5e', '\u{1d11e}'],
    ['\ud7ff', '\ue000'],
    ['\uffff', '\u{10000}'],
    ['\ue000', '\u{10ffff}'],
    ['a\uff5e', 'a😀'],
    ['\uffff', '\ud800'],
    ['\uffff', '\udfff'],
    ['😀', '😁'],
    ['😀', '😀a'],
    ['', '😀'],
    ['a', '😀'],
    ['a', 'b'],
    ['B', 'a'],
    ['a', 'aa'],
    ['', 'a'],
  ])('puts %j before %j', (a, b) => {
    expect(compareText(a, b)).toBeLessThan(0);
    expect(compareText(b, a)).toBeGreaterThan(0);
  });

  it('calls only equal strings equal, lone surrogates or not', () => {
    fc.assert(
      fc.property(anyText, anyText, (a, b) => {
        expect(compareText(a, b) === 0).toBe(a === b);
        expect(Math.sign(compareText(a, b)) + Math.sign(compareText(b, a))).toBe(0);
      }),
    );
  });

  it('is one order whatever the strings hold: what sorts before the middle sorts before the end', () => {
    fc.assert(
      fc.property(fc.uniqueArray(anyText, { minLength: 3, maxLength: 8 }), (texts) => {
        const sorted = [...texts].sort(compareText);
        sorted.forEach((text, i) => {
          for (const later of sorted.slice(i + 1)) expect(compareText(text, later)).toBeLessThan(0);
        });
      }),
    );
  });
});

describe('sortedSet', () => {
  it('keeps each string once, by code point', () => {
    expect(sortedSet(['b', '😀', 'a', '\uff5e', 'b', ''])).toEqual(['', 'a', 'b', '\uff5e', '😀']);
  });

  it('reads any iterable', () => {
    expect(sortedSet(new Set(['b', 'a']))).toEqual(['a', 'b']);
  });
});

describe('quote', () => {
  const cycle: Record<string, unknown> = {};
  cycle['self'] = cycle;
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();

  it.each<[string, unknown, string]>([
    ['a string', 'a"b', '"a\\"b"'],
    ['an empty string', '', '""'],
    ['a lone surrogate', '\ud800', '"\\ud800"'],
    ['a number', 1.5, '1.5'],
    ['zero', 0, '0'],
    ['negative zero', -0, '-0'],
    ['not a number', Number.NaN, 'NaN'],
    ['infinity', -Infinity, '-Infinity'],
    ['true', true, 'true'],
    ['null', null, 'null'],
    ['undefined', undefined, 'undefined'],
    ['a symbol', Symbol('s'), 'Symbol(s)'],
    ['a bigint', 12n, '12n'],
    ['a function', () => 1, 'a function'],
    ['an object', { a: 1 }, '{"a":1}'],
    ['an array', [1, 'b'], '[1,"b"]'],
    ['a Date', new Date(0), 'Date 1970-01-01T00:00:00.000Z'],
    ['an invalid Date', new Date(Number.NaN), 'an invalid Date'],
    ['a Date of another realm', runInNewContext('new Date(0)'), '"1970-01-01T00:00:00.000Z"'],
    ['a promise', Promise.resolve(1), '[object Promise]'],
    ['bytes', Uint8Array.of(1), '[object Uint8Array]'],
    ['a buffer', new ArrayBuffer(1), '[object ArrayBuffer]'],
    ['an instance of a class', new (class Film {})(), '{}'],
    ['a cycle', cycle, 'an object that cannot be shown'],
    ['an object that JSON leaves out', { toJSON: () => undefined }, 'an object that cannot be shown'],
    [
      'a getter that throws',
      Object.defineProperty({}, 'a', {
        enumerable: true,
        get() {
          throw new Error('no');
        },
      }),
      'an object that cannot be shown',
    ],
    ['a revoked proxy', revoked.proxy, 'an object that cannot be shown'],
  ])('shows %s', (_, value, shown) => {
    expect(quote(value)).toBe(shown);
  });

  it('shows 80 characters whole and says how many there were when there are more', () => {
    expect(quote('x'.repeat(80))).toBe(`"${'x'.repeat(80)}"`);
    expect(quote('x'.repeat(81))).toBe(`"${'x'.repeat(80)}… (81 characters)"`);
  });

  it('shortens long objects and long bigints as well', () => {
    expect(quote(['x'.repeat(100)])).toBe(`["${'x'.repeat(78)}… (104 characters)`);
    expect(quote(10n ** 100n)).toBe(`1${'0'.repeat(79)}… (101 characters)n`);
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.anything({ withBigInt: true, withDate: true, withMap: true, withSparseArray: true }), (value) => {
        expect(typeof quote(value)).toBe('string');
      }),
    );
  });
});
