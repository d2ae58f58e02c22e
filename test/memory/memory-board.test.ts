import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareArtifacts, type StoredAgentSnapshot, type StoredArtifact } from '../../src/core/fact.ts';
import { matcher, type Selection } from '../../src/core/filter.ts';
import type { Window } from '../../src/core/page.ts';
import { MemoryBoard } from '../../src/memory/memory-board.ts';
import { artifactWith, consumptionWith, idOf } from '../core/samples.ts';

const ALL: Window = { limit: Infinity, offset: 0, order: 'asc', counted: true, after: null };

function boardOf(...artifacts: readonly StoredArtifact[]): MemoryBoard {
  const board = new MemoryBoard();
  board.apply(artifacts.map((artifact) => ({ kind: 'artifact', artifact })));
  return board;
}

function agentWith(agentName: string, description = ''): StoredAgentSnapshot {
  return {
    agentName,
    description,
    subscriptions: [],
    outputTypes: [],
    labels: [],
    firstSeen: 0,
    lastSeen: 0,
    signature: '',
  };
}

const numbered = [1, 2, 3, 4, 5].map((n) => artifactWith({ id: idOf(n), createdAt: n, sequence: n }));

describe('an empty board', () => {
  const board = new MemoryBoard();

  it('holds nothing', () => {
    expect(board.sequence).toBe(0);
    expect(board.hasArtifact(idOf(1))).toBe(false);
    expect(board.hasTypeName('films.Movie')).toBe(false);
    expect(board.hasConsumption(consumptionWith())).toBe(false);
    expect(board.get(idOf(1))).toBeNull();
    expect(board.countBefore(Infinity)).toBe(0);
    expect(board.page({}, ALL)).toEqual({ artifacts: [], unreadable: [], more: false, total: 0 });
    expect(board.counts({})).toMatchObject({ total: 0, earliest: null, latest: null });
    expect(board.agents()).toEqual([]);
    expect(board.size()).toEqual({ artifacts: 0, consumptions: 0, agents: 0, bytes: null });
    expect(board.consumptionsOf([idOf(1)])).toEqual(new Map([[idOf(1), []]]));
  });
});

describe('facts', () => {
  it('put an artifact on the board', () => {
    const artifact = artifactWith({ sequence: 7 });
    const board = boardOf(artifact);
    expect(board.get(idOf(1))).toEqual(artifact);
    expect(board.hasArtifact(idOf(1))).toBe(true);
    expect(board.hasArtifact(idOf(2))).toBe(false);
    expect(board.hasTypeName('films.Movie')).toBe(true);
    expect(board.hasTypeName('Movie')).toBe(false);
    expect(board.sequence).toBe(7);
    expect(board.size()).toEqual({ artifacts: 1, consumptions: 0, agents: 0, bytes: null });
  });

  it('replace an artifact everywhere: by id, type, place and count', () => {
    const board = boardOf(artifactWith(), artifactWith({ type: 'films.Review', createdAt: 5, sequence: 2 }));
    const replaced = artifactWith({ type: 'films.Review', createdAt: 5, sequence: 2 });
    expect(board.get(idOf(1))).toEqual(replaced);
    expect(board.hasTypeName('films.Movie')).toBe(false);
    expect(board.page({}, ALL)).toMatchObject({ artifacts: [replaced], total: 1 });
    expect(board.page({ typeNames: ['films.Movie'] }, ALL).total).toBe(0);
    expect(board.page({ typeNames: ['films.Review'] }, ALL).total).toBe(1);
    expect(board.countBefore(6)).toBe(1);
    expect(board.countBefore(5)).toBe(0);
    expect(board.size().artifacts).toBe(1);
  });

  it('keep a type name while one artifact has it', () => {
    const board = boardOf(artifactWith(), artifactWith({ id: idOf(2) }), artifactWith({ type: 'films.Review' }));
    expect(board.hasTypeName('films.Movie')).toBe(true);
    board.apply([{ kind: 'artifact', artifact: artifactWith({ id: idOf(2), type: 'films.Review' }) }]);
    expect(board.hasTypeName('films.Movie')).toBe(false);
  });

  it('record consumptions by artifact, in their order', () => {
    const board = boardOf(artifactWith());
    const later = consumptionWith({ consumedAt: 3000, runId: 'r' });
    board.apply([
      { kind: 'consumption', consumption: later, sequence: 2 },
      { kind: 'consumption', consumption: consumptionWith(), sequence: 3 },
    ]);
    expect(board.sequence).toBe(3);
    expect(board.hasConsumption(later)).toBe(true);
    expect(board.hasConsumption({ ...later, runId: null })).toBe(false);
    expect(board.hasConsumption({ ...later, artifactId: idOf(2) })).toBe(false);
    expect(board.consumptionsOf([idOf(2), idOf(1)])).toEqual(
      new Map([
        [idOf(2), []],
        [idOf(1), [consumptionWith(), later]],
      ]),
    );
    expect(board.size().consumptions).toBe(2);
  });

  it('keep the consumptions of an artifact that is replaced', () => {
    const board = boardOf(artifactWith());
    board.apply([
      { kind: 'consumption', consumption: consumptionWith(), sequence: 2 },
      { kind: 'artifact', artifact: artifactWith({ sequence: 3, type: 'films.Review' }) },
    ]);
    expect(board.consumptionsOf([idOf(1)]).get(idOf(1))).toEqual([consumptionWith()]);
    expect(board.consumedBy('critic', {})).toEqual(new Map([['films.Review', 1]]));
  });

  it('delete what was created before an instant, with its consumptions', () => {
    const board = boardOf(...numbered);
    const consumption = consumptionWith({ artifactId: idOf(2) });
    board.apply([
      { kind: 'consumption', consumption, sequence: 6 },
      { kind: 'consumption', consumption: consumptionWith({ artifactId: idOf(3) }), sequence: 7 },
      { kind: 'deletion', before: 3, sequence: 9 },
    ]);
    expect(board.sequence).toBe(9);
    expect(board.page({}, ALL).artifacts).toEqual(numbered.slice(2));
    expect(board.page({ typeNames: ['films.Movie'] }, ALL).artifacts).toEqual(numbered.slice(2));
    expect(board.hasConsumption(consumption)).toBe(false);
    expect(board.size()).toEqual({ artifacts: 3, consumptions: 1, agents: 0, bytes: null });
    expect(board.countBefore(4)).toBe(1);
    // A new artifact under the old id has no past.
    board.apply([{ kind: 'artifact', artifact: artifactWith({ id: idOf(2), sequence: 10 }) }]);
    expect(board.consumptionsOf([idOf(2)]).get(idOf(2))).toEqual([]);
  });

  it('keep one snapshot per agent, by name in code point order, until they are cleared', () => {
    const board = new MemoryBoard();
    board.apply([
      { kind: 'agent', snapshot: agentWith('\u{1d11e}'), sequence: 1 },
      { kind: 'agent', snapshot: agentWith('\uff5e'), sequence: 2 },
      { kind: 'agent', snapshot: agentWith('a', 'old'), sequence: 3 },
      { kind: 'agent', snapshot: agentWith('a', 'new'), sequence: 4 },
    ]);
    expect(board.sequence).toBe(4);
    expect(board.agents()).toEqual([agentWith('a', 'new'), agentWith('\uff5e'), agentWith('\u{1d11e}')]);
    board.apply([{ kind: 'agents-cleared' }]);
    expect(board.agents()).toEqual([]);
    expect(board.sequence).toBe(4);
  });
});

