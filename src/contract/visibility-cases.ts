import type { Artifact } from '../core/artifact.ts';
import type { Immutable } from '../core/json.ts';
import { isVisibleTo, type AgentIdentity, type Visibility } from '../core/visibility.ts';
import { equal, rejects } from './assert.ts';
import { casesOf, type ContractCase, type StoreBench } from './contract-case.ts';
import { at, entry, idOf, note } from './samples.ts';
import type { UntypedStore } from './untyped-store.ts';

/** An artifact with this visibility, created at the start of the samples' time, as a read returns it. */
async function stored(bench: StoreBench, visibility: Immutable<Visibility>): Promise<Artifact> {
  const store = await bench.open();
  await store.publish(entry(1, { visibility, createdAt: at(0) }));
  const [artifact] = (await store.queryArtifacts()).items;
  return artifact ?? store.publish(note());
}

function seenBy(artifact: Artifact, agents: readonly AgentIdentity[], ms = 0): boolean[] {
  return agents.map((agent) => isVisibleTo(artifact, agent, at(ms)));
}

const kinds = casesOf(12, {
  'makes an artifact Public unless told': async (bench) => {
    const store = await bench.open();
    equal((await store.publish(note())).visibility, { kind: 'Public' });
    equal((await store.list())[0]?.visibility, { kind: 'Public' });
  },
  'returns every visibility as it was given': async (bench) => {
    const given: Immutable<Visibility>[] = [
      { kind: 'Public' },
      { kind: 'Private', agents: ['b', 'a', 'b'] },
      { kind: 'Labelled', requiredLabels: ['z', 'a'] },
      { kind: 'Tenant', tenantId: 'T' },
      { kind: 'After', ttl: 'PT1H30M', then: null },
      { kind: 'After', ttl: 'P1D', then: { kind: 'After', ttl: 'P2D', then: { kind: 'Tenant', tenantId: 't' } } },
    ];
    const store = await bench.open();
    await store.publishMany(given.map((visibility, n) => entry(n, { visibility })));
    equal(
      (await store.list()).map(({ visibility }) => visibility),
      given,
    );
  },
  'keeps what it read once, whatever a second look would show': async (bench) => {
    const store = await bench.open();
    let looks = 0;
    const visibility: Visibility = {
      kind: 'Private',
      get agents() {
        return [['a'], ['b']][looks++] ?? [];
      },
    };
    const createdAt = new (class extends Date {
      override getTime(): number {
        return looks++;
      }
    })(at(5));
    await store.publish(entry(1, { visibility, createdAt }));
    const artifact = await store.get(idOf(1));
    equal([artifact?.visibility, artifact?.createdAt], [{ kind: 'Private', agents: ['a'] }, at(5)]);
  },
  'refuses at once what holds itself more than once': async (bench) => {
    const store: UntypedStore = await bench.open();
    const window: Record<string, unknown> = { kind: 'Public' };
    Object.assign(window, { self: window, top: window });
    await rejects(store.publish({ ...note(), visibility: window }), 'invalid-argument', '"visibility.self"');
  },
  'takes what stands for an object, as frameworks make them of state': async (bench) => {
    const artifact = await stored(bench, new Proxy({ kind: 'Private', agents: new Proxy(['a'], {}) }, {}));
    equal(artifact.visibility, { kind: 'Private', agents: ['a'] });
  },
  'keeps only the names of a list of names': async (bench) => {
    const artifact = await stored(bench, { kind: 'Private', agents: Object.assign(['a'], { because: 'x' }) });
    equal(Object.keys(artifact.visibility), ['kind', 'agents']);
    equal(artifact.visibility, { kind: 'Private', agents: ['a'] });
  },
  'shows Public to all': async (bench) => {
    const artifact = await stored(bench, { kind: 'Public' });
    equal(seenBy(artifact, [{ name: 'a' }, { name: '', labels: [], tenantId: null }]), [true, true]);
  },
  'shows Private to the named agents': async (bench) => {
    const artifact = await stored(bench, { kind: 'Private', agents: ['a', 'b'] });
    equal(seenBy(artifact, [{ name: 'a' }, { name: 'b' }, { name: 'A' }, { name: '' }]), [true, true, false, false]);
  },
  'shows Labelled to agents with all of the labels': async (bench) => {
    const artifact = await stored(bench, { kind: 'Labelled', requiredLabels: ['x', 'y'] });
    const agents = [
      { name: 'a', labels: ['y', 'z', 'x'] },
      { name: 'a', labels: new Set(['x', 'y']) },
      { name: 'a', labels: ['x'] },
      { name: 'a', labels: 'x y' },
      { name: 'x' },
    ];
    equal(seenBy(artifact, agents), [true, true, false, false, false]);
    equal(seenBy(await stored(bench, { kind: 'Labelled', requiredLabels: ['x'] }), [{ name: 'a', labels: 'x' }]), [
      true,
    ]);
  },
  'shows Tenant to the same tenant': async (bench) => {
    const artifact = await stored(bench, { kind: 'Tenant', tenantId: 't' });
    const agents = [
      { name: 'a', tenantId: 't' },
      { name: 'a', tenantId: 'T' },
      { name: 'a', tenantId: null },
      { name: 't' },
    ];
    equal(seenBy(artifact, agents), [true, false, false, false]);
  },
  'opens After to all when its time has come, counted from the creation': async (bench) => {
    const artifact = await stored(bench, { kind: 'After', ttl: 'PT1S', then: null });
    const seen = [-1, 0, 999, 1000, 99_999].map((ms) => isVisibleTo(artifact, { name: 'a' }, at(ms)));
    equal(seen, [false, false, false, true, true]);
  },
  'opens After to whom its policy admits': async (bench) => {
    const artifact = await stored(bench, { kind: 'After', ttl: 'PT1S', then: { kind: 'Private', agents: ['a'] } });
    equal(seenBy(artifact, [{ name: 'a' }, { name: 'b' }], 999), [false, false]);
    equal(seenBy(artifact, [{ name: 'a' }, { name: 'b' }], 1000), [true, false]);
  },
  'counts each of nested times from the creation': async (bench) => {
    const artifact = await stored(bench, {
      kind: 'After',
      ttl: 'PT2S',
      then: { kind: 'After', ttl: 'PT3S', then: null },
    });
    const shorter = await stored(bench, {
      kind: 'After',
      ttl: 'PT3S',
      then: { kind: 'After', ttl: 'PT1S', then: null },
    });
    const agents = [{ name: 'a' }];
    equal(
      [2000, 2999, 3000].flatMap((ms) => seenBy(artifact, agents, ms)),
      [false, false, true],
    );
    equal(
      [1000, 2999, 3000].flatMap((ms) => seenBy(shorter, agents, ms)),
      [false, false, true],
    );
  },
});

