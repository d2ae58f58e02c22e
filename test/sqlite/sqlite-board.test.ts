import { beforeEach, describe, expect, it } from 'vitest';
import type { Fact, StoredArtifact, StoredConsumption } from '../../src/core/fact.ts';
import type { Selection } from '../../src/core/filter.ts';
import type { Window } from '../../src/core/page.ts';
import { SqliteBoard } from '../../src/sqlite/sqlite-board.ts';
import type { SqlJsDriver } from '../../src/sqlite/sqljs-driver.ts';
import { artifactOf, EPOCH, idOf, newBoard } from './new-board.ts';

const WINDOW: Window = { limit: 50, offset: 0, order: 'asc', after: null, counted: true };

let driver: SqlJsDriver;
let board: SqliteBoard;
beforeEach(async () => {
  ({ driver, board } = await newBoard());
});

function put(...artifacts: StoredArtifact[]): void {
  board.apply(artifacts.map((artifact) => ({ kind: 'artifact', artifact })));
}

function consumptionOf(n: number, fields: Partial<StoredConsumption> = {}): StoredConsumption {
  return { artifactId: idOf(n), consumer: 'editor', runId: null, correlationId: null, consumedAt: 0, ...fields };
}

function consume(...consumptions: StoredConsumption[]): void {
  board.apply(
    consumptions.map((consumption, i) => ({ kind: 'consumption', consumption, sequence: board.sequence + i + 1 })),
  );
}

function numbers(selection: Selection, window: Partial<Window> = {}): number[] {
  return board.page(selection, { ...WINDOW, ...window }).artifacts.map(({ sequence }) => sequence);
}

/** All rows of all tables, as SQLite shows them. */
function dump(): unknown {
  return ['artifacts', 'artifact_consumptions', 'agent_snapshots', 'artifact_tags', 'board_state'].map((table) =>
    driver.all({ text: `SELECT * FROM ${table}`, values: [] }),
  );
}

describe('facts', () => {
  const agent = { agentName: 'scout', description: '', subscriptions: [], outputTypes: [], labels: [], signature: '' };
  const facts: Fact[] = [
    { kind: 'artifact', artifact: artifactOf(3, { tags: ['new'] }) },
    { kind: 'consumption', consumption: consumptionOf(3), sequence: 4 },
    { kind: 'agent', snapshot: { ...agent, firstSeen: 0, lastSeen: 0 }, sequence: 5 },
    { kind: 'artifact', artifact: artifactOf(1, { tags: ['old', 'replaced'], sequence: 6 }) },
    { kind: 'deletion', before: 3, sequence: 8 },
  ];

  it('are applied in their order, and the last number is kept', () => {
    put(artifactOf(1), artifactOf(2));
    board.apply(facts);
    expect(numbers({})).toEqual([3]);
    expect(board.sequence).toBe(8);
    expect(new SqliteBoard(driver, () => {}).sequence).toBe(8);
    expect(board.epoch).toBe(EPOCH);
  });

  it.each(facts.map((_, i) => i))('change nothing when the one after the first %i fails', (count) => {
    put(artifactOf(1, { tags: ['old'] }), artifactOf(2));
    const before = dump();
    const broken: Fact = { kind: 'consumption', consumption: consumptionOf(3), sequence: Number.NaN };
    driver.script(
      "CREATE TRIGGER refuse BEFORE INSERT ON artifact_consumptions WHEN NEW.sequence IS NULL BEGIN SELECT RAISE(ABORT, 'refused'); END",
    );
    expect(() => {
      board.apply([...facts.slice(0, count), broken, ...facts.slice(count)]);
    }).toThrow(/refused/);
    expect(dump()).toEqual(before);
    expect(board.sequence).toBe(2);
    board.apply(facts);
    expect(board.sequence).toBe(8);
  });

  it('replace an artifact by its id, with its tags; its consumptions stay', () => {
    put(artifactOf(1, { tags: ['old', 'kept'], correlationId: 'c' }), artifactOf(2));
    consume(consumptionOf(1));
    put(artifactOf(1, { createdAt: 9, sequence: 4, tags: ['kept', 'new'], type: 'films.Review' }));
    expect(board.get(idOf(1))).toMatchObject({
      type: 'films.Review',
      createdAt: 9,
      tags: ['kept', 'new'],
      correlationId: null,
    });
    expect(numbers({})).toEqual([2, 4]);
    expect([numbers({ tags: ['old'] }), numbers({ tags: ['new'] }), numbers({ tags: ['kept'] })]).toEqual([
      [],
      [4],
      [4],
    ]);
    expect(numbers({ typeNames: ['films.Movie'] })).toEqual([2]);
    expect(board.consumptionsOf([idOf(1)]).get(idOf(1))).toHaveLength(1);
    expect(driver.all({ text: 'SELECT count(*) FROM artifact_tags', values: [] })).toEqual([[2]]);
  });

  it('delete artifacts with their consumptions and tags', () => {
    put(artifactOf(1, { tags: ['a'] }), artifactOf(2, { tags: ['a', 'b'] }), artifactOf(3, { tags: ['a'] }));
    consume(consumptionOf(1), consumptionOf(2), consumptionOf(3));
    expect(board.countBefore(3)).toBe(2);
    board.apply([{ kind: 'deletion', before: 3, sequence: 8 }]);
    expect(numbers({ tags: ['a'] })).toEqual([3]);
    expect(board.size()).toMatchObject({ artifacts: 1, consumptions: 1 });
    expect(driver.all({ text: 'SELECT tag FROM artifact_tags', values: [] })).toEqual([['a']]);
  });
});

