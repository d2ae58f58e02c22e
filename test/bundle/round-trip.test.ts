import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkArtifact } from '../../src/bundle/check-artifact.ts';
import { importBundle } from '../../src/bundle/import-bundle.ts';
import { anyType, movieType } from '../../src/contract/sample-types.ts';
import { entry } from '../../src/contract/samples.ts';
import { restoringDraft } from '../../src/core/restoring.ts';
import type { BlackboardStore } from '../../src/core/store.ts';
import type { Visibility } from '../../src/core/visibility.ts';
import { createMemoryStore } from '../../src/memory/memory-store.ts';
import { openSqliteStore } from '../../src/sqlite/sqlite-store.ts';
import { FIRST, instantMs, LAST, wellFormedText } from '../core/arbitraries.ts';
import { copyFixtures, openBoardFile, visit } from '../original/boards.ts';
import { idOf, insertArtifact, insertConsumption, openDriver, ORIGINAL_SCHEMA } from '../original/databases.ts';
import { TrialMedium } from '../sqlite/trial-medium.ts';
import { exported } from './bundles.ts';

const json = fc.letrec<{ value: unknown; object: Record<string, unknown> }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constant(null),
    fc.boolean(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).filter((number) => !Object.is(number, -0)),
    wellFormedText,
    fc.array(tie('value'), { maxLength: 3 }),
    tie('object'),
  ),
  object: fc.dictionary(fc.oneof(wellFormedText, fc.constantFrom('__proto__', 'toJSON', '1')), tie('value'), {
    maxKeys: 4,
    noNullPrototype: true,
  }),
}));

/** What publish takes, and what only boards of the original hold. */
const visibility = fc.oneof(
  fc.constant({ kind: 'Public' }),
  fc.record({ kind: fc.constant('Private'), agents: fc.array(wellFormedText) }),
  fc.record({
    kind: fc.constant('After'),
    ttl: fc.constantFrom('P1D', 'PT0S'),
    then: fc.constant({ kind: 'Private' }),
  }),
  fc.record({ kind: fc.constant('Tenant'), tenantId: fc.constant(null) }),
  fc.record({ kind: wellFormedText, extra: json.value }),
  json.value,
) as fc.Arbitrary<Visibility>;

const nullableText = fc.option(wellFormedText);
const instant = instantMs.map((ms) => new Date(ms));
const artifact = fc.record({
  id: fc.uuid(),
  type: fc.oneof(wellFormedText, fc.constantFrom('__proto__', 'a.B', '')),
  payload: json.object,
  producedBy: wellFormedText,
  correlationId: nullableText,
  partitionKey: nullableText,
  tags: fc.array(wellFormedText, { maxLength: 4 }),
  visibility,
  createdAt: fc.oneof(instant, fc.constantFrom(new Date(FIRST), new Date(LAST), new Date(0))),
  version: fc.oneof(fc.nat(), fc.constantFrom(-1, Number.MAX_SAFE_INTEGER)),
});
const consumption = fc.record({
  artifact: fc.nat(),
  consumer: wellFormedText,
  runId: nullableText,
  correlationId: nullableText,
  consumedAt: instant,
});
const agent = fc.record({
  agentName: wellFormedText,
  description: wellFormedText,
  subscriptions: fc.array(wellFormedText),
  outputTypes: fc.array(wellFormedText),
  labels: fc.array(wellFormedText),
  firstSeen: instant,
  lastSeen: instant,
  signature: wellFormedText,
});

const board = fc.record({
  artifacts: fc.array(artifact, { maxLength: 8 }),
  consumptions: fc.array(consumption, { maxLength: 8 }),
  agents: fc.array(agent, { maxLength: 3 }),
});

async function fill(store: BlackboardStore, content: typeof board extends fc.Arbitrary<infer T> ? T : never) {
  const { artifacts, consumptions, agents } = content;
  const ids = artifacts.map(({ id }) => id);
  await store.publishMany(artifacts.map((each) => restoringDraft(checkArtifact(each, 'fill the board'))));
  await store.recordConsumptions(
    consumptions.flatMap(({ artifact: place, ...record }) => {
      const artifactId = ids[place % Math.max(1, ids.length)];
      return artifactId === undefined ? [] : [{ artifactId, ...record }];
    }),
  );
  for (const snapshot of agents) await store.upsertAgentSnapshot(snapshot);
}

describe('a bundle', () => {
  it('makes any other board equal: from memory to SQLite to memory, every export has the same bytes', async () => {
    await fc.assert(
      fc.asyncProperty(board, async (content) => {
        const first = createMemoryStore();
        await fill(first, content);
        const text = await exported(first);
        const second = await openSqliteStore();
        await importBundle(second, [text]);
        expect(await exported(second)).toBe(text);
        expect(await second.summarizeArtifacts()).toEqual(await first.summarizeArtifacts());
        const third = createMemoryStore();
        await importBundle(third, [await exported(second)]);
        expect(await third.list()).toEqual(await second.list());
        expect(await exported(third)).toBe(text);
        await second.close();
      }),
      { numRuns: 150 },
    );
  });

  it('keeps artifacts under the names they have, and asks no schema', async () => {
    for (const open of [async () => createMemoryStore, async () => openSqliteStore]) {
      const openStore = await open();
      const from = await openStore();
      await from.publish(entry(1, { type: 'Movie', payload: { title: 5 } }));
      await from.publish(entry(2, { type: 'films.Movie', payload: { title: '' } }));
      const text = await exported(from);
      const to = await openStore({ types: [movieType('films.Movie'), anyType('Movie.Movie')] });
      await importBundle(to, [text]);
      expect((await to.list()).map(({ type }) => type)).toEqual(['Movie', 'films.Movie']);
      expect(await exported(to)).toBe(text);
    }
  });

  it.each(['original-v3', 'original-v3-wal'])('moves a board of the original whole: %s.db', async (name) => {
    const path = await copyFixtures(`${name}.db`);
    const original = await openBoardFile(path, { readOnly: true });
    const text = await exported(original);
    expect(text).toContain('"visibility":{"kind":"After","ttl":"P7D","then":{"kind":"Private"}}');
    const copy = createMemoryStore();
    await importBundle(copy, [text]);
    expect(await exported(copy)).toBe(text);
    expect(await copy.list()).toEqual(await original.list());
    const { answer } = await visit(`${path}.copy`, async (store) => {
      await importBundle(store, [text]);
      return exported(store);
    });
    expect(answer).toBe(text);
    expect((await visit(`${path}.copy`, exported)).answer).toBe(text);
  });

  it('takes the first of two consumptions of one millisecond, as a board of the original has them, again and again', async () => {
    const driver = await openDriver();
    driver.script(ORIGINAL_SCHEMA);
    insertArtifact(driver, idOf(1), '2025-10-01T00:00:00+00:00');
    for (const micros of ['001', '002']) {
      insertConsumption(driver, idOf(1), `2025-10-02T00:00:00.500${micros}+00:00`, { correlationId: micros });
    }
    const original = await openSqliteStore({ medium: new TrialMedium(driver.exportBytes()), readOnly: true });
    const text = await exported(original);
    await original.close();
    const copy = createMemoryStore();
    const reports = [await importBundle(copy, [text]), await importBundle(copy, [text])];
    expect(reports.map(({ consumptions: { added, unchanged }, conflicts }) => [added, unchanged, conflicts])).toEqual([
      [1, 1, 0],
      [0, 2, 0],
    ]);
    const { items } = await copy.fetchGraphArtifacts();
    expect(items[0]?.consumptions.map(({ correlationId }) => correlationId)).toEqual(['001']);
  });
});
