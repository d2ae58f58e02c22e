import fc from 'fast-check';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { CorruptError, UnsupportedError } from '../../src/core/errors.ts';
import type { StoredAgentSnapshot, StoredArtifact, StoredConsumption } from '../../src/core/fact.ts';
import { sortedSet } from '../../src/core/text.ts';
import { isVisibleTo, type Visibility } from '../../src/core/visibility.ts';
import type { Row, SqlValue } from '../../src/sql/driver.ts';
import {
  agentRow,
  AGENT_COLUMNS,
  ARTIFACT_COLUMNS,
  artifactRow,
  CONSUMPTION_COLUMNS,
  consumptionRow,
  readAgent,
  readArtifact,
  readConsumption,
} from '../../src/sql/rows.ts';
import { instantMs, wellFormedText } from '../core/arbitraries.ts';
import { thrownBy } from '../core/samples.ts';

const ID = '0197a000-0000-7000-8000-0000000000ff';
const ANY_TEXT = [
  'canonical_type',
  'produced_by',
  'correlation_id',
  'partition_key',
  'consumer',
  'run_id',
  'agent_name',
  'description',
  'signature',
];

const artifact: StoredArtifact = {
  id: ID,
  type: 'films.Movie',
  payload: { title: 'Heat', cast: ['Al', null], rating: 8.3 },
  producedBy: 'scout',
  correlationId: 'run 1',
  partitionKey: null,
  tags: ['crime', 'new'],
  visibility: { kind: 'Public' },
  createdAt: Date.UTC(2025, 9, 13, 12, 34, 56, 789),
  version: 3,
  sequence: 42,
};

/** A row as the statements read it: bytes cast to text, columns of any text behind a character. */
function asRead(row: readonly SqlValue[], columns: readonly string[]): SqlValue[] {
  return row.map((cell, i) => {
    const text = cell instanceof Uint8Array ? new TextDecoder().decode(cell) : cell;
    return typeof text === 'string' && ANY_TEXT.includes(columns[i] ?? '') ? `=${text}` : text;
  });
}

const readBack = (stored: StoredArtifact) => readArtifact(asRead(artifactRow(stored), ARTIFACT_COLUMNS));

function rowWith(column: (typeof ARTIFACT_COLUMNS)[number], cell: SqlValue): Row {
  const row = asRead(artifactRow(artifact), ARTIFACT_COLUMNS);
  row[ARTIFACT_COLUMNS.indexOf(column)] = cell;
  return row;
}

