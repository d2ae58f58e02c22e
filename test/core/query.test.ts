import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defineType, TypeRegistry } from '../../src/core/artifact-type.ts';
import { encodeCursor } from '../../src/core/cursor.ts';
import { ConflictError, InvalidArgumentError } from '../../src/core/errors.ts';
import { checkFilter, checkPage, checkType, nameOf, select, windowOf } from '../../src/core/query.ts';
import { FIRST, LAST } from './arbitraries.ts';
import { anything, idOf, thrownBy } from './samples.ts';

const Movie = defineType('films.Movie', anything());
const TEXT = 'must be a string without lone surrogates';
const SET = 'must be a string or an iterable of strings';
const DATE = 'must be a Date in the years 1 to 9999';

function read(filter: unknown) {
  return checkFilter(filter, new TypeRegistry(), 'query artifacts');
}

/** Fields that are not undefined. */
function given(checked: object): object {
  return Object.fromEntries(Object.entries(checked).filter(([, value]) => value !== undefined));
}

function refusalOf(attempt: () => unknown): string {
  const error = thrownBy(attempt);
  expect(error).toBeInstanceOf(InvalidArgumentError);
  return error instanceof Error ? error.message : '';
}

describe('a filter', () => {
  it('that is not given filters nothing', () => {
    expect(given(read(undefined))).toEqual({});
    expect(given(read({}))).toEqual({});
    const nothing = { ids: undefined, typeNames: undefined, producedBy: undefined, correlationId: undefined };
    expect(given(read({ ...nothing, tags: undefined, start: undefined, end: undefined }))).toEqual({});
  });

  it('is read into sorted sets and milliseconds', () => {
    const filter = {
      ids: [idOf(11).toUpperCase(), idOf(2), idOf(11)],
      typeNames: ['b', Movie],
      producedBy: new Set(['y', 'x']),
      correlationId: 'c',
      partitionKey: null,
      tags: ['\u{1d11e}', '\uff5e', '\uff5e'],
      visibility: ['Tenant', 'Public'],
      start: new Date(0),
      end: new Date(-1),
    };
    expect(read(filter)).toEqual({
      ids: [idOf(2), idOf(11)],
      typeNames: ['b', 'films.Movie'],
      producedBy: ['x', 'y'],
      correlationId: 'c',
      partitionKey: null,
      tags: ['\uff5e', '\u{1d11e}'],
      visibility: ['Public', 'Tenant'],
      start: 0,
      end: -1,
    });
  });

  it('takes one value for a set', () => {
    expect(given(read({ ids: idOf(1) }))).toEqual({ ids: [idOf(1)] });
    expect(given(read({ typeNames: 'films.Movie' }))).toEqual({ typeNames: ['films.Movie'] });
    expect(given(read({ typeNames: Movie }))).toEqual({ typeNames: ['films.Movie'] });
    expect(given(read({ producedBy: 'xy' }))).toEqual({ producedBy: ['xy'] });
    expect(given(read({ tags: '' }))).toEqual({ tags: [''] });
    expect(given(read({ visibility: 'After' }))).toEqual({ visibility: ['After'] });
  });

  it('keeps empty sets and empty strings apart from nothing', () => {
    const empty = {
      ids: [],
      typeNames: [],
      producedBy: [],
      tags: [],
      visibility: [],
      correlationId: '',
      partitionKey: '',
    };
    expect(given(read(empty))).toEqual(empty);
  });

  it('reads each iterable once', () => {
    let reads = 0;
    const tags = {
      *[Symbol.iterator]() {
        reads++;
        yield 'a';
      },
    };
    expect(given(read({ tags }))).toEqual({ tags: ['a'] });
    expect(reads).toBe(1);
  });

  it('registers the types it names', () => {
    const registry = new TypeRegistry();
    checkFilter({ typeNames: [Movie] }, registry, 'query artifacts');
    expect(registry.get('films.Movie', registry.size)).toBe(Movie);
    const another = defineType('films.Movie', anything());
    const error = thrownBy(() => checkFilter({ typeNames: another }, registry, 'query artifacts'));
    expect(error).toBeInstanceOf(ConflictError);
    expect(error).toHaveProperty(
      'message',
      'Cannot query artifacts: artifact type "films.Movie" is already registered with another schema',
    );
  });

  it('means the same in whatever order its fields and values come', () => {
    const fields: [string, readonly string[] | string | Date][] = [
      ['ids', [idOf(1), idOf(2)]],
      ['typeNames', ['a', 'b']],
      ['producedBy', ['a', 'b']],
      ['correlationId', 'c'],
      ['tags', ['a', 'b']],
      ['end', new Date(0)],
    ];
    const cursorOf = (filter: object) => {
      const selection = select(read(filter), (name) => name);
      return encodeCursor(selection, 'asc', { createdAt: 0, id: idOf(1) });
    };
    const turned = (value: readonly string[] | string | Date) =>
      typeof value === 'string' || value instanceof Date ? value : [...value].reverse();
    fc.assert(
      fc.property(fc.shuffledSubarray(fields, { minLength: fields.length }), (shuffled) => {
        const other = shuffled.map(([name, value]) => [name, turned(value)] as const);
        expect(cursorOf(Object.fromEntries(other))).toBe(cursorOf(Object.fromEntries(fields)));
      }),
    );
  });

  it.each<[string, unknown, string]>([
    ['null', null, 'the filter must be an object, got null'],
    ['a string', 'Movie', 'the filter must be an object, got "Movie"'],
    ['an array', [], 'the filter must be an object, got []'],
    ['a list', ['x'], 'the filter must be an object, got ["x"]'],
    ['a set', new Set(['x']), 'the filter must be an object, got [object Set]'],
    ['a field that does not exist', { type: 'Movie' }, 'unknown field "type" in the filter'],
    ['fields that do not exist', { a: 1, b: 2 }, 'unknown field "a", "b" in the filter'],
    ['a field that does not exist and is undefined', { type: undefined }, 'unknown field "type" in the filter'],
    ['an id that is none', { ids: ['x'] }, '"ids[0]" must be a UUID, got "x"'],
    ['one id that is none', { ids: 'x' }, '"ids[0]" must be a UUID, got "x"'],
    ['an id that is none in a set', { ids: new Set([idOf(1), 'x']) }, '"ids[1]" must be a UUID, got "x"'],
    ['ids that are a number', { ids: 5 }, `"ids" ${SET}, got 5`],
    ['ids that are null', { ids: null }, `"ids" ${SET}, got null`],
    ['ids that are an object', { ids: {} }, `"ids" ${SET}, got {}`],
    [
      'an empty type name',
      { typeNames: ['Movie', ''] },
      '"typeNames[1]" must be an artifact type or a non-empty name without lone surrogates, got ""',
    ],
    [
      'a type that is none',
      { typeNames: [{ name: 'Movie' }] },
      '"typeNames[0]" must be an artifact type or a non-empty name without lone surrogates, got {"name":"Movie"}',
    ],
    ['a type that is none alone', { typeNames: { name: 'Movie' } }, `"typeNames" ${SET}, got {"name":"Movie"}`],
    ['a producer that is none', { producedBy: [1] }, `"producedBy[0]" ${TEXT}, got 1`],
    ['a producer with a lone surrogate', { producedBy: '\ud800' }, `"producedBy[0]" ${TEXT}, got "\\ud800"`],
    ['a correlation that is none', { correlationId: 5 }, `"correlationId" ${TEXT}, or null, got 5`],
    [
      'a correlation with a lone surrogate',
      { correlationId: '\ud800' },
      `"correlationId" ${TEXT}, or null, got "\\ud800"`,
    ],
    ['a partition that is none', { partitionKey: ['p'] }, `"partitionKey" ${TEXT}, or null, got ["p"]`],
    ['a tag that is none', { tags: ['a', null] }, `"tags[1]" ${TEXT}, got null`],
    [
      'a kind that is none',
      { visibility: ['Public', 'public'] },
      '"visibility[1]" must be one of Public, Private, Labelled, Tenant, After, got "public"',
    ],
    [
      'a visibility',
      { visibility: [{ kind: 'Public' }] },
      '"visibility[0]" must be one of Public, Private, Labelled, Tenant, After, got {"kind":"Public"}',
    ],
    ['a start that is a string', { start: '2025-01-01' }, `"start" ${DATE}, got "2025-01-01"`],
    ['a start that is null', { start: null }, `"start" ${DATE}, got null`],
    ['a start that is no instant', { start: new Date(Number.NaN) }, `"start" ${DATE}, got an invalid Date`],
    ['an end that is a number', { end: 5 }, `"end" ${DATE}, got 5`],
    ['an end too late', { end: new Date(LAST + 1) }, `"end" ${DATE}, got Date +010000-01-01T00:00:00.000Z`],
    ['an end too early', { end: new Date(FIRST - 1) }, `"end" ${DATE}, got Date 0000-12-31T23:59:59.999Z`],
  ])('is refused for %s', (_, filter, problem) => {
    expect(refusalOf(() => read(filter))).toBe(`Cannot query artifacts: ${problem}`);
  });

  it('is refused when it cannot be read, with the cause', () => {
    const cause = new Error('no');
    const broken = {
      get tags() {
        throw cause;
      },
    };
    const error = thrownBy(() => read(broken));
    expect(error).toBeInstanceOf(InvalidArgumentError);
    expect(error).toMatchObject({ message: 'Cannot query artifacts: reading the filter failed', cause });
    function* tags() {
      yield 'a';
      throw cause;
    }
    expect(thrownBy(() => read({ tags: tags() }))).toMatchObject({
      message: 'Cannot query artifacts: reading the filter failed',
      cause,
    });
  });

  it('lets a failure of the library itself through', () => {
    const cause = new InvalidArgumentError('from inside');
    const broken = {
      get tags() {
        throw cause;
      },
    };
    expect(thrownBy(() => read(broken))).toBe(cause);
  });
});