const SECOND = 1000;
const HOUR = 3600 * SECOND;
const DAY = 24 * HOUR;

const DURATIONS: Readonly<Record<string, number>> = {
  PT1S: SECOND,
  'PT0.5S': SECOND / 2,
  'PT0,25S': SECOND / 4,
  'PT0.001S': 1,
  PT90S: 90 * SECOND,
  PT1M: 60 * SECOND,
  'PT1.5M': 90 * SECOND,
  PT1H: HOUR,
  'PT0.5H': HOUR / 2,
  PT36H: 36 * HOUR,
  PT1H30M5S: HOUR + 1805 * SECOND,
  P1D: DAY,
  'P0.5D': DAY / 2,
  P1DT12H: 1.5 * DAY,
  P1W: 7 * DAY,
  P2W: 14 * DAY,
  P1M: 30 * DAY,
  P1Y: 365 * DAY,
  P1Y2M10DT2H30M: 435 * DAY + 2.5 * HOUR,
};

const durations = casesOf(12, {
  'reads durations of ISO 8601: weeks to seconds, fractions, a year of 365 days, a month of 30': async (bench) => {
    const store = await bench.open();
    for (const [ttl, ms] of Object.entries(DURATIONS)) {
      const visibility = { kind: 'After', ttl, then: null } as const;
      await store.publish(entry(1, { visibility, createdAt: at(0) }));
      const [artifact] = await store.list();
      const opened = [ms - 1, ms].map((age) => artifact && isVisibleTo(artifact, { name: 'a' }, at(age)));
      equal(opened, [false, true], `whether ${ttl} has passed after ${String(ms - 1)} and ${String(ms)} ms`);
    }
  },
});