describe('a consumption is on the board', () => {
  it('when artifact, consumer, run and instant are the same', () => {
    put(artifactOf(1));
    consume(consumptionOf(1, { runId: 'r', consumedAt: 5 }), consumptionOf(1, { consumedAt: 5 }));
    expect(board.hasConsumption(consumptionOf(1, { runId: 'r', consumedAt: 5, correlationId: 'c' }))).toBe(true);
    expect(board.hasConsumption(consumptionOf(1, { consumedAt: 5 }))).toBe(true);
    for (const other of [
      { runId: '' },
      { runId: 'R' },
      { consumer: 'scout' },
      { consumedAt: 6 },
      { artifactId: idOf(2) },
    ]) {
      expect(board.hasConsumption(consumptionOf(1, { runId: 'r', consumedAt: 5, ...other }))).toBe(false);
    }
  });

  it('tells no run from the empty run', () => {
    put(artifactOf(1));
    consume(consumptionOf(1, { runId: '' }));
    expect(board.hasConsumption(consumptionOf(1, { runId: null }))).toBe(false);
    consume(consumptionOf(1, { runId: null }));
    expect(
      board
        .consumptionsOf([idOf(1)])
        .get(idOf(1))
        ?.map(({ runId }) => runId),
    ).toEqual([null, '']);
  });

  it('at any microsecond of its millisecond, as files of the original have them', () => {
    put(artifactOf(1));
    consume(consumptionOf(1, { consumedAt: 5 }));
    for (const micros of ['005000', '005001', '005999']) {
      driver.script(`UPDATE artifact_consumptions SET consumed_at = '1970-01-01T00:00:00.${micros}+00:00'`);
      expect(board.hasConsumption(consumptionOf(1, { consumedAt: 5 }))).toBe(true);
      expect(board.hasConsumption(consumptionOf(1, { consumedAt: 4 }))).toBe(false);
      expect(board.hasConsumption(consumptionOf(1, { consumedAt: 6 }))).toBe(false);
    }
  });

  it('and comes by instant, consumer and run', () => {
    put(artifactOf(1), artifactOf(2));
    const ordered = [
      consumptionOf(1, { consumedAt: 1, consumer: 'z' }),
      consumptionOf(1, { consumedAt: 2, consumer: '\uff5e' }),
      consumptionOf(1, { consumedAt: 2, consumer: '\u{1d11e}' }),
      consumptionOf(1, { consumedAt: 2, consumer: '\u{1d11e}', runId: 'r' }),
    ];
    consume(...ordered.toReversed(), consumptionOf(2));
    const found = board.consumptionsOf([idOf(1), idOf(2), idOf(3)]);
    expect(found.get(idOf(1))).toEqual(ordered);
    expect(found.get(idOf(2))).toEqual([consumptionOf(2)]);
    expect(found.get(idOf(3)) ?? []).toEqual([]);
  });
});

const HOSTILE = [
  '\0',
  'a\0b',
  '\ufeff',
  `\ufeff${'a'.repeat(40)}`,
  '😀',
  '\u{1d11e}\uff5e',
  `'`,
  '"',
  '\\',
  '\\u0000',
  '%',
  '_',
  '\u2028',
  '[1]',
  '{"a":1}',
  'null',
  '1',
  "'; DROP TABLE artifacts; --",
  'x'.repeat(5000),
];