describe('a type in a call', () => {
  it('is a name or a type, which is then registered', () => {
    const registry = new TypeRegistry();
    expect(checkType('Movie', registry, 'list')).toBe('Movie');
    expect(registry.size).toBe(0);
    expect(checkType(Movie, registry, 'list')).toBe('films.Movie');
    expect(nameOf(Movie, registry, 'list')).toBe('films.Movie');
    expect(nameOf('Review', registry, 'list')).toBe('Review');
    expect(registry.get('films.Movie', 1)).toBe(Movie);
  });

  it.each<[unknown, string]>([
    ['', '""'],
    [undefined, 'undefined'],
    [{ name: 'Movie' }, '{"name":"Movie"}'],
    ['\ud800', '"\\ud800"'],
  ])('is not %j', (type, shown) => {
    expect(refusalOf(() => checkType(type, new TypeRegistry(), 'list artifacts by type'))).toBe(
      `Cannot list artifacts by type: type ${shown} must be an artifact type or a non-empty name without lone surrogates`,
    );
  });
});

describe('the selection of a filter', () => {
  it('has resolved names, sorted and distinct', () => {
    const names = new Map([
      ['Movie', 'films.Movie'],
      ['x', 'films.Movie'],
      ['Review', 'a.Review'],
    ]);
    const selection = select({ typeNames: ['Movie', 'Review', 'x'], tags: ['t'] }, (name) => names.get(name) ?? name);
    expect(selection).toEqual({ typeNames: ['a.Review', 'films.Movie'], tags: ['t'] });
  });

  it('resolves nothing where no name was given', () => {
    const fail = () => {
      throw new Error('no name to resolve');
    };
    expect(select({ tags: ['t'] }, fail)).toEqual({ tags: ['t'] });
    expect(select({ typeNames: [] }, fail)).toEqual({ typeNames: [] });
  });
});

