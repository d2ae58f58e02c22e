import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { defineType } from '../../src/core/artifact-type.ts';
import { CorruptError, InvalidPayloadError, ReadOnlyError } from '../../src/core/errors.ts';
import type { Resolution } from '../../src/core/write.ts';
import { MemoryBoard } from '../../src/memory/memory-board.ts';
import { artifactWith, idOf, schemaOf } from './samples.ts';
import { draft, TestStore } from './test-store.ts';

const snapshot = {
  agentName: 'scout',
  description: '',
  subscriptions: [],
  outputTypes: [],
  labels: [],
  firstSeen: new Date(0),
  lastSeen: new Date(0),
  signature: '',
};

describe('a store that takes no writes', () => {
  const store = new TestStore();
  store.capabilities = { ...store.capabilities, writable: false };

  it.each<[string, () => Promise<unknown>]>([
    ['publish', () => store.publish(draft)],
    ['publish', () => store.publishMany([])],
    ['record consumptions', () => store.recordConsumptions([])],
    ['keep agent snapshot', () => store.upsertAgentSnapshot(snapshot)],
    ['clear agent snapshots', () => store.clearAgentSnapshots()],
    ['delete artifacts', () => store.deleteBefore(new Date())],
    ['vacuum', () => store.vacuum()],
  ])('refuses to %s', async (action, attempt) => {
    const refused = attempt();
    await expect(refused).rejects.toBeInstanceOf(ReadOnlyError);
    await expect(refused).rejects.toHaveProperty('message', `Cannot ${action}: the store is read-only`);
    expect(store.accepted).toEqual([]);
  });

  it('can be read, flushed and closed', async () => {
    await expect(store.list()).resolves.toEqual([]);
    await expect(store.flush()).resolves.toBeUndefined();
    await expect(store.close()).resolves.toBeUndefined();
  });
});

it('drafts that cannot be read are refused with what was being done', async () => {
  const cause = new Error('gone');
  const drafts = new Proxy([draft], {
    get() {
      throw cause;
    },
  });
  await expect(new TestStore().publishMany(drafts)).rejects.toMatchObject({
    code: 'invalid-argument',
    message: expect.stringMatching(/^Cannot publish: reading the drafts failed/) as string,
    cause,
  });
});

describe('what a write comes to', () => {
  it('is handed on in one piece for each call, and not at all when it is nothing', async () => {
    const store = new TestStore();
    const [first] = await store.publishMany([draft, draft]);
    await store.recordConsumptions([{ artifactId: first.id, consumer: 'critic' }]);
    await store.recordConsumptions([{ artifactId: first.id, consumer: 'critic' }]);
    await store.recordConsumptions([]);
    await store.publishMany([]);
    await store.deleteBefore(new Date(5));
    await store.clearAgentSnapshots();
    await store.upsertAgentSnapshot(snapshot);
    await store.clearAgentSnapshots();
    await store.clearAgentSnapshots();
    await store.deleteBefore(new Date(6));
    expect(store.accepted.map((facts) => facts.map(({ kind }) => kind))).toEqual([
      ['artifact', 'artifact'],
      ['consumption'],
      ['agent'],
      ['agents-cleared'],
      ['deletion'],
    ]);
    await expect(store.stats()).resolves.toMatchObject({ artifacts: 0, consumptions: 0, sequence: 6 });
  });
});

describe('what a write asks for', () => {
  const artifactId = idOf(1);

  /** One write of each kind, as the store carried it out. */
  async function writesOfAllKinds() {
    const store = new TestStore();
    await store.publish({ ...draft, id: artifactId });
    await store.recordConsumptions([{ artifactId, consumer: 'critic' }]);
    await store.upsertAgentSnapshot(snapshot);
    await store.clearAgentSnapshots();
    await store.deleteBefore(new Date(6));
    return store.writes;
  }

  it('is plain JSON, checked and stamped: it can be kept as text', async () => {
    const defaults = { correlationId: null, partitionKey: null, tags: [], visibility: { kind: 'Public' }, version: 1 };
    const intents = (await writesOfAllKinds()).map(({ intent }) => intent);
    expect(intents).toEqual([
      { kind: 'artifact', drafts: [{ ...draft, ...defaults, id: artifactId, createdAt: 5 }] },
      {
        kind: 'consumption',
        consumptions: [{ artifactId, consumer: 'critic', runId: null, correlationId: null, consumedAt: 5 }],
      },
      { kind: 'agent', snapshot: { ...snapshot, firstSeen: 0, lastSeen: 0 } },
      { kind: 'agents-cleared' },
      { kind: 'deletion', before: 6 },
    ]);
    expect(JSON.parse(JSON.stringify(intents))).toEqual(intents);
  });

  it('is resolved on the board that it meets, each time anew', async () => {
    const writes = await writesOfAllKinds();
    const elsewhere = new MemoryBoard();
    const resolve = (place: number) => writes[place]?.resolve(elsewhere) as Resolution<unknown>;
    const old = [7, 8].map((n) => artifactWith({ id: idOf(n), createdAt: 1, sequence: n }));
    elsewhere.apply(old.map((artifact) => ({ kind: 'artifact', artifact })));
    expect(() => resolve(1)).toThrow(`Cannot record consumptions: artifact "${artifactId}" is not on the board`);
    elsewhere.apply(resolve(0).facts);
    expect(elsewhere.get(artifactId)).toMatchObject({ type: 'films.Movie', sequence: 9 });
    expect(resolve(1).facts).toMatchObject([{ kind: 'consumption', sequence: 10 }]);
    expect(resolve(3).facts).toEqual([]);
    elsewhere.apply(resolve(2).facts);
    expect(elsewhere.sequence).toBe(10);
    expect(resolve(3).facts).toEqual([{ kind: 'agents-cleared' }]);
    expect(resolve(4)).toEqual({ facts: [{ kind: 'deletion', before: 6, sequence: 13 }], result: 3 });
  });
});