describe('the row of an artifact', () => {
  it('is refused when its payload is longer than a text can be, and says why', () => {
    // What an engine says of a string that is longer than it can have.
    const cause = new RangeError('Invalid string length');
    const spy = vi.spyOn(JSON, 'stringify').mockImplementationOnce(() => {
      throw cause;
    });
    onTestFinished(() => spy.mockRestore());
    const error = thrownBy(() => artifactRow(artifact));
    expect(error).toBeInstanceOf(UnsupportedError);
    expect(error).toMatchObject({ message: `Cannot store artifact "${ID}": its payload is too large`, cause });
  });

  it('has the text formats of the original', () => {
    const row = artifactRow(artifact);
    const cells = Object.fromEntries(ARTIFACT_COLUMNS.map((column, i) => [column, row[i]]));
    expect(cells).toEqual({
      artifact_id: ID,
      canonical_type: 'films.Movie',
      payload: '{"title":"Heat","cast":["Al",null],"rating":8.3}',
      produced_by: 'scout',
      correlation_id: 'run 1',
      partition_key: null,
      tags: '["crime","new"]',
      visibility: '{"kind":"Public"}',
      created_at: '2025-10-13T12:34:56.789000+00:00',
      version: 3,
      sequence: 42,
    });
  });

  it('comes back as it was', () => {
    const payload = fc
      .dictionary(wellFormedText, fc.jsonValue({ noUnicodeString: true }))
      .map((value) => JSON.parse(JSON.stringify(value)) as StoredArtifact['payload']);
    const any = fc.record({
      type: wellFormedText,
      payload,
      producedBy: wellFormedText,
      correlationId: fc.option(wellFormedText),
      partitionKey: fc.option(wellFormedText),
      tags: fc.array(wellFormedText).map(sortedSet),
      createdAt: instantMs,
      version: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
      sequence: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
    });
    fc.assert(
      fc.property(any, (fields) => {
        const stored = { ...artifact, ...fields };
        expect(readBack(stored)).toEqual(stored);
      }),
    );
  });

  it('keeps an ordinary key called __proto__', () => {
    const payload = JSON.parse('{"__proto__":{"a":1},"constructor":2}') as StoredArtifact['payload'];
    expect(JSON.stringify(readBack({ ...artifact, payload }).payload)).toBe('{"__proto__":{"a":1},"constructor":2}');
  });

  it.each<[Visibility, string]>([
    [{ kind: 'Private', agents: ['b', 'a'] }, '{"kind":"Private","agents":["b","a"]}'],
    [{ kind: 'Labelled', requiredLabels: ['x'] }, '{"kind":"Labelled","required_labels":["x"]}'],
    [{ kind: 'Tenant', tenantId: 't' }, '{"kind":"Tenant","tenant_id":"t"}'],
    [{ kind: 'After', ttl: 'PT1H', then: null }, '{"kind":"After","ttl":"PT1H","then":null}'],
    [
      {
        kind: 'After',
        ttl: 'PT1H',
        then: { kind: 'After', ttl: 'P1D', then: { kind: 'Labelled', requiredLabels: ['x'] } },
      },
      '{"kind":"After","ttl":"PT1H","then":{"kind":"After","ttl":"P1D","then":{"kind":"Labelled","required_labels":["x"]}}}',
    ],
  ])('holds the visibility %j under the names of the original', (visibility, text) => {
    expect(artifactRow({ ...artifact, visibility })[ARTIFACT_COLUMNS.indexOf('visibility')]).toBe(text);
    expect(readBack({ ...artifact, visibility }).visibility).toEqual(visibility);
  });

  it.each([
    '{"kind":"Secret"}',
    '{"kind":"Private","agents":[]}',
    '{"kind":"Labelled"}',
    '{"kind":"Tenant","tenant_id":null}',
    '{"kind":"After","ttl":"soon","then":null}',
    '{"kind":"After","ttl":"PT1H","then":{"kind":"Private"}}',
    '{"kind":"Public","extra":1}',
    '{}',
    'null',
    '"Public"',
    '[]',
  ])('may hold the visibility %s, which is returned and admits nobody', (text) => {
    const { visibility } = readArtifact(rowWith('visibility', text));
    expect(JSON.stringify(visibility)).toBe(text.replace('tenant_id', 'tenantId'));
    const read = { visibility, createdAt: new Date(0) };
    expect(isVisibleTo(read, { name: 'scout', labels: ['x'], tenantId: 't' }, new Date(8e15))).toBe(false);
  });

  it('may hold a visibility with a field that is an object, which is returned as it is', () => {
    const { visibility } = readArtifact(rowWith('visibility', '{"kind":"Private","agents":{"tenant_id":1}}'));
    expect(visibility).toEqual({ kind: 'Private', agents: { tenant_id: 1 } });
  });

  it.each<[string, string, number]>([
    ['without a fraction', '2025-01-01T12:00:00+00:00', Date.UTC(2025, 0, 1, 12)],
    ['with microseconds', '2025-01-01T12:00:00.000999+00:00', Date.UTC(2025, 0, 1, 12)],
    ['with Z', '2025-01-01T12:00:00.5Z', Date.UTC(2025, 0, 1, 12, 0, 0, 500)],
    ['with an offset', '2025-01-01T12:00:00+02:00', Date.UTC(2025, 0, 1, 10)],
    ['without an offset', '2025-01-01 12:00:00', Date.UTC(2025, 0, 1, 12)],
  ])('may hold a time %s', (_, text, ms) => {
    expect(readArtifact(rowWith('created_at', text)).createdAt).toBe(ms);
  });

  it.each([
    ['["b","a"]', ['a', 'b']],
    ['["a","a"]', ['a']],
    ['["",""]', ['']],
    ['["a","c","b"]', ['a', 'b', 'c']],
  ])('may hold the tags %s: they are a set', (tags, set) => {
    expect(readArtifact(rowWith('tags', tags)).tags).toEqual(set);
  });

  it('may hold tags in any order and more than once: they are a set', () => {
    expect(readArtifact(rowWith('tags', '["b", "a", "b", "\\ud834\\udd1e", "\uff5e"]')).tags).toEqual([
      'a',
      'b',
      '\uff5e',
      '\u{1d11e}',
    ]);
  });

  const NOT_TEXT: readonly SqlValue[] = [null, 1, Uint8Array.of(1)];
  it.each<[(typeof ARTIFACT_COLUMNS)[number], readonly SqlValue[]]>([
    ['artifact_id', [...NOT_TEXT, '', 'x', ID.toUpperCase(), `${ID} `]],
    ['canonical_type', NOT_TEXT],
    [
      'payload',
      [
        ...NOT_TEXT,
        '',
        '{',
        'null',
        '[]',
        '"x"',
        '1',
        '{"a":NaN}',
        '{"a":Infinity}',
        '{"a":9007199254740993}',
        '{"a":1e400}',
        "{'a':1}",
      ],
    ],
    ['produced_by', NOT_TEXT],
    ['correlation_id', [1, Uint8Array.of(1)]],
    ['partition_key', [1, Uint8Array.of(1)]],
    ['tags', [...NOT_TEXT, '', 'a', '{}', '"a"', 'null', '[1]', '["a",null]', '[["a"]]']],
    ['visibility', [...NOT_TEXT, '', 'Public', '{"kind":', '{"kind":NaN}']],
    [
      'created_at',
      [...NOT_TEXT, '', 'yesterday', '2025-13-01T00:00:00+00:00', '0000-01-01T00:00:00+00:00', '12025-01-01T00:00:00Z'],
    ],
    ['version', [null, '1', 1.5, 2 ** 53, Uint8Array.of(1)]],
    ['sequence', [null, '1', 1.5, 2 ** 53, Uint8Array.of(1)]],
  ])('that cannot be read for its %s is an error naming the artifact', (column, cells) => {
    for (const cell of cells) {
      const name =
        column === 'artifact_id'
          ? /^Cannot read artifact .*: its id /
          : new RegExp(`^Cannot read artifact "${ID}": its `);
      expect(() => readArtifact(rowWith(column, cell)), String(cell)).toThrow(
        expect.objectContaining({ code: 'corrupt', message: expect.stringMatching(name) as string }) as Error,
      );
    }
  });

  it.each<[(typeof ARTIFACT_COLUMNS)[number], SqlValue, string]>([
    ['canonical_type', null, 'its type is null, not text'],
    ['payload', 1, 'its payload is 1, not text'],
    ['payload', '{', 'its payload is "{", which cannot be read exactly as JSON'],
    ['payload', '[]', 'its payload is "[]", not a JSON object'],
    ['produced_by', null, 'its producer is null, not text'],
    ['correlation_id', 1, 'its correlation id is 1, not text'],
    ['partition_key', 1, 'its partition key is 1, not text'],
    ['tags', '[1]', 'its tags are "[1]", not a JSON array of strings'],
    ['visibility', '', 'its visibility is "", which cannot be read exactly as JSON'],
    ['visibility', `${'{"then":'.repeat(100_000)}{}${'}'.repeat(100_000)}`, 'its visibility is nested too deep'],
    ['created_at', 'soon', 'its creation time is "soon", not an ISO 8601 time in the years 1 to 9999'],
    ['version', 1.5, 'its version is 1.5, not an integer'],
    ['sequence', null, 'its sequence is null, not an integer'],
  ])('says what is wrong with its %s %.20s', (column, cell, problem) => {
    expect(() => readArtifact(rowWith(column, cell))).toThrow(
      new CorruptError(`Cannot read artifact "${ID}": ${problem}`),
    );
  });

  it('says what is wrong with its id', () => {
    expect(() => readArtifact(rowWith('artifact_id', 'x'))).toThrow(
      new CorruptError('Cannot read artifact "x": its id is not a UUID in lower case'),
    );
    expect(() => readArtifact([])).toThrow(
      new CorruptError('Cannot read artifact undefined: its id is undefined, not text'),
    );
  });

  it('keeps the cause when JSON cannot be read, and has none otherwise', () => {
    expect(() => readArtifact(rowWith('payload', '{'))).toThrow(
      expect.objectContaining({ cause: expect.any(SyntaxError) as Error }),
    );
    expect(thrownBy(() => readArtifact(rowWith('payload', '[]')))).not.toHaveProperty('cause');
  });
});