describe.each(HOSTILE.map((text) => [JSON.stringify(text.slice(0, 12)), text]))('the text %s', (_, text) => {
  const artifact = artifactOf(1, {
    type: text,
    producedBy: text,
    correlationId: text,
    partitionKey: text,
    tags: [text],
    payload: { [text]: text },
  });
  beforeEach(() => {
    put(artifact, artifactOf(2));
  });

  it('comes back as it was', () => {
    const consumption = consumptionOf(1, { consumer: text, runId: text, correlationId: text });
    const snapshot = {
      agentName: text,
      description: text,
      subscriptions: [text],
      outputTypes: [text],
      labels: [text],
      firstSeen: 1,
      lastSeen: 2,
      signature: text,
    };
    board.apply([
      { kind: 'consumption', consumption, sequence: 3 },
      { kind: 'agent', snapshot, sequence: 4 },
    ]);
    expect(board.get(idOf(1))).toEqual(artifact);
    expect(board.page({}, WINDOW).artifacts[0]).toEqual(artifact);
    expect(board.page({ ids: [idOf(1)] }, WINDOW).artifacts).toEqual([artifact]);
    expect(board.consumptionsOf([idOf(1)]).get(idOf(1))).toEqual([consumption]);
    expect(board.agents()).toEqual([snapshot]);
  });

  it('is found by every field that can hold it', () => {
    const many = Array.from({ length: 100 }, (_, i) => `other ${String(i)}`);
    const selections: Selection[] = [
      ...[{ typeNames: [text] }, { typeNames: [text, 'other'] }, { typeNames: [...many, text] }],
      ...[{ producedBy: [text] }, { producedBy: [text, 'other'] }, { producedBy: [...many, text] }],
      ...[{ correlationId: text }, { partitionKey: text }, { tags: [text] }],
      {
        typeNames: [text, 'other'],
        producedBy: [text, 'other'],
        tags: [text],
        correlationId: text,
        partitionKey: text,
      },
      { ids: [idOf(1), idOf(2)], typeNames: [text], producedBy: [text, 'other'], tags: [text] },
    ];
    for (const selection of selections) {
      expect(board.page(selection, WINDOW)).toMatchObject({ artifacts: [artifact], total: 1 });
      expect(board.counts(selection).total).toBe(1);
    }
    expect(board.hasTypeName(text)).toBe(true);
    expect(board.hasTypeName(`${text}x`)).toBe(false);
  });

  it('is counted under its name', () => {
    consume(consumptionOf(1, { consumer: text }));
    expect(board.counts({})).toMatchObject({
      byType: new Map([
        [text, 1],
        ['films.Movie', 1],
      ]),
      byProducer: new Map([
        [text, 1],
        ['scout', 1],
      ]),
      byTag: new Map([[text, 1]]),
    });
    expect(board.producedBy(text, {})).toEqual(new Map([[text, 1]]));
    expect(board.consumedBy(text, {})).toEqual(new Map([[text, 1]]));
  });
});