const after = (ttl: unknown, then: unknown = null) => ({ kind: 'After', ttl, then });

const WRONG: Readonly<Record<string, { readonly visibility: unknown; readonly word: string }>> = {
  'an unknown kind': { visibility: { kind: 'Secret' }, word: '"Secret"' },
  'a kind in lower case': { visibility: { kind: 'public' }, word: '"public"' },
  'a kind named like a method': { visibility: { kind: 'constructor' }, word: '"constructor"' },
  'no kind': { visibility: {}, word: 'kind' },
  'a text': { visibility: 'Public', word: '"Public"' },
  null: { visibility: null, word: 'null' },
  'an extra field': { visibility: { kind: 'Public', agents: ['a'] }, word: 'agents' },
  'a misspelt field': { visibility: { kind: 'Private', agentz: ['a'] }, word: 'agentz' },
  'no agents': { visibility: { kind: 'Private', agents: [] }, word: 'agents' },
  'missing agents': { visibility: { kind: 'Private' }, word: 'agents' },
  'agents that are a text': { visibility: { kind: 'Private', agents: 'a' }, word: '"a"' },
  'agents that are no texts': { visibility: { kind: 'Private', agents: [7] }, word: 'agents' },
  'no labels': { visibility: { kind: 'Labelled', requiredLabels: [] }, word: 'requiredLabels' },
  'an empty tenant': { visibility: { kind: 'Tenant', tenantId: '' }, word: 'tenantId' },
  'no tenant': { visibility: { kind: 'Tenant', tenantId: null }, word: 'tenantId' },
  'a time in words': { visibility: after('1 hour'), word: '"1 hour"' },
  'an empty time': { visibility: after(''), word: 'ttl' },
  'a time without parts': { visibility: after('P'), word: '"P"' },
  'a time with a T and nothing after it': { visibility: after('P1DT'), word: '"P1DT"' },
  'hours without a T': { visibility: after('P1H'), word: '"P1H"' },
  'parts in the wrong order': { visibility: after('PT1S1H'), word: '"PT1S1H"' },
  'a fraction before the last part': { visibility: after('PT1.5H1M'), word: '"PT1.5H1M"' },
  'a time in lower case': { visibility: after('pt1h'), word: '"pt1h"' },
  'a time of nothing': { visibility: after('PT0S'), word: '"PT0S"' },
  'a negative time': { visibility: after('-PT1H'), word: '"-PT1H"' },
  'a time with a space': { visibility: after(' PT1H'), word: '" PT1H"' },
  'a time that is a number': { visibility: after(3600), word: '3600' },
  'a missing policy': { visibility: { kind: 'After', ttl: 'PT1H' }, word: 'then' },
  'a misspelt policy': { visibility: { ...after('PT1H'), thne: null }, word: 'thne' },
  'a wrong policy inside': { visibility: after('PT1H', { kind: 'Private', agents: [] }), word: 'then' },
  'a wrong time deep inside': { visibility: after('PT1H', after('PT1H', after('soon'))), word: '"soon"' },
};

const refused = Object.entries(WRONG).flatMap(([name, { visibility, word }]) =>
  casesOf(12, {
    [`refuses to publish ${name} as or in a visibility`]: async (bench) => {
      const store: UntypedStore = await bench.open();
      await rejects(store.publish({ ...entry(1), visibility }), 'invalid-argument', 'publish', 'visibility', word);
      equal(await store.get(idOf(1)), null);
    },
  }),
);

export const visibilityCases: readonly ContractCase[] = [...kinds, ...durations, ...refused];