describe('a page', () => {
  const board = boardOf(...[...numbered].reverse());

  function idsOf(window: Partial<Window>, selection: Selection = {}): (number | boolean | null)[] {
    const { artifacts, more, total } = board.page(selection, { ...ALL, ...window });
    return [...artifacts.map(({ createdAt }) => createdAt), more, total];
  }

  it('comes in order or in its exact reverse', () => {
    expect(idsOf({})).toEqual([1, 2, 3, 4, 5, false, 5]);
    expect(idsOf({ order: 'desc' })).toEqual([5, 4, 3, 2, 1, false, 5]);
  });

  it('holds at most its limit and says whether more follows', () => {
    expect(idsOf({ limit: 4 })).toEqual([1, 2, 3, 4, true, 5]);
    expect(idsOf({ limit: 5 })).toEqual([1, 2, 3, 4, 5, false, 5]);
    expect(idsOf({ limit: 2, order: 'desc' })).toEqual([5, 4, true, 5]);
  });

  it('is the same when nothing is counted', () => {
    for (const window of [
      { limit: 4 },
      { limit: 5 },
      { offset: 2, limit: 2 },
      { offset: 3, limit: 2, order: 'desc' },
    ] as const) {
      expect(idsOf({ ...window, counted: false })).toEqual([...idsOf(window).slice(0, -1), null]);
    }
  });

  it('skips its offset, also past the end', () => {
    expect(idsOf({ offset: 3, limit: 1 })).toEqual([4, true, 5]);
    expect(idsOf({ offset: 4, limit: 1 })).toEqual([5, false, 5]);
    expect(idsOf({ offset: 3, limit: 2 })).toEqual([4, 5, false, 5]);
    expect(idsOf({ offset: 9 })).toEqual([false, 5]);
  });

  it('goes on after a place, in either direction, whether an artifact is there or not', () => {
    const goOn = (window: Partial<Window>) => idsOf({ ...window, counted: false });
    expect(goOn({ after: { createdAt: 3, id: idOf(3) } })).toEqual([4, 5, false, null]);
    expect(goOn({ after: { createdAt: 3, id: idOf(3) }, order: 'desc', limit: 1 })).toEqual([2, true, null]);
    expect(goOn({ after: { createdAt: 3, id: idOf(2) } })).toEqual([3, 4, 5, false, null]);
    expect(goOn({ after: { createdAt: 3, id: idOf(9) }, order: 'desc' })).toEqual([3, 2, 1, false, null]);
    expect(goOn({ after: { createdAt: 9, id: idOf(1) } })).toEqual([false, null]);
  });

  it('of several types comes in order, also when one of them is not on the board', () => {
    const mixed = boardOf(
      artifactWith({ id: idOf(1), type: 'a', createdAt: 2 }),
      artifactWith({ id: idOf(2), type: 'c', createdAt: 1 }),
    );
    const { artifacts } = mixed.page({ typeNames: ['a', 'b', 'c'] }, ALL);
    expect(artifacts.map(({ type }) => type)).toEqual(['c', 'a']);
  });

  it('of ids comes in order, also when some of them are not on the board', () => {
    const mixed = boardOf(artifactWith({ id: idOf(1), createdAt: 2 }), artifactWith({ id: idOf(3), createdAt: 1 }));
    const { artifacts } = mixed.page({ ids: [idOf(1), idOf(2), idOf(3)] }, ALL);
    expect(artifacts.map(({ createdAt }) => createdAt)).toEqual([1, 2]);
  });

  it('counts only when asked', () => {
    expect(idsOf({ counted: false, limit: 1 })).toEqual([1, true, null]);
  });

  it('leaves the board as it was', () => {
    board.page({}, { ...ALL, order: 'desc' }).artifacts.at(0);
    expect(idsOf({})).toEqual([1, 2, 3, 4, 5, false, 5]);
  });
});

