import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { defineType } from '../../src/core/artifact-type.ts';
import { checkCallOptions, checkCloseOptions, checkGetByTypeOptions, checkStoreOptions } from '../../src/core/call.ts';
import { InvalidArgumentError } from '../../src/core/errors.ts';
import { anything, thrownBy } from './samples.ts';

const { signal } = new AbortController();
const Movie = defineType('films.Movie', anything());

describe('options of every kind', () => {
  it.each([checkStoreOptions, checkCallOptions, checkCloseOptions, checkGetByTypeOptions])(
    'may be left out',
    (check) => {
      expect(check(undefined, 'act')).toEqual({});
      expect(check({}, 'act')).toEqual({});
    },
  );

  it.each([checkStoreOptions, checkCallOptions, checkCloseOptions, checkGetByTypeOptions])('are an object', (check) => {
    for (const [options, shown] of [
      [null, 'null'],
      [5, '5'],
      [[], '[]'],
      ['x', '"x"'],
    ] as const) {
      const error = thrownBy(() => check(options, 'act'));
      expect(error).toBeInstanceOf(InvalidArgumentError);
      expect(error).toHaveProperty('message', `Cannot act: the options must be an object, got ${shown}`);
    }
  });

  it.each([checkStoreOptions, checkCallOptions, checkCloseOptions, checkGetByTypeOptions])(
    'have no others',
    (check) => {
      expect(() => check({ sginal: signal }, 'act')).toThrow('Cannot act: unknown field "sginal" in the options');
      expect(() => check({ a: 1, b: 1 }, 'act')).toThrow('Cannot act: unknown field "a", "b" in the options');
    },
  );
});

describe('options are taken as given', () => {
  it('for a store', () => {
    const now = () => new Date();
    const newId = () => '';
    expect(checkStoreOptions({ types: [Movie], now, newId }, 'act')).toEqual({ types: [Movie], now, newId });
    expect(checkStoreOptions({ types: [], now: undefined }, 'act')).toEqual({ types: [], now: undefined });
  });

  it('for any call', () => {
    expect(checkCallOptions({ signal }, 'act').signal).toBe(signal);
    expect(checkCallOptions({ signal: undefined }, 'act')).toEqual({ signal: undefined });
  });

  it('for a close', () => {
    expect(checkCloseOptions({ signal, checkpoint: false }, 'act')).toEqual({ signal, checkpoint: false });
    expect(checkCloseOptions({ checkpoint: true }, 'act')).toEqual({ checkpoint: true });
  });

  it('for getByType', () => {
    const options = { signal, correlationId: 'c', invalid: 'skip', withArtifact: true };
    expect(checkGetByTypeOptions(options, 'act')).toEqual(options);
    const others = { correlationId: null, invalid: 'throw', withArtifact: false };
    expect(checkGetByTypeOptions(others, 'act')).toEqual(others);
  });

  it('as an object of whatever kind that has them', () => {
    class Settings {
      readonly [Symbol.toStringTag] = 'Settings';
      readonly checkpoint = true;
    }
    const bare = Object.assign(Object.create(null) as object, { checkpoint: true });
    const foreign: unknown = runInNewContext('({ checkpoint: true })');
    for (const options of [new Settings(), bare, new Proxy({ checkpoint: true }, {}), foreign])
      expect(checkCloseOptions(options, 'act')).toEqual({ checkpoint: true });
  });

  it('with a signal of another make', () => {
    const lookalike = { aborted: false, addEventListener: () => {}, throwIfAborted: () => {} };
    expect(checkCallOptions({ signal: lookalike }, 'act').signal).toBe(lookalike);
  });
});

describe('options are refused', () => {
  it.each<[string, (options: unknown, action: string) => unknown, unknown, string]>([
    [
      'types that are no array',
      checkStoreOptions,
      { types: Movie },
      '"types" must be an array, got {"name":"films.Movie","schema":{"~standard":{"version":1,"vendor":"test"}}}',
    ],
    [
      'types that are a set',
      checkStoreOptions,
      { types: new Set([Movie]) },
      '"types" must be an array, got [object Set]',
    ],
    [
      'a type that is a name',
      checkStoreOptions,
      { types: [Movie, 'Movie'] },
      '"types[1]" must be an artifact type, got "Movie"',
    ],
    [
      'a type that is missing',
      checkStoreOptions,
      { types: new Array(1) },
      '"types[0]" must be an artifact type, got undefined',
    ],
    [
      'a clock that is a Date',
      checkStoreOptions,
      { now: new Date(0) },
      '"now" must be a function, got Date 1970-01-01T00:00:00.000Z',
    ],
    ['a source of ids that is an id', checkStoreOptions, { newId: 'x' }, '"newId" must be a function, got "x"'],
    ['a signal that is a controller', checkCallOptions, { signal: {} }, '"signal" must be an AbortSignal, got {}'],
    ['a signal that is null', checkCallOptions, { signal: null }, '"signal" must be an AbortSignal, got null'],
    ['a signal that is true', checkCallOptions, { signal: true }, '"signal" must be an AbortSignal, got true'],
    [
      'a signal that only tells',
      checkCallOptions,
      { signal: { aborted: true } },
      '"signal" must be an AbortSignal, got {"aborted":true}',
    ],
    [
      'a signal that only listens',
      checkCallOptions,
      { signal: { aborted: false, addEventListener: () => {} } },
      '"signal" must be an AbortSignal, got {"aborted":false}',
    ],
    ['a signal of a close', checkCloseOptions, { signal: 1 }, '"signal" must be an AbortSignal, got 1'],
    ['a checkpoint that is 0', checkCloseOptions, { checkpoint: 0 }, '"checkpoint" must be true or false, got 0'],
    ['a signal of getByType', checkGetByTypeOptions, { signal: 1 }, '"signal" must be an AbortSignal, got 1'],
    [
      'a correlation that is none',
      checkGetByTypeOptions,
      { correlationId: 1 },
      '"correlationId" must be a string without lone surrogates, or null, got 1',
    ],
    [
      'an invalid that is none',
      checkGetByTypeOptions,
      { invalid: 'ignore' },
      '"invalid" must be "throw" or "skip", got "ignore"',
    ],
    [
      'an invalid that is true',
      checkGetByTypeOptions,
      { invalid: true },
      '"invalid" must be "throw" or "skip", got true',
    ],
    [
      'a withArtifact that is none',
      checkGetByTypeOptions,
      { withArtifact: 'yes' },
      '"withArtifact" must be true or false, got "yes"',
    ],
  ])('for %s', (_, check, options, problem) => {
    const error = thrownBy(() => check(options, 'act'));
    expect(error).toBeInstanceOf(InvalidArgumentError);
    expect(error).toHaveProperty('message', `Cannot act: ${problem}`);
  });
});
