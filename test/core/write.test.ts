import { describe, expect, it } from 'vitest';
import { defineType, TypeRegistry } from '../../src/core/artifact-type.ts';
import { InvalidArgumentError, InvalidPayloadError } from '../../src/core/errors.ts';
import { toArtifact } from '../../src/core/fact.ts';
import { checkDraft, resolveDeletion, resolveDrafts } from '../../src/core/write.ts';
import { FIRST, LAST } from './arbitraries.ts';
import { anything, boardWith, idOf, thrownBy } from './samples.ts';
import { DATE, NOW, stamps, TEXT } from './write-samples.ts';

const SET = 'must be a string or an iterable of strings';

function read(draft: unknown, types = new TypeRegistry()) {
  return checkDraft(draft, types, stamps(), 'publish artifact');
}

const draft = { type: 'films.Movie', payload: { title: 'Alien' }, producedBy: 'scout' };

function isFrozenThrough(value: unknown): boolean {
  return typeof value !== 'object' || value === null
    ? true
    : Object.isFrozen(value) && Object.values(value).every(isFrozenThrough);
}

describe('a draft', () => {
  it('gets defaults for what it leaves out', () => {
    const expected = {
      ...draft,
      id: idOf(7),
      correlationId: null,
      partitionKey: null,
      tags: [],
      visibility: { kind: 'Public' },
      createdAt: NOW,
      version: 1,
    };
    expect(read(draft)).toEqual(expected);
    const undefineds = { id: undefined, correlationId: undefined, partitionKey: undefined, tags: undefined };
    expect(read({ ...draft, ...undefineds, visibility: undefined, createdAt: undefined, version: undefined })).toEqual(
      expected,
    );
  });

  it('is taken as given', () => {
    const given = {
      ...draft,
      id: idOf(171).toUpperCase(),
      correlationId: 'c',
      partitionKey: '',
      tags: ['\u{1d11e}', '\uff5e', '\uff5e', 'a'],
      visibility: { kind: 'Private', agents: ['b', 'a', 'b'] },
      createdAt: new Date(0),
      version: 7,
    };
    expect(read(given)).toEqual({
      ...given,
      id: idOf(171),
      tags: ['a', '\uff5e', '\u{1d11e}'],
      createdAt: 0,
    });
    expect(read({ ...draft, correlationId: null, partitionKey: null })).toMatchObject({
      correlationId: null,
      partitionKey: null,
    });
    expect(read({ ...draft, createdAt: new Date(FIRST) }).createdAt).toBe(FIRST);
    expect(read({ ...draft, createdAt: new Date(LAST) }).createdAt).toBe(LAST);
  });

  it('keeps its empty texts', () => {
    expect(read({ ...draft, producedBy: '', correlationId: '', tags: '' })).toMatchObject({
      producedBy: '',
      correlationId: '',
      tags: [''],
    });
  });

  it('takes one tag for a set', () => {
    expect(read({ ...draft, tags: 'ab' }).tags).toEqual(['ab']);
    expect(read({ ...draft, tags: new Set(['b', 'a']) }).tags).toEqual(['a', 'b']);
  });

  it('registers its type and goes by its name', () => {
    const Movie = defineType('films.Movie', anything());
    const types = new TypeRegistry();
    expect(read({ ...draft, type: Movie }, types).type).toBe('films.Movie');
    expect(types.get('films.Movie', types.size)).toBe(Movie);
  });

  it('registers nothing under a plain name', () => {
    const types = new TypeRegistry();
    read(draft, types);
    expect(types.size).toBe(0);
  });

  it('is copied and frozen, so that its maker cannot change the board', () => {
    const agents = ['ada'];
    const given = {
      ...draft,
      payload: { cast: ['Ripley'] },
      tags: ['a'],
      visibility: { kind: 'After', ttl: 'PT1H', then: { kind: 'Private', agents } },
    };
    const checked = read(given);
    agents.push('bob');
    given.payload.cast.push('Ash');
    given.tags.push('b');
    expect(checked).toMatchObject({
      payload: { cast: ['Ripley'] },
      tags: ['a'],
      visibility: { kind: 'After', ttl: 'PT1H', then: { kind: 'Private', agents: ['ada'] } },
    });
    expect([checked.payload, checked.tags, checked.visibility].every(isFrozenThrough)).toBe(true);
    expect(isFrozenThrough(read(draft).visibility)).toBe(true);
    expect(Object.isFrozen(agents)).toBe(false);
  });

  it.each<[string, object | null | undefined | string, string]>([
    ['nothing', undefined, 'the draft must be an object, got undefined'],
    ['null', null, 'the draft must be an object, got null'],
    ['a string', 'Movie', 'the draft must be an object, got "Movie"'],
    [
      'an array',
      [draft],
      `the draft must be an object, got [{"type":"films.Movie","payload":{"title":"Alien"},"producedBy":"scout"}]`,
    ],
    ['a field that does not exist', { ...draft, payloads: 1 }, 'unknown field "payloads" in the draft'],
    [
      'no type',
      { payload: {}, producedBy: 'a' },
      '"type" must be an artifact type or a non-empty name without lone surrogates, got undefined',
    ],
    [
      'an undefined type',
      { ...draft, type: undefined },
      '"type" must be an artifact type or a non-empty name without lone surrogates, got undefined',
    ],
    [
      'an empty type',
      { ...draft, type: '' },
      '"type" must be an artifact type or a non-empty name without lone surrogates, got ""',
    ],
    ['no producer', { type: 'Movie', payload: {} }, `"producedBy" ${TEXT}, got undefined`],
    ['a null producer', { ...draft, producedBy: null }, `"producedBy" ${TEXT}, got null`],
    ['a producer with a lone surrogate', { ...draft, producedBy: 'a\udfff' }, `"producedBy" ${TEXT}, got "a\\udfff"`],
    ['an id that is none', { ...draft, id: 'film-1' }, '"id" must be a UUID, got "film-1"'],
    ['an id with braces', { ...draft, id: `{${idOf(1)}}` }, `"id" must be a UUID, got "{${idOf(1)}}"`],
    ['an id that goes on', { ...draft, id: `${idOf(1)}0` }, `"id" must be a UUID, got "${idOf(1)}0"`],
    ['an id that begins before', { ...draft, id: `0${idOf(1)}` }, `"id" must be a UUID, got "0${idOf(1)}"`],
    [
      'an id without hyphens',
      { ...draft, id: idOf(1).replaceAll('-', '') },
      `"id" must be a UUID, got "${idOf(1).replaceAll('-', '')}"`,
    ],
    [
      'an id with another letter',
      { ...draft, id: idOf(1).replace('1', 'g') },
      `"id" must be a UUID, got "${idOf(1).replace('1', 'g')}"`,
    ],
    ['a null id', { ...draft, id: null }, '"id" must be a UUID, got null'],
    ['a correlation that is none', { ...draft, correlationId: 1 }, `"correlationId" ${TEXT}, or null, got 1`],
    ['a partition that is none', { ...draft, partitionKey: {} }, `"partitionKey" ${TEXT}, or null, got {}`],
    ['tags that are none', { ...draft, tags: 1 }, `"tags" ${SET}, got 1`],
    ['null tags', { ...draft, tags: null }, `"tags" ${SET}, got null`],
    ['a tag that is none', { ...draft, tags: ['a', 1] }, `"tags[1]" ${TEXT}, got 1`],
    ['a hole in the tags', { ...draft, tags: new Array(1) }, `"tags[0]" ${TEXT}, got undefined`],
    ['a lone surrogate in a tag', { ...draft, tags: new Set(['\ud800']) }, `"tags[0]" ${TEXT}, got "\\ud800"`],
    ['a null visibility', { ...draft, visibility: null }, '"visibility" must be an object, got null'],
    ['a visibility that is a kind', { ...draft, visibility: 'Public' }, '"visibility" must be an object, got "Public"'],
    [
      'an unknown kind',
      { ...draft, visibility: { kind: 'public' } },
      '"visibility.kind" must be one of Public, Private, Labelled, Tenant, After, got "public"',
    ],
    [
      'an unknown field of a kind',
      { ...draft, visibility: { kind: 'Public', agents: [] } },
      '"visibility.agents" is not a field of Public, got []',
    ],
    [
      'no agents',
      { ...draft, visibility: { kind: 'Private', agents: [] } },
      '"visibility.agents" must be a non-empty array of strings without lone surrogates, got []',
    ],
    [
      'no labels',
      { ...draft, visibility: { kind: 'Labelled', requiredLabels: [] } },
      '"visibility.requiredLabels" must be a non-empty array of strings without lone surrogates, got []',
    ],
    [
      'an empty tenant',
      { ...draft, visibility: { kind: 'Tenant', tenantId: '' } },
      '"visibility.tenantId" must be a non-empty string without lone surrogates, got ""',
    ],
    [
      'a malformed ttl',
      { ...draft, visibility: { kind: 'After', ttl: '1h', then: null } },
      '"visibility.ttl" must be a positive ISO 8601 duration such as "PT1H", got "1h"',
    ],
    [
      'a ttl that is over at once',
      { ...draft, visibility: { kind: 'After', ttl: 'PT0S', then: null } },
      '"visibility.ttl" must be a positive ISO 8601 duration such as "PT1H", got "PT0S"',
    ],
    [
      'an After without a policy',
      { ...draft, visibility: { kind: 'After', ttl: 'PT1H' } },
      '"visibility.then" must be a visibility or null, got undefined',
    ],
    [
      'a malformed policy',
      { ...draft, visibility: { kind: 'After', ttl: 'PT1H', then: { kind: 'Tenant' } } },
      '"visibility.then.tenantId" must be a non-empty string without lone surrogates, got undefined',
    ],
    [
      'a policy that is none',
      { ...draft, visibility: { kind: 'After', ttl: 'PT1H', then: [] } },
      '"visibility.then" must be an object, got []',
    ],
    ['an instant in words', { ...draft, createdAt: '2025-01-01' }, `"createdAt" ${DATE}, got "2025-01-01"`],
    [
      'an instant that is none',
      { ...draft, createdAt: new Date(Number.NaN) },
      `"createdAt" ${DATE}, got an invalid Date`,
    ],
    [
      'an instant too late',
      { ...draft, createdAt: new Date(LAST + 1) },
      `"createdAt" ${DATE}, got Date +010000-01-01T00:00:00.000Z`,
    ],
    ['version 0', { ...draft, version: 0 }, '"version" must be a positive integer, got 0'],
    ['a negative version', { ...draft, version: -1 }, '"version" must be a positive integer, got -1'],
    ['a broken version', { ...draft, version: 1.5 }, '"version" must be a positive integer, got 1.5'],
    ['an endless version', { ...draft, version: Infinity }, '"version" must be a positive integer, got Infinity'],
    [
      'a version beyond whole numbers',
      { ...draft, version: 2 ** 53 },
      '"version" must be a positive integer, got 9007199254740992',
    ],
    ['a version in words', { ...draft, version: '1' }, '"version" must be a positive integer, got "1"'],
  ])('is refused for %s', (_, given, problem) => {
    const error = thrownBy(() => read(given));
    expect(error).toBeInstanceOf(InvalidArgumentError);
    expect(error).toHaveProperty('message', `Cannot publish artifact: ${problem}`);
  });

  it.each<[string, object, string]>([
    ['no payload', { type: 'Movie', producedBy: 'a' }, ' at "payload" is not a plain object'],
    ['a null payload', { ...draft, payload: null }, ' null at "payload" is not a plain object'],
    [
      'a payload that JSON cannot carry',
      { ...draft, payload: { a: [Number.NaN] } },
      ' NaN at "payload.a[0]" is not a number that JSON can carry',
    ],
  ])('is refused for %s', (_, given, problem) => {
    const error = thrownBy(() => read(given));
    expect(error).toBeInstanceOf(InvalidPayloadError);
    expect(error).toHaveProperty('message', `Cannot publish artifact:${problem}`);
  });

  it('has a visibility of its own, down to the last name', () => {
    const agents = ['a'];
    const nested = (levels: number): unknown =>
      levels === 1 ? { kind: 'Private', agents } : { kind: 'After', ttl: 'PT1H', then: nested(levels - 1) };
    const { visibility } = read({ ...draft, visibility: nested(64) });
    agents.push('b');
    expect(JSON.stringify(visibility)).toContain('"agents":["a"]}');
  });

  it('may nest its visibility 64 deep', () => {
    const nested = (levels: number): unknown =>
      levels === 1 ? { kind: 'Public' } : { kind: 'After', ttl: 'PT1H', then: nested(levels - 1) };
    expect(read({ ...draft, visibility: nested(64) }).visibility).toEqual(nested(64));
    const path = `visibility${'.then'.repeat(64)}`;
    expect(() => read({ ...draft, visibility: nested(65) })).toThrow(
      `Cannot publish artifact: "${path}" is nested too deep, got {"kind":"Public"}`,
    );
    const endless: Record<string, unknown> = { kind: 'After', ttl: 'PT1H' };
    endless['then'] = endless;
    expect(() => read({ ...draft, visibility: endless })).toThrow(`"${path}" is nested too deep`);
  });
});

