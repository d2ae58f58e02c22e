import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeCursor, encodeCursor } from '../../src/core/cursor.ts';
import { BlackboardError, InvalidArgumentError } from '../../src/core/errors.ts';
import type { Selection } from '../../src/core/filter.ts';
import { FIRST, instantMs, LAST } from './arbitraries.ts';
import { idOf, thrownBy } from './samples.ts';

const action = 'query artifacts';
const position = fc.record({ createdAt: instantMs, id: fc.uuid() });
const order = fc.constantFrom('asc' as const, 'desc' as const);
const selection: fc.Arbitrary<Selection> = fc.record(
  {
    ids: fc.array(fc.uuid(), { maxLength: 3 }),
    typeNames: fc.array(fc.string(), { maxLength: 3 }),
    producedBy: fc.array(fc.string(), { maxLength: 3 }),
    correlationId: fc.option(fc.string()),
    partitionKey: fc.option(fc.string()),
    tags: fc.array(fc.string(), { maxLength: 3 }),
    visibility: fc.constantFrom(['Public'], []),
    start: instantMs,
    end: instantMs,
  },
  { requiredKeys: [] },
);

describe('a cursor', () => {
  it('leads back to the place it was made at', () => {
    fc.assert(
      fc.property(selection, order, position, (filter, direction, place) => {
        const cursor = encodeCursor(filter, direction, place);
        expect(decodeCursor(cursor, filter, direction, action)).toEqual(place);
        // It travels in addresses: no character of it needs escaping there.
        expect(encodeURIComponent(cursor)).toBe(cursor);
      }),
    );
  });

  it('takes a filter for the same whether a field is undefined or not there', () => {
    const cursor = encodeCursor({ tags: ['a'] }, 'asc', { createdAt: 1, id: idOf(1) });
    const same: Record<string, unknown> = { ids: undefined, tags: ['a'], end: undefined };
    expect(decodeCursor(cursor, same, 'asc', action)).toEqual({ createdAt: 1, id: idOf(1) });
  });

  it('is refused with the other order', () => {
    const cursor = encodeCursor({}, 'asc', { createdAt: 1, id: idOf(1) });
    const error = thrownBy(() => decodeCursor(cursor, {}, 'desc', action));
    expect(error).toBeInstanceOf(InvalidArgumentError);
    expect(String(error)).toMatch(
      /^InvalidArgumentError: Cannot query artifacts: cursor "asc.*" comes from a query in order "asc", not "desc"$/,
    );
  });

  it('is refused with any other filter', () => {
    fc.assert(
      fc.property(selection, selection, position, (filter, other, place) => {
        fc.pre(JSON.stringify(filter) !== JSON.stringify(other));
        const cursor = encodeCursor(filter, 'asc', place);
        const error = thrownBy(() => decodeCursor(cursor, other, 'asc', action));
        expect(error).toBeInstanceOf(InvalidArgumentError);
        expect(String(error)).toMatch(/: cursor ".*" comes from a query with another filter$/s);
      }),
    );
  });

  it('of the first and the last instant is as good as any', () => {
    for (const createdAt of [FIRST, LAST, -1, 0]) {
      const cursor = encodeCursor({}, 'asc', { createdAt, id: idOf(1) });
      expect(decodeCursor(cursor, {}, 'asc', action)).toEqual({ createdAt, id: idOf(1) });
    }
  });
});

describe('a text that is no cursor', () => {
  const good = encodeCursor({}, 'asc', { createdAt: 1_700_000_000_000, id: idOf(1) });

  it.each([
    '',
    'abc',
    'asc',
    ` ${good}`,
    `${good} `,
    `${good}\n`,
    `x${good}`,
    `${good}x`,
    good.toUpperCase(),
    good.slice(1),
    good.slice(0, -1),
    good.replace('asc', 'up'),
    good.replace('1700000000000', ''),
    good.replace('1700000000000', 'x'),
    good.replace('1700000000000', '1.5'),
    good.replace('1700000000000', '--1'),
    good.replace('1700000000000', '1e3'),
    good.replace('1700000000000', String(LAST + 1)),
    good.replace('1700000000000', String(FIRST - 1)),
    good.replace('1700000000000', '9'.repeat(400)),
    good.replace(idOf(1), 'a'.repeat(36)),
    good.replace(idOf(1), '-'.repeat(36)),
    good.replace(idOf(1), idOf(1).slice(1)),
    good.replace(idOf(1), `${idOf(1)}0`),
  ])('%j is refused', (text) => {
    const error = thrownBy(() => decodeCursor(text, {}, 'asc', action));
    expect(error).toBeInstanceOf(InvalidArgumentError);
    expect(String(error)).toMatch(/^InvalidArgumentError: Cannot query artifacts: ".*" is not a cursor$/s);
  });

  it('is shown as it was given', () => {
    expect(() => decodeCursor('abc', {}, 'asc', 'fetch')).toThrow('Cannot fetch: "abc" is not a cursor');
  });

  it('made by changing any character of a cursor is refused, or names a place of the same form', () => {
    for (let at = 0; at < good.length; at++) {
      for (const character of ['', '0', '9', 'a', 'f', 'z', '-', '~', ' ', '\u0000', '😀']) {
        const text = good.slice(0, at) + character + good.slice(at + 1);
        try {
          const place = decodeCursor(text, {}, 'asc', action);
          expect(text).toBe(encodeCursor({}, 'asc', place));
        } catch (error) {
          expect(error).toBeInstanceOf(BlackboardError);
        }
      }
    }
  });
});
