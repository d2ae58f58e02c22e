import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import * as mini from 'zod/mini';
import { defineType, isArtifactType, isTypeName, TypeRegistry } from '../../src/core/artifact-type.ts';
import { AmbiguousTypeError, ConflictError, InvalidArgumentError } from '../../src/core/errors.ts';
import { anything, thrownBy } from './samples.ts';

const schema = anything();

describe('defineType', () => {
  it.each<[string, typeof schema]>([
    ['zod', z.object({})],
    ['zod/mini', mini.object({})],
    ['hand-made', schema],
    ['callable', Object.assign(() => true, schema)],
  ])('takes a schema that is %s', (_, given) => {
    const type = defineType('films.Movie', given);
    expect(type).toEqual({ name: 'films.Movie', schema: given });
    expect(type.schema).toBe(given);
    expect(Object.isFrozen(type)).toBe(true);
  });

  it.each(['Movie', 'films.Movie', 'a.b.c', '.', ' ', '😀'])('takes the name %j', (name) => {
    expect(defineType(name, schema).name).toBe(name);
  });

  it.each<[unknown, string]>([
    ['', '""'],
    ['a\ud800', '"a\\ud800"'],
    [undefined, 'undefined'],
    [1, '1'],
  ])('refuses the name %j', (name, shown) => {
    // @ts-expect-error a caller without types can pass anything
    const error = thrownBy(() => defineType(name, schema));
    expect(error).toBeInstanceOf(InvalidArgumentError);
    expect(error).toHaveProperty(
      'message',
      `Cannot define artifact type ${shown}: the name must be a non-empty string without lone surrogates`,
    );
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a string', '~standard'],
    ['an object', {}],
    ['a function', () => true],
    ['no properties', { '~standard': undefined }],
    ['null properties', { '~standard': null }],
    ['a function for properties', { '~standard': () => true }],
    ['properties without validate', { '~standard': { version: 1 } }],
    ['a validate that is no function', { '~standard': { validate: true } }],
  ])('refuses %s as a schema', (_, given) => {
    // @ts-expect-error a caller without types can pass anything
    const error = thrownBy(() => defineType('Movie', given));
    expect(error).toBeInstanceOf(InvalidArgumentError);
    expect(error).toHaveProperty(
      'message',
      'Cannot define artifact type "Movie": the schema must implement Standard Schema',
    );
  });
});

describe('isTypeName', () => {
  it('accepts non-empty strings without lone surrogates', () => {
    expect([isTypeName('a'), isTypeName(''), isTypeName('\ud800'), isTypeName(1), isTypeName(null)]).toEqual([
      true,
      false,
      false,
      false,
      false,
    ]);
  });
});

describe('isArtifactType', () => {
  it('knows a type by its name and schema, whoever made it', () => {
    expect(isArtifactType(defineType('Movie', schema))).toBe(true);
    expect(isArtifactType({ name: 'Movie', schema })).toBe(true);
  });

  it.each<[string, unknown]>([
    ['null', null],
    ['undefined', undefined],
    ['a name', 'Movie'],
    ['a schema', schema],
    ['an object without a schema', { name: 'Movie' }],
    ['an object without a name', { schema }],
    ['an object with an empty name', { name: '', schema }],
    ['an object with a false schema', { name: 'Movie', schema: {} }],
    ['a function', Object.assign(function movie() {}, { schema })],
  ])('is not taken in by %s', (_, value) => {
    expect(isArtifactType(value)).toBe(false);
  });
});

/** A registry of these names, and how it resolves a name when these others are on the board. */
function resolving(registered: readonly string[], onBoard: readonly string[] = []) {
  const registry = new TypeRegistry();
  for (const name of registered) registry.register(defineType(name, anything()), 'open store');
  return (name: string) => registry.resolve(name, registry.size, (exact) => onBoard.includes(exact), 'query artifacts');
}

