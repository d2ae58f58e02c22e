import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidPayloadError } from '../../src/core/errors.ts';
import { copyPayload, formatPath, MAX_PAYLOAD_DEPTH, thaw } from '../../src/core/json.ts';
import { wellFormedText } from './arbitraries.ts';

function copy(payload: unknown) {
  return copyPayload(payload, 'publish');
}

function refusalOf(payload: unknown): InvalidPayloadError {
  try {
    copy(payload);
  } catch (error) {
    if (error instanceof InvalidPayloadError) return error;
    throw error;
  }
  throw new Error('the payload was taken');
}

/** JSON values whose numbers JSON keeps: it writes -0 as 0, so a payload may not hold it. */
const jsonObject = fc.dictionary(
  fc.oneof(wellFormedText, fc.constantFrom('__proto__', 'constructor', 'toJSON', 'length')),
  fc.jsonValue({ stringUnit: 'binary' }).map((value) => JSON.parse(JSON.stringify(value)) as unknown),
  { noNullPrototype: false },
);

/** So many levels, one inside the other. */
function nested(levels: number, wrap: (inner: unknown) => unknown): unknown {
  let value: unknown = {};
  for (let level = 1; level < levels; level++) value = wrap(value);
  return value;
}

function isDeeplyFrozen(value: unknown): boolean {
  return (
    typeof value !== 'object' ||
    value === null ||
    (Object.isFrozen(value) && Object.values(value).every((item) => isDeeplyFrozen(item)))
  );
}

describe('copyPayload', () => {
  it('keeps every JSON object as JSON does', () => {
    fc.assert(
      fc.property(jsonObject, (payload) => {
        const copied = copy(payload);
        expect(copied).toEqual(JSON.parse(JSON.stringify(payload)));
        expect(JSON.stringify(copied)).toBe(JSON.stringify(payload));
      }),
      { numRuns: 500 },
    );
  });

  it('freezes the copy all the way down and leaves the original as it was', () => {
    const payload = { list: [{ a: 1 }, []], object: { b: {} } };
    const copied = copy(payload);
    expect(isDeeplyFrozen(copied)).toBe(true);
    expect([payload, payload.list, payload.list[0], payload.object].some((value) => Object.isFrozen(value))).toBe(
      false,
    );
    payload.list.push([]);
    payload.object.b = { c: 1 };
    expect(copied).toEqual({ list: [{ a: 1 }, []], object: { b: {} } });
  });

  it('keeps strings unchanged: NUL, emoji, 10 MB', () => {
    const payload = { nul: 'a\u0000b', emoji: '👩‍👩‍👧', long: 'é'.repeat(10_000_000) };
    expect(copy(payload)).toEqual(payload);
  });

  it('keeps the extremes of numbers', () => {
    const payload = { numbers: [0, 5e-324, -5e-324, Number.MAX_VALUE, -Number.MAX_VALUE, 2 ** 53, 0.1] };
    expect(copy(payload)).toEqual(payload);
  });

  it('drops undefined properties, also nested ones', () => {
    expect(Object.keys(copy({ a: undefined, b: 1 }))).toEqual(['b']);
    expect(copy({ a: { b: undefined } })).toEqual({ a: {} });
  });

  it('keeps __proto__ as an ordinary key', () => {
    const payload: unknown = JSON.parse('{"__proto__":{"polluted":true},"a":1}');
    const copied = copy(payload);
    expect(Object.keys(copied)).toEqual(['__proto__', 'a']);
    expect(Object.getPrototypeOf(copied)).toBe(Object.prototype);
    expect(copied['polluted']).toBeUndefined();
    expect(JSON.stringify(copied)).toBe('{"__proto__":{"polluted":true},"a":1}');
  });

  it('keeps null and false apart from nothing', () => {
    expect(copy({ a: null, b: false, c: '', d: 0, e: [null] })).toEqual({ a: null, b: false, c: '', d: 0, e: [null] });
  });

  it('takes objects without a prototype and objects of another realm', () => {
    const bare: unknown = Object.assign(Object.create(null) as object, { a: 1 });
    expect(copy(bare)).toEqual({ a: 1 });
    expect(copy({ inner: bare })).toEqual({ inner: { a: 1 } });
    const foreign: unknown = runInNewContext('({ a: [1, { b: [] }] })');
    expect(copy(foreign)).toEqual({ a: [1, { b: [] }] });
    expect(Object.getPrototypeOf(copy(foreign))).toBe(Object.prototype);
  });

  it('takes one object in two places, which is no cycle', () => {
    const shared = { list: [1] };
    expect(copy({ a: shared, b: [shared, shared], c: { d: shared.list } })).toEqual({
      a: { list: [1] },
      b: [{ list: [1] }, { list: [1] }],
      c: { d: [1] },
    });
    expect(copy({ twice: [shared.list, shared.list] })).toEqual({ twice: [[1], [1]] });
  });

  it('reads each property once', () => {
    let reads = 0;
    const payload = {
      get a() {
        return ++reads;
      },
    };
    expect(copy(payload)).toEqual({ a: 1 });
  });

  it('leaves out properties that are not enumerable, as JSON does', () => {
    const payload = Object.defineProperties({ a: 1 }, { b: { value: Number.NaN }, [Symbol('s')]: { value: 1 } });
    expect(copy(payload)).toEqual({ a: 1 });
  });

  it('takes 512 levels below the payload and no more', () => {
    expect(MAX_PAYLOAD_DEPTH).toBe(512);
    const deepest = nested(513, (inner) => ({ a: inner }));
    expect(JSON.stringify(copy(deepest))).toBe(JSON.stringify(deepest));
    expect(refusalOf(nested(514, (inner) => ({ a: inner }))).message).toBe(
      `Cannot publish: at "payload.${Array.from({ length: 513 }, () => 'a').join('.')}" is nested deeper than 512 levels`,
    );
    expect(copy({ a: nested(512, (inner) => [inner]) })).toBeDefined();
    expect(refusalOf({ a: nested(513, (inner) => [inner]) }).message).toMatch(/ is nested deeper than 512 levels$/);
  });
});