describe('page options', () => {
  function page(options: unknown) {
    return checkPage(options, 50, 'query artifacts');
  }

  const defaults = { limit: 50, offset: 0, order: 'asc', counted: true, cursor: null, embedMeta: false };

  it('have defaults', () => {
    expect(page(undefined)).toEqual(defaults);
    expect(page({})).toEqual(defaults);
    expect(checkPage(undefined, 500, 'fetch')).toEqual({ ...defaults, limit: 500 });
    expect(page({ limit: undefined, offset: undefined, cursor: undefined, order: undefined })).toEqual(defaults);
  });

  it('are taken as given', () => {
    expect(page({ limit: 1, offset: 3, order: 'desc', total: true, embedMeta: true })).toEqual({
      limit: 1,
      offset: 3,
      order: 'desc',
      counted: true,
      cursor: null,
      embedMeta: true,
    });
    expect(page({ limit: Infinity, offset: 0, order: 'asc', embedMeta: false }).limit).toBe(Infinity);
    expect(page({ limit: Number.MAX_SAFE_INTEGER, offset: Number.MAX_SAFE_INTEGER })).toMatchObject({
      limit: Number.MAX_SAFE_INTEGER,
      offset: Number.MAX_SAFE_INTEGER,
    });
    const { signal } = new AbortController();
    expect(page({ signal })).toEqual({ ...defaults, signal });
  });

  it('count unless told otherwise or a cursor is given', () => {
    expect(page({ total: false }).counted).toBe(false);
    expect(page({ cursor: 'x' })).toEqual({ ...defaults, cursor: 'x', counted: false });
    expect(page({ cursor: 'x', total: true }).counted).toBe(false);
    expect(page({ cursor: 'x', total: false }).counted).toBe(false);
    expect(page({ cursor: '' })).toMatchObject({ cursor: '', counted: false });
  });

  const LIMIT = 'must be a positive integer or Infinity';
  const OFFSET = 'must be a non-negative integer';

  it.each<[string, unknown, string]>([
    ['null', null, 'the page options must be an object, got null'],
    ['a number', 10, 'the page options must be an object, got 10'],
    ['a field that does not exist', { page: 1 }, 'unknown field "page" in the page options'],
    ['limit 0', { limit: 0 }, `"limit" ${LIMIT}, got 0`],
    ['a negative limit', { limit: -1 }, `"limit" ${LIMIT}, got -1`],
    ['a broken limit', { limit: 1.5 }, `"limit" ${LIMIT}, got 1.5`],
    ['a limit that is not a number', { limit: Number.NaN }, `"limit" ${LIMIT}, got NaN`],
    ['a limit of -Infinity', { limit: -Infinity }, `"limit" ${LIMIT}, got -Infinity`],
    ['a limit beyond whole numbers', { limit: 2 ** 53 }, `"limit" ${LIMIT}, got 9007199254740992`],
    ['a limit in words', { limit: '10' }, `"limit" ${LIMIT}, got "10"`],
    ['no limit', { limit: null }, `"limit" ${LIMIT}, got null`],
    ['a negative offset', { offset: -1 }, `"offset" ${OFFSET}, got -1`],
    ['offset -0', { offset: -0 }, `"offset" ${OFFSET}, got -0`],
    ['a broken offset', { offset: 0.5 }, `"offset" ${OFFSET}, got 0.5`],
    ['an endless offset', { offset: Infinity }, `"offset" ${OFFSET}, got Infinity`],
    ['an offset in words', { offset: '0' }, `"offset" ${OFFSET}, got "0"`],
    ['a cursor that is no string', { cursor: 5 }, '"cursor" must be a string, got 5'],
    ['a cursor that is null', { cursor: null }, '"cursor" must be a string, got null'],
    ['an order that is none', { order: 'up' }, '"order" must be "asc" or "desc", got "up"'],
    ['a total that is none', { total: 1 }, '"total" must be true or false, got 1'],
    ['an embedMeta that is none', { embedMeta: 'yes' }, '"embedMeta" must be true or false, got "yes"'],
    ['a signal that is none', { signal: {} }, '"signal" must be an AbortSignal, got {}'],
    ['a cursor with an offset', { cursor: 'x', offset: 5 }, 'offset 5 does not go with a cursor'],
    ['a cursor with offset 0', { cursor: 'x', offset: 0 }, 'offset 0 does not go with a cursor'],
  ])('are refused for %s', (_, options, problem) => {
    expect(refusalOf(() => page(options))).toBe(`Cannot query artifacts: ${problem}`);
  });
});

describe('the window of a page', () => {
  const selection = { tags: ['t'] };
  const place = { createdAt: 5, id: idOf(1) };

  it('starts at the beginning without a cursor', () => {
    const page = checkPage({ limit: 3, offset: 2, order: 'desc', total: false }, 50, 'query');
    expect(windowOf(page, selection, 'query')).toEqual({
      limit: 3,
      offset: 2,
      order: 'desc',
      counted: false,
      after: null,
    });
  });

  it('starts where the cursor says', () => {
    const cursor = encodeCursor(selection, 'desc', place);
    const window = windowOf(checkPage({ cursor, order: 'desc' }, 50, 'query'), selection, 'query');
    expect(window).toEqual({ limit: 50, offset: 0, order: 'desc', counted: false, after: place });
  });

  it('is refused with a cursor of another query', () => {
    const cursor = encodeCursor(selection, 'desc', place);
    expect(refusalOf(() => windowOf(checkPage({ cursor }, 50, 'q'), selection, 'query'))).toMatch(
      /^Cannot query: cursor/,
    );
    expect(refusalOf(() => windowOf(checkPage({ cursor: '' }, 50, 'q'), selection, 'query'))).toBe(
      'Cannot query: "" is not a cursor',
    );
  });
});