describe('the resolution of type names', () => {
  it('finds a registered type by its canonical name', () => {
    expect(resolving(['films.Movie'])('films.Movie')).toBe('films.Movie');
  });

  it('finds the one registered type with a simple name', () => {
    expect(resolving(['films.Movie'])('Movie')).toBe('films.Movie');
    expect(resolving(['a.b.Movie', 'a.b.Review'])('Movie')).toBe('a.b.Movie');
  });

  it('knows no other part of a name than what follows the last dot', () => {
    const resolve = resolving(['a.b.Movie']);
    expect([resolve('b.Movie'), resolve('a'), resolve('a.b'), resolve('movie'), resolve('ovie')]).toEqual([
      'b.Movie',
      'a',
      'a.b',
      'movie',
      'ovie',
    ]);
  });

  it('leaves a name nobody knows as it is', () => {
    expect(resolving([])('Movie')).toBe('Movie');
    expect(resolving(['films.Movie'])('Review')).toBe('Review');
  });

  it('prefers an exact match with a registered type to simple names', () => {
    expect(resolving(['Movie', 'films.Movie'])('Movie')).toBe('Movie');
    expect(resolving(['films.Movie', 'Movie', 'tv.Movie'])('Movie')).toBe('Movie');
  });

  it('prefers an exact match with a name on the board to simple names', () => {
    expect(resolving(['films.Movie'], ['Movie'])('Movie')).toBe('Movie');
    expect(resolving(['films.Movie', 'tv.Movie'], ['Movie'])('Movie')).toBe('Movie');
    expect(resolving(['films.Movie'], ['tv.Movie'])('Movie')).toBe('films.Movie');
  });

  it('refuses a simple name of two types and names both, by code point', () => {
    const error = thrownBy(() => resolving(['tv.Movie', 'films.Movie'])('Movie'));
    expect(error).toBeInstanceOf(AmbiguousTypeError);
    expect(error).toHaveProperty(
      'message',
      'Cannot query artifacts: type name "Movie" is ambiguous, it fits "films.Movie" and "tv.Movie"',
    );
  });

  it('names all three of three', () => {
    expect(() => resolving(['\u{1d11e}.A', '\uff5e.A', 'z.A'])('A')).toThrow(
      'type name "A" is ambiguous, it fits "z.A" and "\uff5e.A" and "\u{1d11e}.A"',
    );
  });

  it('counts a type that is registered twice once', () => {
    const registry = new TypeRegistry();
    const type = defineType('films.Movie', schema);
    registry.register(type, 'open store');
    registry.register(type, 'open store');
    registry.register(defineType('films.Movie', schema), 'open store');
    expect(registry.size).toBe(1);
    expect(registry.resolve('Movie', 1, () => false, 'query')).toBe('films.Movie');
    expect(registry.get('films.Movie', 1)).toBe(type);
  });

  it('has no type under a simple name or a name nobody registered', () => {
    const registry = new TypeRegistry();
    registry.register(defineType('films.Movie', schema), 'open store');
    expect([registry.get('Movie', 1), registry.get('films', 1)]).toEqual([undefined, undefined]);
  });

  it('refuses a second schema under a name and keeps the first', () => {
    const registry = new TypeRegistry();
    registry.register(defineType('films.Movie', schema), 'open store');
    const error = thrownBy(() => registry.register(defineType('films.Movie', anything()), 'publish'));
    expect(error).toBeInstanceOf(ConflictError);
    expect(error).toHaveProperty(
      'message',
      'Cannot publish: artifact type "films.Movie" is already registered with another schema',
    );
    expect(registry.get('films.Movie', 1)?.schema).toBe(schema);
  });

  it('is settled by the types known at the call: a type registered later is none to it', () => {
    const registry = new TypeRegistry();
    const resolve = (name: string, size: number) => registry.resolve(name, size, () => false, 'query');
    expect(registry.size).toBe(0);
    const first = defineType('films.Movie', schema);
    registry.register(first, 'publish');
    registry.register(defineType('tv.Movie', schema), 'publish');
    registry.register(defineType('Movie', schema), 'publish');
    expect(registry.size).toBe(3);
    expect([resolve('Movie', 0), resolve('Movie', 1), resolve('Movie', 3)]).toEqual(['Movie', 'films.Movie', 'Movie']);
    expect(() => resolve('Movie', 2)).toThrow(AmbiguousTypeError);
    expect([registry.get('films.Movie', 0), registry.get('films.Movie', 1)]).toEqual([undefined, first]);
    expect([registry.get('tv.Movie', 1), registry.get('Movie', 2)]).toEqual([undefined, undefined]);
  });
});