describe('resolved drafts', () => {
  it('take the next numbers and their names, in order', () => {
    const first = read({ ...draft, type: 'Movie' });
    const second = { ...first, id: idOf(2) };
    const { facts, result } = resolveDrafts([first, second], ['films.Movie', 'Review'], boardWith({ sequence: 41 }));
    const artifacts = [
      { ...first, type: 'films.Movie', sequence: 42 },
      { ...second, type: 'Review', sequence: 43 },
    ];
    expect(facts).toEqual(artifacts.map((artifact) => ({ kind: 'artifact', artifact })));
    expect(result).toEqual(artifacts.map(toArtifact));
  });

  it('are nothing where there are none', () => {
    expect(resolveDrafts([], [], boardWith())).toEqual({ facts: [], result: [] });
  });
});

describe('a deletion', () => {
  it('is its cut-off, and gives each deleted artifact a number', () => {
    const board = boardWith({ sequence: 10, countBefore: (instant) => (instant === 5 ? 3 : 0) });
    expect(resolveDeletion(5, board)).toEqual({ facts: [{ kind: 'deletion', before: 5, sequence: 13 }], result: 3 });
  });

  it('of nothing is nothing', () => {
    expect(resolveDeletion(5, boardWith({ sequence: 10 }))).toEqual({ facts: [], result: 0 });
  });
});
