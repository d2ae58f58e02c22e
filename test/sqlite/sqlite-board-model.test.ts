import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareArtifacts, type StoredArtifact } from '../../src/core/fact.ts';
import { matcher, type Selection } from '../../src/core/filter.ts';
import type { Window } from '../../src/core/page.ts';
import { sortedSet } from '../../src/core/text.ts';
import type { Visibility } from '../../src/core/visibility.ts';
import { artifactOf, idOf, newBoard, type NewBoard } from './new-board.ts';

const TEXTS = ['a', 'b', 'c', '\0', '\ufeff', '\uff5e', '\u{1d11e}', `"'`];
const VISIBILITIES: readonly Visibility[] = [
  { kind: 'Public' },
  { kind: 'Private', agents: ['scout'] },
  { kind: 'Labelled', requiredLabels: ['x'] },
  { kind: 'Tenant', tenantId: 't' },
  { kind: 'After', ttl: 'PT1H', then: { kind: 'Tenant', tenantId: 't' } },
];

const text = fc.constantFrom(...TEXTS);
const texts = fc.array(text, { maxLength: 3 }).map(sortedSet);
const key = fc.option(text);
/** Few and close, so that many artifacts share one and only the id orders them. */
const time = fc.constantFrom(-62_135_596_800_000, -1, 0, 1, 999, 1000, 253_402_300_799_999);
const number = fc.nat({ max: 30 });

const fields = fc.record({
  type: text,
  producedBy: text,
  correlationId: key,
  partitionKey: key,
  tags: texts,
  visibility: fc.constantFrom(...VISIBILITIES),
  createdAt: time,
});
const drafts = fc.array(fc.tuple(number, fields), { maxLength: 40 });

const many = fc.constant(TEXTS.concat(Array.from({ length: 60 }, (_, i) => `other ${String(i)}`)));
const anyOf = fc.oneof({ weight: 9, arbitrary: texts }, many.map(sortedSet));
const selection: fc.Arbitrary<Selection> = fc.record(
  {
    ids: fc.array(number.map(idOf), { maxLength: 20 }).map(sortedSet),
    typeNames: anyOf,
    producedBy: anyOf,
    correlationId: key,
    partitionKey: key,
    tags: texts,
    visibility: fc.subarray(VISIBILITIES.map(({ kind }) => kind)).map(sortedSet),
    start: time,
    end: time,
  },
  { requiredKeys: [] },
);

const window: fc.Arbitrary<Window> = fc.record({
  limit: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.constant(Infinity)),
  offset: fc.nat({ max: 5 }),
  order: fc.constantFrom('asc', 'desc'),
  after: fc.option(fc.record({ createdAt: time, id: number.map(idOf) })),
  counted: fc.boolean(),
});

/** What is right, said as plainly as can be. */
function expectedPage(
  board: readonly StoredArtifact[],
  wanted: Selection,
  { limit, offset, order, after, counted }: Window,
) {
  const matching = board.filter(matcher(wanted)).sort(compareArtifacts);
  if (order === 'desc') matching.reverse();
  const direction = order === 'asc' ? 1 : -1;
  const following = matching.filter((artifact) => after === null || compareArtifacts(artifact, after) * direction > 0);
  return {
    artifacts: following.slice(offset, offset + limit),
    unreadable: [],
    more: following.length > offset + limit,
    total: counted ? matching.length : null,
  };
}

