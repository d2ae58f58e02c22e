import { equal, rejects } from './assert.ts';
import { casesOf, type ContractCase } from './contract-case.ts';
import { agent, consumption, entry, HOSTILE_TEXTS, idOf, note, numbers } from './samples.ts';
import type { UntypedStore } from './untyped-store.ts';

const LONE = 'x\ud800';
const texts = HOSTILE_TEXTS.map((text, n) => ({ text, n }));

export const textCases: readonly ContractCase[] = casesOf(5, {
  'keeps hostile texts in every field of an artifact': async (bench) => {
    const store = await bench.open();
    for (const { text, n } of texts) {
      const fields = { producedBy: text, correlationId: text, partitionKey: text, tags: [text] };
      await store.publish(entry(n, { ...fields, type: `t${text}` }));
      const artifact = await store.get(idOf(n));
      equal(artifact && { ...artifact, createdAt: 0, sequence: 0 }, {
        ...entry(n, fields),
        type: `t${text}`,
        visibility: { kind: 'Public' },
        version: 1,
        createdAt: 0,
        sequence: 0,
      });
    }
  },
  'finds hostile texts exactly, and nothing like them': async (bench) => {
    const store = await bench.open();
    await store.publishMany(
      texts.map(({ text, n }) => entry(n, { producedBy: text, correlationId: text, partitionKey: text, tags: [text] })),
    );
    for (const { text, n } of texts) {
      for (const filter of [{ producedBy: text }, { correlationId: text }, { partitionKey: text }, { tags: text }]) {
        equal(numbers((await store.queryArtifacts(filter)).items), [n], `what matches ${JSON.stringify(filter)}`);
      }
    }
  },
  'finds hostile type names exactly': async (bench) => {
    const store = await bench.open();
    const typed = texts.filter(({ text }) => text !== '');
    await store.publishMany(typed.map(({ text, n }) => entry(n, { type: text })));
    for (const { text, n } of typed) equal(numbers(await store.listByType(text)), [n]);
    equal((await store.summarizeArtifacts()).byType, Object.fromEntries(typed.map(({ text }) => [text, 1])));
  },
  'counts hostile producers and tags under their own names': async (bench) => {
    const store = await bench.open();
    await store.publishMany(texts.map(({ text, n }) => entry(n, { producedBy: text, tags: [text] })));
    const { byProducer, tagCounts } = await store.summarizeArtifacts();
    const expected = Object.fromEntries(texts.map(({ text }) => [text, 1]));
    equal([byProducer, tagCounts], [expected, expected]);
  },
  'keeps hostile texts in consumptions apart': async (bench) => {
    const store = await bench.open();
    await store.publish(entry(1));
    await store.recordConsumptions(
      texts.map(({ text }) => consumption(1, { consumer: text, runId: text, correlationId: text })),
    );
    const [envelope] = (await store.fetchGraphArtifacts()).items;
    const found = envelope?.consumptions.map(({ consumer, runId, correlationId }) => [consumer, runId, correlationId]);
    equal(found?.length, texts.length);
    for (const { text } of texts) {
      equal(
        found?.filter(([consumer]) => consumer === text),
        [[text, text, text]],
      );
      equal((await store.agentHistorySummary(text)).consumed.total, 1);
    }
  },
  'keeps hostile texts in agent snapshots': async (bench) => {
    const store = await bench.open();
    const snapshots = texts.map(({ text }) =>
      agent(text, {
        description: text,
        subscriptions: [text, text],
        outputTypes: [text],
        labels: ['z', text],
        signature: text,
      }),
    );
    for (const snapshot of snapshots) await store.upsertAgentSnapshot(snapshot);
    const loaded = await store.loadAgentSnapshots();
    equal(loaded.length, snapshots.length);
    for (const snapshot of snapshots) {
      equal(
        loaded.find(({ agentName }) => agentName === snapshot.agentName),
        snapshot,
      );
    }
  },
  'keeps hostile texts in visibilities': async (bench) => {
    const store = await bench.open();
    for (const text of HOSTILE_TEXTS.filter((text) => text !== '')) {
      const visibility = { kind: 'After', ttl: 'PT1S', then: { kind: 'Private', agents: [text] } } as const;
      equal((await store.publish(note({ visibility }))).visibility, visibility);
      const tenant = { kind: 'Tenant', tenantId: text } as const;
      const { id } = await store.publish(note({ visibility: tenant }));
      equal((await store.get(id))?.visibility, tenant);
    }
  },
  'keeps an empty text apart from none': async (bench) => {
    const store = await bench.open();
    await store.publishMany([
      entry(1, { correlationId: '', partitionKey: '' }),
      entry(2, { correlationId: null, partitionKey: null }),
    ]);
    const found: number[][] = [];
    for (const filter of [{ correlationId: '' }, { correlationId: null }, { partitionKey: '' }, { partitionKey: null }])
      found.push(numbers((await store.queryArtifacts(filter)).items));
    equal(found, [[1], [2], [1], [2]]);
    equal((await store.get(idOf(1)))?.correlationId, '');
  },
  'refuses lone surrogates in every field of a draft': async (bench) => {
    const store: UntypedStore = await bench.open();
    const wrong: Readonly<Record<string, unknown>>[] = [
      { type: LONE },
      { producedBy: LONE },
      { correlationId: LONE },
      { partitionKey: LONE },
      { tags: ['fine', LONE] },
      { visibility: { kind: 'Private', agents: ['fine', LONE] } },
      { visibility: { kind: 'Labelled', requiredLabels: [LONE] } },
      { visibility: { kind: 'Tenant', tenantId: LONE } },
      { visibility: { kind: 'After', ttl: 'PT1S', then: { kind: 'Tenant', tenantId: LONE } } },
    ];
    for (const fields of wrong) {
      await rejects(store.publish({ ...note(), ...fields }), 'invalid-argument', Object.keys(fields)[0] ?? '');
    }
    equal(await store.list(), []);
  },
  'refuses lone surrogates in consumptions and agent snapshots': async (bench) => {
    const store = await bench.open();
    await store.publish(entry(1));
    for (const fields of [{ consumer: LONE }, { runId: LONE }, { correlationId: LONE }]) {
      await rejects(store.recordConsumptions([consumption(1, fields)]), 'invalid-argument');
    }
    const wrong = [
      { agentName: LONE },
      { description: LONE },
      { subscriptions: [LONE] },
      { outputTypes: [LONE] },
      { labels: [LONE] },
      { signature: LONE },
    ];
    for (const fields of wrong) {
      await rejects(store.upsertAgentSnapshot(agent('a', fields)), 'invalid-argument', Object.keys(fields)[0] ?? '');
    }
    equal([(await store.stats()).consumptions, await store.loadAgentSnapshots()], [0, []]);
  },
  'refuses lone surrogates in what reads ask for': async (bench) => {
    const store = await bench.open();
    const wrong = [
      { typeNames: LONE },
      { producedBy: [LONE] },
      { correlationId: LONE },
      { partitionKey: LONE },
      { tags: LONE },
    ];
    for (const filter of wrong) {
      await rejects(store.queryArtifacts(filter), 'invalid-argument', Object.keys(filter)[0] ?? '');
    }
    await rejects(store.listByType(LONE), 'invalid-argument');
    await rejects(store.agentHistorySummary(LONE), 'invalid-argument');
  },
});
