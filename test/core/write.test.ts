import { describe, expect, it } from 'vitest';
import { defineType, TypeRegistry } from '../../src/core/artifact-type.ts';
import { InvalidArgumentError, InvalidPayloadError, NotFoundError } from '../../src/core/errors.ts';
import { consumptionKey, toArtifact } from '../../src/core/fact.ts';
import { Stamps } from '../../src/core/stamps.ts';
import {
  checkAgentSnapshot,
  checkConsumptions,
  checkDraft,
  resolveAgentSnapshot,
  resolveClearing,
  resolveConsumptions,
  resolveDeletion,
  resolveDrafts,
} from '../../src/core/write.ts';
import { FIRST, LAST } from './arbitraries.ts';
import { anything, boardWith, consumptionWith, idOf, thrownBy } from './samples.ts';

const NOW = 1_700_000_000_000;
const TEXT = 'must be a string without lone surrogates';
const SET = 'must be a string or an iterable of strings';
const DATE = 'must be a Date in the years 1 to 9999';

function stamps(): Stamps {
  return new Stamps(
    () => new Date(NOW),
    () => idOf(7),
  );
}

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
    ['a field that does not exist', { ...draft, payloads: 1 }, 'the draft has no field "payloads"'],
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

describe('consumptions', () => {
  function readAll(records: unknown) {
    return checkConsumptions(records, stamps(), 'record consumptions');
  }

  const record = { artifactId: idOf(1), consumer: 'critic' };

  it('get defaults for what they leave out, one instant for all', () => {
    let now = NOW;
    const clock = new Stamps(() => new Date(now++), undefined);
    const expected = { ...record, runId: null, correlationId: null, consumedAt: NOW };
    const nothing = { runId: undefined, correlationId: undefined, consumedAt: undefined };
    expect(checkConsumptions([record, { ...record, ...nothing }], clock, 'record')).toEqual([expected, expected]);
  });

  it('are taken as given', () => {
    const given = { ...record, runId: 'r', correlationId: '', consumedAt: new Date(5) };
    expect(readAll([{ ...given, artifactId: idOf(171).toUpperCase() }])).toEqual([
      { ...given, artifactId: idOf(171), consumedAt: 5 },
    ]);
    expect(readAll([{ ...record, runId: null, correlationId: null }])).toMatchObject([
      { runId: null, correlationId: null },
    ]);
  });

  it('are read once, each as it is at that moment', () => {
    const reused = { ...record };
    function* records() {
      for (const consumer of ['a', 'b']) yield Object.assign(reused, { consumer });
    }
    expect(readAll(records()).map(({ consumer }) => consumer)).toEqual(['a', 'b']);
    expect(readAll(new Set([record]))).toHaveLength(1);
    expect(readAll([])).toEqual([]);
  });

  it.each<[string, unknown, string]>([
    ['nothing', undefined, 'the records must be an iterable, got undefined'],
    ['null', null, 'the records must be an iterable, got null'],
    ['one record', record, `the records must be an iterable, got {"artifactId":"${idOf(1)}","consumer":"critic"}`],
    ['a string', 'records', 'the records must be an iterable, got "records"'],
    ['a record that is none', [null], 'the record must be an object, got null'],
    ['a field that does not exist', [{ ...record, run: 'r' }], 'the record has no field "run"'],
    ['no artifact', [{ consumer: 'a' }], '"artifactId" must be a UUID, got undefined'],
    ['an artifact that is none', [record, { ...record, artifactId: 'x' }], '"artifactId" must be a UUID, got "x"'],
    ['no consumer', [{ artifactId: idOf(1) }], `"consumer" ${TEXT}, got undefined`],
    ['a consumer that is none', [{ ...record, consumer: 5 }], `"consumer" ${TEXT}, got 5`],
    ['a run that is none', [{ ...record, runId: 5 }], `"runId" ${TEXT}, or null, got 5`],
    ['a correlation that is none', [{ ...record, correlationId: 5 }], `"correlationId" ${TEXT}, or null, got 5`],
    ['an instant that is none', [{ ...record, consumedAt: 5 }], `"consumedAt" ${DATE}, got 5`],
  ])('are refused for %s', (_, records, problem) => {
    const error = thrownBy(() => readAll(records));
    expect(error).toBeInstanceOf(InvalidArgumentError);
    expect(error).toHaveProperty('message', `Cannot record consumptions: ${problem}`);
  });

  it('that cannot be read are refused with the cause', () => {
    const cause = new Error('no');
    function* records() {
      yield record;
      throw cause;
    }
    const error = thrownBy(() => readAll(records()));
    expect(error).toBeInstanceOf(InvalidArgumentError);
    expect(error).toMatchObject({ message: 'Cannot record consumptions: reading the records failed', cause });
  });

  it('of artifacts on the board take the next numbers', () => {
    const consumptions = [consumptionWith(), consumptionWith({ runId: 'r' })];
    const board = boardWith({ sequence: 5, hasArtifact: (id) => id === idOf(1) });
    expect(resolveConsumptions(consumptions, board, 'record')).toEqual({
      facts: consumptions.map((consumption, i) => ({ kind: 'consumption', consumption, sequence: 6 + i })),
      result: undefined,
    });
  });

  it('that are recorded already, or twice in one call, are one and take no number', () => {
    const known = consumptionWith({ runId: 'known' });
    const board = boardWith({
      sequence: 5,
      hasArtifact: () => true,
      hasConsumption: (consumption) => consumptionKey(consumption) === consumptionKey(known),
    });
    const last = consumptionWith({ runId: 'last' });
    const given = [known, consumptionWith(), consumptionWith({ correlationId: 'second' }), last];
    expect(resolveConsumptions(given, board, 'record').facts).toEqual([
      { kind: 'consumption', consumption: consumptionWith(), sequence: 6 },
      { kind: 'consumption', consumption: last, sequence: 7 },
    ]);
  });

  it('of an artifact that is not on the board are an error that names the first', () => {
    const consumptions = [1, 2, 3].map((n) => consumptionWith({ artifactId: idOf(n) }));
    const board = boardWith({ hasArtifact: (id) => id === idOf(1) });
    const error = thrownBy(() => resolveConsumptions(consumptions, board, 'record consumptions'));
    expect(error).toBeInstanceOf(NotFoundError);
    expect(error).toHaveProperty('message', `Cannot record consumptions: artifact "${idOf(2)}" is not on the board`);
  });
});