describe('a row that cannot be read', () => {
  beforeEach(() => {
    put(...[1, 2, 3, 4, 5, 6].map((n) => artifactOf(n, { tags: ['t'], correlationId: 'c' })));
  });

  /** Makes rows unreadable without a word to the triggers, as a flipped bit would. */
  function breakRows(...ns: number[]): void {
    driver.script(`PRAGMA writable_schema = OFF; DROP TRIGGER artifacts_changed_elsewhere`);
    for (const n of ns)
      driver.run({ text: 'UPDATE artifacts SET payload = ? WHERE artifact_id = ?', values: ['{', idOf(n)] });
  }

  it.each<[string, Selection]>([
    ['all', {}],
    ['a type', { typeNames: ['films.Movie'] }],
    ['several types', { typeNames: ['a', 'films.Movie'] }],
    ['a tag', { tags: ['t'] }],
    ['a correlation', { correlationId: 'c' }],
    ['ids', { ids: [1, 2, 3, 4, 5, 6].map(idOf) }],
  ])('is left out of a page of %s, which is filled up with what follows', (_, selection) => {
    breakRows(1, 3, 4);
    const page = board.page(selection, { ...WINDOW, limit: 2 });
    expect(page.artifacts.map(({ sequence }) => sequence)).toEqual([2, 5]);
    expect(page.unreadable.map(({ message }) => message)).toEqual(
      [1, 3, 4].map((n): unknown => expect.stringContaining(idOf(n))),
    );
    expect(page.more).toBe(true);
    expect(numbers(selection, { limit: 2, order: 'desc' })).toEqual([6, 5]);
    expect(numbers(selection, { limit: 2, after: { createdAt: 2, id: idOf(2) } })).toEqual([5, 6]);
    expect(numbers(selection, { limit: Infinity })).toEqual([2, 5, 6]);
  });

  it('for its time is neither old nor young: no deletion takes it, and no summary gives its time', () => {
    driver.script('DROP TRIGGER artifacts_changed_elsewhere');
    const times: [number, string][] = [
      [1, ''],
      [3, '1697200000.5'],
      [6, 'x'],
    ];
    for (const [n, time] of times)
      driver.run({ text: 'UPDATE artifacts SET created_at = ? WHERE artifact_id = ?', values: [time, idOf(n)] });
    consume(consumptionOf(1));
    expect(board.counts({})).toMatchObject({ total: 6, earliest: 2, latest: 5 });
    expect(board.countBefore(5)).toBe(2);
    board.apply([{ kind: 'deletion', before: 5, sequence: 99 }]);
    expect(board.size()).toMatchObject({ artifacts: 4, consumptions: 1 });
  });

  it('of an agent goes when the agents are cleared', () => {
    const text = `INSERT INTO agent_snapshots VALUES ('scout', '', 'not JSON', '[]', '[]', '', '', '')`;
    driver.run({ text, values: [] });
    expect(board.hasAgents()).toBe(true);
    board.apply([{ kind: 'agents-cleared' }]);
    expect(driver.all({ text: 'SELECT * FROM agent_snapshots', values: [] })).toEqual([]);
    expect(board.hasAgents()).toBe(false);
  });

  it('is an error naming it when asked for by id', () => {
    breakRows(3);
    expect(() => board.get(idOf(3))).toThrow(
      expect.objectContaining({ code: 'corrupt', message: expect.stringContaining(idOf(3)) as string }),
    );
    expect(board.get(idOf(2))?.sequence).toBe(2);
  });

  it.each([
    'payload',
    'tags',
    'visibility',
    'created_at',
    'version',
    'produced_by',
    'canonical_type',
    'correlation_id',
    'sequence',
  ])('for its %s never stops a read of others, nor a deletion or a replacement', (column) => {
    driver.script('DROP TRIGGER artifacts_changed_elsewhere');
    for (const value of [new Uint8Array([1, 255]), 'x', '[[', '"', '{}', '[1]', '']) {
      driver.run({
        text: `UPDATE artifacts SET ${column} = ? WHERE artifact_id IN (?, ?)`,
        values: [value, idOf(2), idOf(3)],
      });
      for (const limit of [1, 2, Infinity]) {
        for (const order of ['asc', 'desc'] as const) {
          const found = numbers({}, { limit, order });
          expect(found.length).toBeGreaterThanOrEqual(Math.min(limit, 4));
          expect(numbers({ ids: [1, 2, 3, 4].map(idOf) }, { limit, order }).length).toBeGreaterThanOrEqual(
            Math.min(limit, 2),
          );
        }
      }
      board.counts({});
      board.counts({ tags: ['t'] });
      board.page({ visibility: ['Public'] }, WINDOW);
      board.producedBy('scout', {});
      board.consumedBy('scout', { visibility: ['Public'] });
    }
    put(artifactOf(2, { sequence: 7 }), artifactOf(3, { sequence: 8 }));
    expect(numbers({})).toEqual([1, 7, 8, 4, 5, 6]);
    board.apply([{ kind: 'deletion', before: 100, sequence: 14 }]);
    expect(driver.all({ text: 'SELECT tag FROM artifact_tags', values: [] }).length).toBeLessThanOrEqual(2);
  });
});

describe('a page that goes on from a cursor', () => {
  const after = { createdAt: 5, id: idOf(2) };
  beforeEach(() => {
    put(...[1, 2, 3].map((n) => artifactOf(n, { createdAt: 5 })), artifactOf(4), artifactOf(6));
  });

  it.each<[string, Selection, number[]]>([
    ['without a start', {}, [3, 6]],
    ['before the start', { start: 6 }, [6]],
    ['at the start', { start: 5 }, [3, 6]],
    ['after the start', { start: 4 }, [3, 6]],
    ['and has an end', { end: 5 }, [3]],
  ])('%s comes to what follows', (_, selection, found) => {
    expect(numbers(selection, { after, counted: false })).toEqual(found);
  });

  it.each<[string, Selection, number[]]>([
    ['without an end', {}, [1, 4]],
    ['after the end', { end: 4 }, [4]],
    ['at the end', { end: 5 }, [1, 4]],
    ['before the end', { end: 6 }, [1, 4]],
    ['and has a start', { start: 5 }, [1]],
  ])('backwards %s comes to what came before', (_, selection, found) => {
    expect(numbers(selection, { after, order: 'desc', counted: false })).toEqual(found);
  });
});