describe('the row of a consumption', () => {
  const consumption: StoredConsumption = {
    artifactId: ID,
    consumer: 'editor',
    runId: 'r',
    correlationId: null,
    consumedAt: 1,
  };
  const row = (fields: Partial<StoredConsumption> = {}) =>
    asRead(consumptionRow({ ...consumption, ...fields }), CONSUMPTION_COLUMNS);

  it('has the text formats of the original', () => {
    expect(consumptionRow(consumption)).toEqual([ID, 'editor', 'r', null, '1970-01-01T00:00:00.001000+00:00']);
  });

  it('comes back as it was', () => {
    const any = fc.record({
      consumer: wellFormedText,
      runId: fc.option(wellFormedText),
      correlationId: fc.option(wellFormedText),
      consumedAt: instantMs,
    });
    fc.assert(
      fc.property(any, (fields) => {
        expect(readConsumption(row(fields))).toEqual({ ...consumption, ...fields });
      }),
    );
  });

  it('may hold microseconds, which count for the millisecond they are in', () => {
    expect(readConsumption([...row().slice(0, 4), '1970-01-01T00:00:00.001999+00:00'])).toEqual(consumption);
  });

  it.each([0, 1, 2, 3, 4])('that cannot be read in column %i is an error naming the artifact', (i) => {
    for (const cell of [1, Uint8Array.of(1), ...(i === 4 ? ['x', null] : [])]) {
      expect(() => readConsumption(row().with(i, cell))).toThrow(
        expect.objectContaining({
          code: 'corrupt',
          message: expect.stringMatching(i === 0 ? /^Cannot read consumption/ : new RegExp(ID)) as string,
        }) as Error,
      );
    }
  });

  it.each<[number, SqlValue, string]>([
    [0, 1, 'Cannot read consumption of artifact 1: its artifact id is 1, not text'],
    [1, null, `Cannot read consumption of artifact "${ID}": its consumer is null, not text`],
    [2, 1, `Cannot read consumption of artifact "${ID}": its run id is 1, not text`],
    [3, 1, `Cannot read consumption of artifact "${ID}": its correlation id is 1, not text`],
    [4, null, `Cannot read consumption of artifact "${ID}": its time is null, not text`],
  ])('says what is wrong in column %i', (i, cell, message) => {
    expect(() => readConsumption(row().with(i, cell))).toThrow(new CorruptError(message));
  });
});