class Film {
  title = 'Alien';
}
class Films extends Array<string> {}

const cyclicObject: Record<string, unknown> = { a: {} };
cyclicObject['a'] = { b: cyclicObject };
const cyclicArray: unknown[] = [];
cyclicArray.push(cyclicArray);
const revoked = Proxy.revocable({}, {});
revoked.revoke();
const withoutPrototype: unknown = Object.setPrototypeOf([1], null);

describe('copyPayload refuses', () => {
  it.each<[string, unknown, string, string]>([
    ['NaN', { a: Number.NaN }, 'a', 'NaN at "payload.a" is not a number that JSON can carry'],
    ['Infinity', { a: [1, Infinity] }, 'a[1]', 'Infinity at "payload.a[1]" is not a number that JSON can carry'],
    ['-Infinity', { a: -Infinity }, 'a', '-Infinity at "payload.a" is not a number that JSON can carry'],
    ['-0', { a: { b: -0 } }, 'a.b', '-0 at "payload.a.b" is not a number that JSON can carry'],
    ['a bigint', { a: 1n }, 'a', '1n at "payload.a" is a bigint, which JSON cannot carry'],
    ['a symbol', { a: Symbol('s') }, 'a', 'Symbol(s) at "payload.a" is a symbol, which JSON cannot carry'],
    ['a function', { a: () => 1 }, 'a', 'a function at "payload.a" is a function, which JSON cannot carry'],
    [
      'toJSON',
      { a: { toJSON: () => 1 } },
      'a.toJSON',
      'a function at "payload.a.toJSON" is a function, which JSON cannot carry',
    ],
    [
      'undefined in an array',
      { a: [undefined] },
      'a[0]',
      ' at "payload.a[0]" is an array element that JSON cannot carry',
    ],
    ['a hole', { a: Object.assign(new Array(3), { 0: 1, 2: 2 }) }, 'a[1]', ' at "payload.a[1]" is a hole in an array'],
    ['a hole at the end', { a: new Array(2) }, 'a[0]', ' at "payload.a[0]" is a hole in an array'],
    [
      'named properties',
      { a: Object.assign([1], { b: 2 }) },
      'a',
      '[1] at "payload.a" is an array with named properties',
    ],
    [
      'symbol properties',
      { a: Object.assign([1], { [Symbol('s')]: 2 }) },
      'a',
      '[1] at "payload.a" is an array with named properties',
    ],
    [
      'a Date',
      { a: new Date(0) },
      'a',
      'Date 1970-01-01T00:00:00.000Z at "payload.a" is neither a plain object nor an array',
    ],
    ['a Map', { a: new Map() }, 'a', '[object Map] at "payload.a" is neither a plain object nor an array'],
    ['a Set', { a: new Set() }, 'a', '[object Set] at "payload.a" is neither a plain object nor an array'],
    ['a RegExp', { a: /x/ }, 'a', '[object RegExp] at "payload.a" is neither a plain object nor an array'],
    [
      'a boxed string',
      { a: new String('x') },
      'a',
      '[object String] at "payload.a" is neither a plain object nor an array',
    ],
    [
      'bytes',
      { a: Uint8Array.of(1) },
      'a',
      '[object Uint8Array] at "payload.a" is neither a plain object nor an array',
    ],
    [
      'a class instance',
      { a: new Film() },
      'a',
      '{"title":"Alien"} at "payload.a" is neither a plain object nor an array',
    ],
    [
      'an instance of a class of arrays',
      { a: Films.of('x') },
      'a',
      '["x"] at "payload.a" is neither a plain object nor an array',
    ],
    [
      'a Date of another realm',
      { a: runInNewContext('new Date(0)') as unknown },
      'a',
      '"1970-01-01T00:00:00.000Z" at "payload.a" is neither a plain object nor an array',
    ],
    [
      'an array with another prototype',
      { a: Object.setPrototypeOf([1], Object.create(null) as object) as unknown },
      'a',
      '[1] at "payload.a" is neither a plain object nor an array',
    ],
    [
      'an inherited object',
      { a: Object.create({ b: 1 }) as unknown },
      'a',
      '{} at "payload.a" is neither a plain object nor an array',
    ],
    ['a lone surrogate', { a: 'x\ud800' }, 'a', '"x\\ud800" at "payload.a" holds a lone surrogate'],
    [
      'a key with a lone surrogate',
      { a: { '\udc00': 1 } },
      'a',
      '"\\udc00" at "payload.a" is a key with a lone surrogate',
    ],
    ['a symbol as a key', { a: { [Symbol('s')]: 1 } }, 'a', 'Symbol(s) at "payload.a" is a symbol used as a key'],
    ['a symbol as a key at the top', { [Symbol('s')]: 1 }, '', 'Symbol(s) at "payload" is a symbol used as a key'],
    ['a cycle', cyclicObject, 'a.b', ' at "payload.a.b" is part of a cycle'],
    ['a cycle of arrays', { a: cyclicArray }, 'a[0]', ' at "payload.a[0]" is part of a cycle'],
    ['undefined', undefined, '', ' at "payload" is not a plain object'],
    ['null', null, '', ' null at "payload" is not a plain object'],
    ['a string', 'x', '', ' "x" at "payload" is not a plain object'],
    ['an array', [1], '', ' [1] at "payload" is not a plain object'],
    ['a Date as the payload', new Date(0), '', ' Date 1970-01-01T00:00:00.000Z at "payload" is not a plain object'],
    ['a class instance as the payload', new Film(), '', ' {"title":"Alien"} at "payload" is not a plain object'],
    ['a function as the payload', () => 1, '', ' a function at "payload" is not a plain object'],
    [
      'odd keys, by their names',
      { 'a b': { 'c.d': Number.NaN } },
      'a b.c.d',
      'NaN at "payload.a b.c.d" is not a number that JSON can carry',
    ],
  ])('%s', (_, payload, path, text) => {
    const error = refusalOf(payload);
    expect(error.message).toBe(`Cannot publish:${text.startsWith(' ') ? '' : ' '}${text}`);
    expect(error.issues).toEqual([{ path, message: text.replace(/^.*"payload[^"]*" /, '') }]);
    expect(error.cause).toBeUndefined();
  });

  it('the value that follows others, by its own path', () => {
    expect(refusalOf({ a: { b: 1 }, c: [[1], { d: [2] }], e: { f: Number.NaN } }).issues[0]?.path).toBe('e.f');
    expect(refusalOf({ a: [[1], { d: [2] }, -0] }).issues[0]?.path).toBe('a[2]');
  });

  it.each<[string, unknown, string, string]>([
    [
      'a getter that throws',
      {
        a: {
          get b() {
            throw new Error('no');
          },
        },
      },
      'a.b',
      'Cannot publish: reading the payload at "payload.a.b" failed',
    ],
    ['a revoked proxy', revoked.proxy, '', 'Cannot publish: reading the payload at "payload" failed'],
    [
      'a revoked proxy inside',
      { a: [revoked.proxy] },
      'a[0]',
      'Cannot publish: reading the payload at "payload.a[0]" failed',
    ],
    [
      'an array without a prototype',
      { a: withoutPrototype },
      'a',
      'Cannot publish: reading the payload at "payload.a" failed',
    ],
  ])('%s, keeping the cause', (_, payload, path, message) => {
    const error = refusalOf(payload);
    expect(error.message).toBe(message);
    expect(error.issues).toEqual([{ path, message: 'could not be read' }]);
    expect(error.cause).toBeInstanceOf(Error);
  });
});

describe('formatPath', () => {
  it.each<[string, PropertyKey[]]>([
    ['', []],
    ['cast[2].name', ['cast', 2, 'name']],
    ['[0]', [0]],
    ['[0].a[1]', [0, 'a', 1]],
    ['a.b', ['a', 'b']],
    ['a[0][1]', ['a', 0, 1]],
    ['Symbol(s).a', [Symbol('s'), 'a']],
    ['a.Symbol(s)', ['a', Symbol('s')]],
  ])('writes %j as a reader would', (path, keys) => {
    expect(formatPath(keys)).toBe(path);
  });
});

describe('thaw', () => {
  it('gives a copy that may be changed, and leaves the frozen one as it is', () => {
    const frozen = copy({ list: [{ a: 1 }], object: { b: null } });
    const thawed = thaw(frozen) as { list: { a: number }[]; object: Record<string, unknown> };
    thawed.list[0] = { a: 2 };
    thawed.list.push({ a: 3 });
    thawed.object['c'] = 1;
    expect(frozen).toEqual({ list: [{ a: 1 }], object: { b: null } });
    expect(thawed).toEqual({ list: [{ a: 2 }, { a: 3 }], object: { b: null, c: 1 } });
  });

  it('makes __proto__ as changeable as any key', () => {
    const thawed = thaw(copy(JSON.parse('{"__proto__":1,"a":1}')));
    expect(Object.getOwnPropertyDescriptor(thawed, '__proto__')).toEqual(Object.getOwnPropertyDescriptor(thawed, 'a'));
  });

  it('keeps every JSON object as it is', () => {
    fc.assert(
      fc.property(jsonObject, (payload) => {
        expect(JSON.stringify(thaw(copy(payload)))).toBe(JSON.stringify(payload));
      }),
    );
  });
});