describe('every read', () => {
  const few = <T>(values: readonly T[]) => fc.option(fc.subarray([...values]), { nil: undefined });
  const optional = <T>(...values: T[]) => fc.constantFrom(undefined, ...values);
  const artifact = fc.record({
    id: fc.nat(12).map(idOf),
    type: fc.constantFrom('a', 'b', 'c'),
    producedBy: fc.constantFrom('x', 'y'),
    correlationId: fc.constantFrom('c', null),
    partitionKey: fc.constantFrom('p', null),
    tags: fc.subarray(['s', 't']),
    visibility: fc.constantFrom({ kind: 'Public' } as const, { kind: 'Tenant', tenantId: 't' } as const),
    createdAt: fc.integer({ min: 0, max: 5 }),
  });
  const selection = fc
    .record({
      ids: few(Array.from({ length: 13 }, (_, n) => idOf(n))),
      typeNames: few(['a', 'b', 'c', 'd']),
      producedBy: few(['x', 'y']),
      correlationId: optional('c', null),
      partitionKey: optional('p', null),
      tags: few(['s', 't']),
      visibility: few(['Public', 'Tenant']),
      start: optional(0, 2, 4),
      end: optional(1, 3, 5),
    })
    .map(
      (fields) => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Selection,
    );

  it('finds what going through all artifacts finds', () => {
    fc.assert(
      fc.property(fc.array(artifact, { maxLength: 20 }), selection, (fields, asked) => {
        const latest = new Map(fields.map((each) => [each.id, artifactWith(each)]));
        const board = boardOf(...fields.map((each) => artifactWith(each)));
        const consumptions = [...latest.keys()].flatMap((artifactId) =>
          ['x', 'y'].map((consumer) => consumptionWith({ artifactId, consumer })),
        );
        board.apply(consumptions.map((consumption, sequence) => ({ kind: 'consumption', consumption, sequence })));
        const expected = [...latest.values()].sort(compareArtifacts).filter(matcher(asked));
        const tally = (values: readonly string[]) => {
          const counts = new Map<string, number>();
          for (const value of values) counts.set(value, values.filter((other) => other === value).length);
          return counts;
        };
        expect(board.page(asked, ALL)).toEqual({
          artifacts: expected,
          unreadable: [],
          more: false,
          total: expected.length,
        });
        expect(board.counts(asked)).toEqual({
          total: expected.length,
          byType: tally(expected.map(({ type }) => type)),
          byProducer: tally(expected.map(({ producedBy }) => producedBy)),
          byVisibility: tally(expected.map(({ visibility }) => visibility.kind)),
          byTag: tally(expected.flatMap(({ tags }) => tags)),
          earliest: expected[0]?.createdAt ?? null,
          latest: expected.at(-1)?.createdAt ?? null,
        });
        expect(board.producedBy('x', asked)).toEqual(
          tally(expected.filter(({ producedBy }) => producedBy === 'x').map(({ type }) => type)),
        );
        expect(board.consumedBy('x', asked)).toEqual(tally(expected.map(({ type }) => type)));
        expect(board.consumedBy('z', asked)).toEqual(new Map());
      }),
      { numRuns: 500 },
    );
  });

  it('counts each consumption of an agent', () => {
    const board = boardOf(artifactWith());
    board.apply([
      { kind: 'consumption', consumption: consumptionWith({ runId: '1' }), sequence: 2 },
      { kind: 'consumption', consumption: consumptionWith({ runId: '2' }), sequence: 3 },
      { kind: 'consumption', consumption: consumptionWith({ consumer: 'other' }), sequence: 4 },
    ]);
    expect(board.consumedBy('critic', {})).toEqual(new Map([['films.Movie', 2]]));
  });

  it('leaves the space as it is: what is deleted is gone', () => {
    const board = boardOf(...numbered);
    board.vacuum();
    expect(board.size().artifacts).toBe(5);
  });
});