describe('the row of an agent snapshot', () => {
  const snapshot: StoredAgentSnapshot = {
    agentName: 'scout',
    description: 'finds',
    subscriptions: ['b', 'a'],
    outputTypes: [],
    labels: ['x', 'x'],
    firstSeen: 0,
    lastSeen: 1,
    signature: 's',
  };
  const row = (fields: Partial<StoredAgentSnapshot> = {}) =>
    asRead(agentRow({ ...snapshot, ...fields }), AGENT_COLUMNS);

  it('has the text formats of the original, lists in their own order', () => {
    expect(agentRow(snapshot)).toEqual([
      'scout',
      'finds',
      '["b","a"]',
      '[]',
      '["x","x"]',
      '1970-01-01T00:00:00.000000+00:00',
      '1970-01-01T00:00:00.001000+00:00',
      's',
    ]);
  });

  it('comes back as it was', () => {
    const texts = fc.array(wellFormedText);
    const any = fc.record({
      agentName: wellFormedText,
      description: wellFormedText,
      subscriptions: texts,
      outputTypes: texts,
      labels: texts,
      firstSeen: instantMs,
      lastSeen: instantMs,
      signature: wellFormedText,
    });
    fc.assert(
      fc.property(any, (stored) => {
        expect(readAgent(row(stored))).toEqual(stored);
      }),
    );
  });

  it.each([1, 2, 3, 4, 5, 6, 7])('that cannot be read in column %i is an error naming the agent', (i) => {
    for (const cell of [null, 1, Uint8Array.of(1), ...(i > 1 && i < 7 ? ['x', '{}', '[1]'] : [])]) {
      expect(() => readAgent(row().with(i, cell))).toThrow(
        expect.objectContaining({
          code: 'corrupt',
          message: expect.stringMatching(/^Cannot read snapshot of agent "scout": its /) as string,
        }) as Error,
      );
    }
  });

  it.each<[number, SqlValue, string]>([
    [0, 1, 'Cannot read snapshot of agent 1: its name is 1, not text'],
    [1, 1, 'Cannot read snapshot of agent "scout": its description is 1, not text'],
    [2, '{}', 'Cannot read snapshot of agent "scout": its subscriptions are "{}", not a JSON array of strings'],
    [3, '{}', 'Cannot read snapshot of agent "scout": its output types are "{}", not a JSON array of strings'],
    [4, '{}', 'Cannot read snapshot of agent "scout": its labels are "{}", not a JSON array of strings'],
    [5, 1, 'Cannot read snapshot of agent "scout": its first seen is 1, not text'],
    [6, 1, 'Cannot read snapshot of agent "scout": its last seen is 1, not text'],
    [7, null, 'Cannot read snapshot of agent "scout": its signature is null, not text'],
  ])('says what is wrong in column %i', (i, cell, message) => {
    expect(() => readAgent(row().with(i, cell))).toThrow(new CorruptError(message));
  });
});