describe('rows that cannot be read', () => {
  const Movie = defineType('films.Movie', z.object({}));
  const damage = [new CorruptError('Cannot read artifact 1'), new CorruptError('Cannot read artifact 2')];

  function damagedStore(): TestStore {
    const store = new TestStore({ types: [Movie] });
    store.board.damage.push(...damage);
    store.board.apply([{ kind: 'artifact', artifact: artifactWith() }]);
    return store;
  }

  it('are reported and left out of lists and pages', async () => {
    const store = damagedStore();
    await expect(store.list()).resolves.toHaveLength(1);
    expect(store.reported).toEqual(damage);
    await expect(store.queryArtifacts()).resolves.toMatchObject({ items: [{ id: idOf(1) }], nextCursor: null });
    await expect(store.listByType(Movie)).resolves.toHaveLength(1);
    expect(store.reported).toHaveLength(6);
  });

  it('fail getByType with the first of them, unless they may be skipped', async () => {
    const store = damagedStore();
    await expect(store.getByType(Movie)).rejects.toBe(damage[0]);
    await expect(store.getByType(Movie, { invalid: 'throw' })).rejects.toBe(damage[0]);
    await expect(store.getByType(Movie, { invalid: 'skip' })).resolves.toEqual([{}]);
  });
});

describe('getByType', () => {
  it('stops between two artifacts when its signal aborts, with its reason', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    let validated = 0;
    const schema = schemaOf<unknown>((value) => {
      if (++validated === 2) controller.abort(reason);
      return { value };
    });
    const Movie = defineType('films.Movie', schema);
    const store = new TestStore();
    store.board.apply([1, 2, 3].map((n) => ({ kind: 'artifact', artifact: artifactWith({ id: idOf(n) }) })));
    await expect(store.getByType(Movie, { signal: controller.signal })).rejects.toBe(reason);
    expect(validated).toBe(2);
  });

  it('names the artifact that does not pass, or skips it, and lets no other failure pass', async () => {
    const Movie = defineType('films.Movie', z.object({ title: z.string() }));
    const store = new TestStore();
    store.board.apply([
      { kind: 'artifact', artifact: artifactWith({ id: idOf(1), payload: { title: 5 } }) },
      { kind: 'artifact', artifact: artifactWith({ id: idOf(2), correlationId: 'c' }) },
    ]);
    const refused = store.getByType(Movie);
    await expect(refused).rejects.toBeInstanceOf(InvalidPayloadError);
    await expect(refused).rejects.toThrow(
      `Cannot read artifact "${idOf(1)}": "title" does not pass the schema of "films.Movie"`,
    );
    await expect(store.getByType(Movie, { invalid: 'skip' })).resolves.toEqual([{ title: 'Alien' }]);
    await expect(store.getByType(Movie, { correlationId: 'c' })).resolves.toEqual([{ title: 'Alien' }]);
    await expect(store.getByType(Movie, { correlationId: 'd' })).resolves.toEqual([]);
    await expect(store.getByType(Movie, { correlationId: 'c', withArtifact: true })).resolves.toMatchObject([
      { artifact: { id: idOf(2), createdAt: new Date(1000) }, value: { title: 'Alien' } },
    ]);
    // @ts-expect-error a name has no schema
    await expect(store.getByType('films.Movie')).rejects.toThrow(
      'Cannot get artifacts by type: "films.Movie" is not an artifact type',
    );
  });
});

describe('a page', () => {
  it('holds 50 artifacts unless told, 500 of them with who consumed them', async () => {
    const store = new TestStore();
    await store.queryArtifacts();
    await store.fetchGraphArtifacts();
    await store.queryArtifacts({}, { limit: 7 });
    await store.list();
    expect(store.board.windows.map(({ limit }) => limit)).toEqual([50, 500, 7, Infinity]);
  });
});

describe('an envelope', () => {
  it('holds no consumptions where the board knows of none', async () => {
    const store = new TestStore();
    store.board.apply([{ kind: 'artifact', artifact: artifactWith() }]);
    store.board.consumptionsOf = () => new Map();
    await expect(store.fetchGraphArtifacts()).resolves.toMatchObject({
      items: [{ artifact: { id: idOf(1) }, consumptions: [] }],
    });
  });
});

describe('the history of an agent', () => {
  it('is refused in words for what is no agent, and for what is no filter', async () => {
    const store = new TestStore();
    // @ts-expect-error a caller without types can pass anything
    await expect(store.agentHistorySummary(5)).rejects.toHaveProperty(
      'message',
      'Cannot summarize the history of an agent: agent id 5 is not a string without lone surrogates',
    );
    // @ts-expect-error a caller without types can pass anything
    await expect(store.agentHistorySummary('scout', { type: 'Movie' })).rejects.toHaveProperty(
      'message',
      'Cannot summarize the history of an agent: unknown field "type" in the filter',
    );
  });
});
