import { beforeEach, describe, expect, it } from 'vitest';
import {
  arrayOf,
  canonicalId,
  check,
  checkId,
  checkText,
  field,
  fields,
  isIterable,
  isWhole,
  oneOf,
  optional,
  setOf,
} from '../../src/core/checks.ts';
import { InvalidArgumentError } from '../../src/core/errors.ts';
import { idOf, thrownBy } from './samples.ts';

const readEven = (value: unknown) => (typeof value === 'number' && value % 2 === 0 ? value : undefined);

describe('fields', () => {
  const evens = () => fields({ a: field(readEven, 'must be even'), b: optional(arrayOf(readEven, 'must be even')) });
  let schema: ReturnType<typeof evens>;
  beforeEach(() => {
    schema = evens();
  });

  it('give what they were read into', () => {
    expect(check(schema, { a: 0 }, 'act', 'thing')).toEqual({ a: 0 });
    expect(check(schema, { a: 2, b: [4] }, 'act', 'thing')).toEqual({ a: 2, b: [4] });
  });

  it('report the first that is wrong', () => {
    expect(() => check(schema, { a: 1, b: [2, 3, 5] }, 'act', 'thing')).toThrow('Cannot act: "a" must be even, got 1');
    expect(() => check(schema, { a: 2, b: [2, 3, 5] }, 'act', 'thing')).toThrow('"b[1]" must be even, got 3');
  });

  it('are read once each', () => {
    const reads: string[] = [];
    const given = {
      get a() {
        reads.push('a');
        return 1;
      },
      get b() {
        reads.push('b');
        return [1];
      },
    };
    expect(() => check(schema, given, 'act', 'thing')).toThrow('"a" must be even, got 1');
    expect(reads).toEqual(['a', 'b']);
  });
});

describe('a set', () => {
  it('quotes what it refused, also when it can be read only once', () => {
    const schema = fields({ a: setOf(readEven, 'must be even') });
    expect(() => check(schema, { a: [2, 3].values() }, 'act', 'thing')).toThrow('"a[1]" must be even, got 3');
  });
});

describe('an id', () => {
  it('is a UUID in any version, in lower case', () => {
    expect(checkId(idOf(0xabc).toUpperCase(), 'get')).toBe(idOf(0xabc));
    expect(checkId('FFFFFFFF-ffff-0000-0000-ffffffffffff', 'get')).toBe('ffffffff-ffff-0000-0000-ffffffffffff');
    expect(canonicalId(idOf(1))).toBe(idOf(1));
  });

  it.each<[unknown, string]>([
    ['x', '"x"'],
    [undefined, 'undefined'],
    [[idOf(1)], `["${idOf(1)}"]`],
    [`${idOf(1)}\n`, `"${idOf(1)}\\n"`],
  ])('is not %j', (id, shown) => {
    const error = thrownBy(() => checkId(id, 'get artifact'));
    expect(error).toBeInstanceOf(InvalidArgumentError);
    expect(error).toHaveProperty('message', `Cannot get artifact: id ${shown} is not a UUID`);
    expect(canonicalId(id)).toBeUndefined();
  });
});

describe('a text', () => {
  it('is a string that has a UTF-8 form', () => {
    expect(checkText('', 'act', 'agent id')).toBe('');
    const error = thrownBy(() => checkText('\ud800', 'act', 'agent id'));
    expect(error).toBeInstanceOf(InvalidArgumentError);
    expect(error).toHaveProperty('message', 'Cannot act: agent id "\\ud800" is not a string without lone surrogates');
    expect(() => checkText(1, 'act', 'agent id')).toThrow('Cannot act: agent id 1 is not a string');
  });
});

describe('small predicates', () => {
  it('know what can be gone through, strings aside', () => {
    expect([[], new Set(), new Map().values(), { [Symbol.iterator]: 1 }].map(isIterable)).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(['ab', null, undefined, {}, 5, () => []].map(isIterable)).toEqual([
      false,
      false,
      false,
      false,
      false,
      false,
    ]);
  });

  it('know whole numbers from a least one up', () => {
    expect([0, 1, 2 ** 53 - 1].map((value) => isWhole(value, 0))).toEqual([true, true, true]);
    expect([-0, -1, 0.5, 2 ** 53, Infinity, '1', 1n, null].some((value) => isWhole(value, 0))).toBe(false);
    expect([isWhole(0, 1), isWhole(1, 1), isWhole(-1, -1)]).toEqual([false, true, true]);
  });

  it('know one of some words', () => {
    const read = oneOf('asc', 'desc');
    expect([read('asc'), read('desc'), read('ASC'), read(''), read(undefined)]).toEqual([
      'asc',
      'desc',
      undefined,
      undefined,
      undefined,
    ]);
  });
});