function countBy(values: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

/** Puts the drafts on an empty board, those of one number in place of each other; returns what is then on it. */
function fill({ board, driver }: NewBoard, given: readonly (readonly [number, Partial<StoredArtifact>])[]) {
  driver.script('DELETE FROM artifacts; DELETE FROM artifact_consumptions');
  const artifacts = given.map(([n, some], i) => artifactOf(n, { ...some, sequence: i + 1 }));
  board.apply(artifacts.map((artifact) => ({ kind: 'artifact', artifact })));
  return [...new Map(artifacts.map((artifact) => [artifact.id, artifact])).values()];
}

describe('a board of any artifacts', () => {
  it('gives every page that a plain search would', async () => {
    const boards = await newBoard();
    const queries = fc.array(fc.tuple(selection, window), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(drafts, queries, (given, asked) => {
        const artifacts = fill(boards, given);
        for (const [wanted, part] of asked) {
          expect(boards.board.page(wanted, part)).toEqual(expectedPage(artifacts, wanted, part));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('gives all of its matches, each once, page after page', async () => {
    const boards = await newBoard();
    fc.assert(
      fc.property(drafts, selection, window, (given, wanted, { limit, order }) => {
        const artifacts = fill(boards, given);
        const found: StoredArtifact[] = [];
        for (let after: StoredArtifact | null = null, more = true; more; after = found.at(-1) ?? null) {
          const page = boards.board.page(wanted, { limit, offset: 0, order, after, counted: false });
          found.push(...page.artifacts);
          more = page.more;
        }
        const all: Window = { limit: Infinity, offset: 0, order, after: null, counted: false };
        expect(found).toEqual(expectedPage(artifacts, wanted, all).artifacts);
      }),
      { numRuns: 200 },
    );
  });

  it('counts what a plain count would', async () => {
    const boards = await newBoard();
    const consumptions = fc.array(fc.tuple(number, text), { maxLength: 20 });
    fc.assert(
      fc.property(
        drafts,
        consumptions,
        fc.array(selection, { minLength: 1, maxLength: 6 }),
        (given, consumed, asked) => {
          const artifacts = fill(boards, given);
          const records = consumed.map(([n, consumer], i) => ({
            artifactId: idOf(n),
            consumer,
            runId: null,
            correlationId: null,
            consumedAt: i,
          }));
          boards.board.apply(
            records.map((consumption, i) => ({ kind: 'consumption', consumption, sequence: 100 + i })),
          );
          for (const wanted of asked) {
            const matching = artifacts.filter(matcher(wanted)).sort(compareArtifacts);
            expect(boards.board.counts(wanted)).toEqual({
              total: matching.length,
              byType: countBy(matching.map(({ type }) => type)),
              byProducer: countBy(matching.map(({ producedBy }) => producedBy)),
              byVisibility: countBy(matching.map(({ visibility }) => visibility.kind)),
              byTag: countBy(matching.flatMap(({ tags }) => tags)),
              earliest: matching[0]?.createdAt ?? null,
              latest: matching.at(-1)?.createdAt ?? null,
            });
            for (const agent of TEXTS) {
              const types = (name: string) => matching.filter(({ id }) => id === name).map(({ type }) => type);
              expect(boards.board.producedBy(agent, wanted)).toEqual(
                countBy(matching.flatMap(({ producedBy, type }) => (producedBy === agent ? [type] : []))),
              );
              expect(boards.board.consumedBy(agent, wanted)).toEqual(
                countBy(records.flatMap(({ artifactId, consumer }) => (consumer === agent ? types(artifactId) : []))),
              );
            }
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  it('keeps its tag rows in step with the artifacts, whatever is replaced and deleted', async () => {
    const boards = await newBoard();
    fc.assert(
      fc.property(drafts, time, (given, before) => {
        const artifacts = fill(boards, given);
        boards.board.apply([{ kind: 'deletion', before, sequence: 1000 }]);
        const left = artifacts.filter(({ createdAt }) => createdAt >= before);
        const rows = boards.driver.all({ text: `SELECT '=' || tag, artifact_id FROM artifact_tags`, values: [] });
        const expected = left.flatMap(({ id, tags }) => tags.map((tag) => [`=${tag}`, id]));
        expect(new Set(rows.map((row) => JSON.stringify(row)))).toEqual(
          new Set(expected.map((row) => JSON.stringify(row))),
        );
        expect(rows).toHaveLength(expected.length);
      }),
      { numRuns: 100 },
    );
  });
});
