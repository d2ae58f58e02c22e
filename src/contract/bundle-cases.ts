import { exportBundle } from '../bundle/export-bundle.ts';
import { importBundle, type ImportOptions } from '../bundle/import-bundle.ts';
import type { BlackboardStore } from '../core/store.ts';
import { equal, rejects } from './assert.ts';
import { casesOf, type ContractCase } from './contract-case.ts';
import { agent, at, consumption, entry, HOSTILE_TEXTS, idOf, numbers } from './samples.ts';

async function exported(store: BlackboardStore): Promise<string> {
  let text = '';
  for await (const line of exportBundle(store)) text += line;
  return text;
}

function imported(store: BlackboardStore, text: string, options?: ImportOptions) {
  return importBundle(store, [text], options);
}

/** A board with something of everything. */
async function fill(store: BlackboardStore): Promise<void> {
  await store.publishMany([
    entry(2, { tags: ['b', 'a'], correlationId: 'c', partitionKey: '', version: 7 }),
    entry(1, {
      type: 'films.Movie',
      visibility: { kind: 'After', ttl: 'P1D', then: { kind: 'Tenant', tenantId: 't' } },
    }),
    entry(3, { createdAt: at(0), payload: { texts: [...HOSTILE_TEXTS], deep: { n: [1.5, null, true] }, z: 0, a: 0 } }),
  ]);
  await store.recordConsumptions([
    consumption(1, { runId: 'r', correlationId: 'c', consumedAt: at(5) }),
    consumption(1, { consumer: 'a', consumedAt: at(5) }),
    consumption(1, { consumedAt: at(4) }),
    consumption(3),
  ]);
  await store.upsertAgentSnapshot(agent('scribe', { labels: ['x'], subscriptions: ['Note', 'films.Movie'] }));
  await store.upsertAgentSnapshot(agent('Reader'));
}

const NOTHING = { added: 0, unchanged: 0, replaced: 0, skipped: 0 };

const moving = casesOf(15, {
  'exports a board so that another one becomes equal to it, and exports the same': async (bench) => {
    const from = await bench.open();
    await fill(from);
    const text = await exported(from);
    const to = await bench.open();
    const report = await imported(to, text);
    equal(report, {
      artifacts: { ...NOTHING, added: 3 },
      consumptions: { ...NOTHING, added: 4 },
      agents: { ...NOTHING, added: 2 },
      conflicts: 0,
      firstConflicts: [],
    });
    const contents = async (store: BlackboardStore) => [
      (await store.fetchGraphArtifacts()).items.map((each) => ({
        ...each,
        artifact: { ...each.artifact, sequence: 0 },
      })),
      await store.loadAgentSnapshots(),
      await store.summarizeArtifacts(),
    ];
    equal(await contents(to), await contents(from));
    equal(await exported(to), text);
  },
  'exports the same whatever order it was written in': async (bench) => {
    const stores = [await bench.open(), await bench.open()] as const;
    for (const n of [1, 2, 3]) await stores[0].publish(entry(n));
    for (const n of [3, 1, 2, 1]) await stores[1].publish(entry(n));
    equal(await exported(stores[1]), await exported(stores[0]));
  },
  'exports an empty board': async (bench) => {
    const store = await bench.open();
    const text = await exported(store);
    equal(text.split('\n').length, 3);
    equal((await imported(store, text)).artifacts, NOTHING);
  },
  'imports what is there already without a change': async (bench) => {
    const store = await bench.open();
    await fill(store);
    const { sequence } = await store.stats();
    const report = await imported(store, await exported(store));
    equal([report.artifacts.unchanged, report.consumptions.unchanged, report.agents.unchanged], [3, 4, 2]);
    equal((await store.stats()).sequence, sequence);
  },
});

/** A board, and the bundle of another one that has something else under the same id and name, and something more. */
async function conflicting(open: () => Promise<BlackboardStore>) {
  const from = await open();
  await from.publishMany([entry(1, { payload: { text: 'theirs' } }), entry(2)]);
  await from.recordConsumptions([consumption(1, { correlationId: 'theirs' }), consumption(2)]);
  await from.upsertAgentSnapshot(agent('scribe', { description: 'theirs' }));
  const store = await open();
  await store.publish(entry(1, { payload: { text: 'ours' } }));
  await store.recordConsumptions([consumption(1, { correlationId: 'ours' })]);
  await store.upsertAgentSnapshot(agent('scribe', { description: 'ours' }));
  return { store, text: await exported(from) };
}