describe('an agent snapshot', () => {
  const snapshot = {
    agentName: 'scout',
    description: '',
    subscriptions: ['b', 'a', 'b'],
    outputTypes: [],
    labels: ['l'],
    firstSeen: new Date(1),
    lastSeen: new Date(2),
    signature: 's',
  };

  it('is copied and frozen, its lists in their order', () => {
    const checked = checkAgentSnapshot(snapshot, 'keep');
    expect(checked).toEqual({ ...snapshot, firstSeen: 1, lastSeen: 2 });
    expect([checked.subscriptions, checked.outputTypes, checked.labels].every(Object.isFrozen)).toBe(true);
    expect([snapshot.subscriptions, snapshot.outputTypes, snapshot.labels].some(Object.isFrozen)).toBe(false);
  });

  it('takes the next number', () => {
    const stored = checkAgentSnapshot(snapshot, 'keep');
    expect(resolveAgentSnapshot(stored, boardWith({ sequence: 3 }))).toEqual({
      facts: [{ kind: 'agent', snapshot: stored, sequence: 4 }],
      result: undefined,
    });
  });

  it.each(Object.entries(snapshot))('is refused without %s', (field, held) => {
    const rest = Object.fromEntries(Object.entries(snapshot).filter(([name]) => name !== field));
    const error = thrownBy(() => checkAgentSnapshot(rest, 'keep agent snapshot'));
    expect(error).toBeInstanceOf(InvalidArgumentError);
    const problem = held instanceof Date ? DATE : Array.isArray(held) ? 'must be an array' : TEXT;
    expect(error).toHaveProperty('message', `Cannot keep agent snapshot: "${field}" ${problem}, got undefined`);
  });

  it.each<[string, unknown, string]>([
    ['null', null, 'the snapshot must be an object, got null'],
    ['a field that does not exist', { ...snapshot, kind: 'x' }, 'the snapshot has no field "kind"'],
    ['a name that is none', { ...snapshot, agentName: 1 }, `"agentName" ${TEXT}, got 1`],
    ['a description that is none', { ...snapshot, description: null }, `"description" ${TEXT}, got null`],
    [
      'subscriptions that are a string',
      { ...snapshot, subscriptions: 'a' },
      '"subscriptions" must be an array, got "a"',
    ],
    ['output types that are a set', { ...snapshot, outputTypes: new Set() }, '"outputTypes" must be an array, got {}'],
    ['a label that is none', { ...snapshot, labels: ['a', 2] }, `"labels[1]" ${TEXT}, got 2`],
    ['a lone surrogate', { ...snapshot, labels: ['\ud800'] }, `"labels[0]" ${TEXT}, got "\\ud800"`],
    ['an instant that is none', { ...snapshot, firstSeen: 1 }, `"firstSeen" ${DATE}, got 1`],
    ['another that is none', { ...snapshot, lastSeen: null }, `"lastSeen" ${DATE}, got null`],
    ['a signature that is none', { ...snapshot, signature: 1 }, `"signature" ${TEXT}, got 1`],
  ])('is refused for %s', (_, given, problem) => {
    const error = thrownBy(() => checkAgentSnapshot(given, 'keep'));
    expect(error).toBeInstanceOf(InvalidArgumentError);
    expect(error).toHaveProperty('message', `Cannot keep: ${problem}`);
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

describe('clearing', () => {
  it('is one fact where there are agents, and nothing where there are none', () => {
    expect(resolveClearing(boardWith({ hasAgents: () => true }))).toEqual({
      facts: [{ kind: 'agents-cleared' }],
      result: undefined,
    });
    expect(resolveClearing(boardWith())).toEqual({ facts: [], result: undefined });
  });
});