const firstConflicts = [`artifact "${idOf(1)}"`, `consumption of "${idOf(1)}" by "reader"`, 'agent "scribe"'] as const;

async function firstOf(store: BlackboardStore): Promise<unknown> {
  const artifact = await store.get(idOf(1));
  const [snapshot] = await store.loadAgentSnapshots();
  return [artifact?.payload['text'], snapshot?.description];
}

const conflicts = casesOf(15, {
  'writes nothing at all of a bundle that differs from the board, unless told': async (bench) => {
    const { store, text } = await conflicting(() => bench.open());
    const { sequence } = await store.stats();
    for (const options of [{}, { onConflict: 'fail' }] as const) {
      await rejects(imported(store, text, options), 'conflict', ...firstConflicts);
    }
    equal((await store.stats()).sequence, sequence);
    equal(numbers(await store.list()), [1]);
  },
  'keeps what the board has with `skip`, and adds the rest': async (bench) => {
    const { store, text } = await conflicting(() => bench.open());
    const report = await imported(store, text, { onConflict: 'skip' });
    equal(report, {
      artifacts: { ...NOTHING, added: 1, skipped: 1 },
      consumptions: { ...NOTHING, added: 1, skipped: 1 },
      agents: { ...NOTHING, skipped: 1 },
      conflicts: 3,
      firstConflicts,
    });
    equal(
      [numbers(await store.list()), await firstOf(store)],
      [
        [1, 2],
        ['ours', 'ours'],
      ],
    );
  },
  'takes what the bundle has with `replace`, but for consumptions, whose first stays': async (bench) => {
    const { store, text } = await conflicting(() => bench.open());
    const report = await imported(store, text, { onConflict: 'replace' });
    equal(
      [report.artifacts, report.consumptions, report.agents],
      [
        { ...NOTHING, added: 1, replaced: 1 },
        { ...NOTHING, added: 1, skipped: 1 },
        { ...NOTHING, replaced: 1 },
      ],
    );
    equal(await firstOf(store), ['theirs', 'theirs']);
    const [first] = (await store.queryArtifacts({ ids: idOf(1) }, { embedMeta: true })).items;
    equal(
      first?.consumptions.map(({ correlationId }) => correlationId),
      ['ours'],
    );
  },
  'tells with `dryRun` what an import would do, and writes nothing': async (bench) => {
    for (const onConflict of ['fail', 'skip', 'replace'] as const) {
      const { store, text } = await conflicting(() => bench.open());
      const { sequence } = await store.stats();
      const told = await imported(store, text, { onConflict, dryRun: true });
      equal([told.conflicts, told.firstConflicts], [3, firstConflicts]);
      equal((await store.stats()).sequence, sequence);
      if (onConflict !== 'fail') equal(await imported(store, text, { onConflict }), told);
    }
  },
  'writes nothing of a bundle that was cut off, changed, or is none': async (bench) => {
    const from = await bench.open();
    await fill(from);
    const text = await exported(from);
    const store = await bench.open();
    const changed = text.replace('"version":7', '"version":8');
    for (const bad of [
      '',
      text.slice(0, -1),
      text.slice(0, text.lastIndexOf('\n', text.length - 2) + 1),
      changed,
      '{}\n',
    ]) {
      await rejects(imported(store, bad), 'corrupt', 'import the bundle');
    }
    await rejects(imported(store, text.replace('"format":1', '"format":2')), 'newer-format', '2');
    equal((await store.stats()).sequence, 0);
  },
  'is told at once to stop, and completes what it began when it is done again': async (bench) => {
    const from = await bench.open();
    await from.publishMany(Array.from({ length: 1200 }, (_, i) => entry(i)));
    const text = await exported(from);
    const store = await bench.open();
    const reason = new Error('enough');
    const abort = new AbortController();
    const stopped = imported(store, text, {
      signal: abort.signal,
      onProgress: ({ phase }) => {
        if (phase === 'import') abort.abort(reason);
      },
    });
    equal(await stopped.catch((error: unknown) => error === reason), true, 'whether it stopped with the reason');
    const { artifacts } = await store.stats();
    equal(artifacts > 0 && artifacts < 1200, true, `whether ${String(artifacts)} are a part`);
    await imported(store, text);
    equal(await exported(store), text);
  },
});

export const bundleCases: readonly ContractCase[] = [...moving, ...conflicts];
