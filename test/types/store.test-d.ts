import {
  createMemoryStore,
  defineType,
  type AgentHistory,
  type AgentSnapshot,
  type Artifact,
  type ArtifactDraft,
  type ArtifactEnvelope,
  type ArtifactSummary,
  type BlackboardStore,
  type Immutable,
  type ConsumptionRecord,
  type JsonObject,
  type NamedDraft,
  type Page,
  type StoreStats,
  type TypedArtifact,
  type TypedDraft,
} from 'boardlite';
import { describe, expectTypeOf, it } from 'vitest';
import * as z from 'zod';

const MovieSchema = z.object({ title: z.string(), year: z.number().optional() });
type Movie = z.infer<typeof MovieSchema>;
const Movie = defineType('films.Movie', MovieSchema);
const Review = defineType(
  'films.Review',
  z.object({ stars: z.number(), at: z.string().transform((at) => new Date(at)) }),
);

const store: BlackboardStore = createMemoryStore({ types: [Movie, Review] });
const movie = { type: Movie, payload: { title: 'Alien' }, producedBy: 'scout' };

describe('publish', () => {
  it('returns the payload’s type', async () => {
    const artifact = await store.publish({ type: Movie, payload: { title: 'Alien' }, producedBy: 'scout' });
    expectTypeOf(artifact).toEqualTypeOf<Artifact<Immutable<Movie>>>();
    expectTypeOf(artifact.payload.title).toEqualTypeOf<string>();
    expectTypeOf(artifact.payload.year).toEqualTypeOf<number | undefined>();
  });

  it('takes and returns what goes into the schema, not what comes out of it', async () => {
    const artifact = await store.publish({
      type: Review,
      payload: { stars: 5, at: '1979-05-25' },
      producedBy: 'critic',
    });
    expectTypeOf(artifact.payload.at).toEqualTypeOf<string>();
  });

  it('returns JSON under a plain name', async () => {
    const artifact = await store.publish({
      type: 'Movie',
      payload: { title: 'Alien', cast: [1, null] },
      producedBy: 'a',
    });
    expectTypeOf(artifact).toEqualTypeOf<Artifact>();
    expectTypeOf(artifact.payload).toEqualTypeOf<JsonObject>();
  });

  it('takes a draft made before', async () => {
    expectTypeOf(await store.publish(movie)).toEqualTypeOf<Artifact<Immutable<Movie>>>();
  });

  it('takes drafts in the type of either kind of draft', async () => {
    const named: NamedDraft = { type: 'Movie', payload: {}, producedBy: 'scout' };
    const typed: TypedDraft<Movie> = movie;
    const drafts: ArtifactDraft[] = [named];
    expectTypeOf(await store.publish(named)).toEqualTypeOf<Artifact>();
    expectTypeOf(await store.publish(typed)).toEqualTypeOf<Artifact<Immutable<Movie>>>();
    expectTypeOf(await store.publishMany(drafts)).toEqualTypeOf<Artifact[]>();
  });

  it('takes every field of a draft, and undefined for those that may be left out', () => {
    void store.publish({
      ...movie,
      id: '00000000-0000-4000-8000-000000000001',
      correlationId: null,
      partitionKey: 'p',
      tags: new Set(['a']),
      visibility: { kind: 'After', ttl: 'PT1H', then: { kind: 'Private', agents: ['ada'] } },
      createdAt: new Date(0),
      version: 1,
    });
    void store.publish({ ...movie, id: undefined, correlationId: undefined, tags: undefined, visibility: undefined });
    void store.publish(movie, { signal: new AbortController().signal });
  });

  it('refuses a payload that is not the type’s', () => {
    // @ts-expect-error a title is a string
    void store.publish({ type: Movie, payload: { title: 5 }, producedBy: 'scout' });
    // @ts-expect-error a film has a title
    void store.publish({ type: Movie, payload: {}, producedBy: 'scout' });
    // @ts-expect-error a film has no such field
    void store.publish({ type: Movie, payload: { title: 'Alien', titel: 'Alien' }, producedBy: 'scout' });
    // @ts-expect-error a payload is an object
    void store.publish({ type: Movie, payload: 'Alien', producedBy: 'scout' });
    // @ts-expect-error what comes out of the schema does not go in
    void store.publish({ type: Review, payload: { stars: 5, at: new Date() }, producedBy: 'critic' });
  });

  it('refuses a payload that is not JSON under a plain name', () => {
    // @ts-expect-error JSON has no bigint
    void store.publish({ type: 'Movie', payload: { gross: 1n }, producedBy: 'scout' });
    // @ts-expect-error JSON has no Date
    void store.publish({ type: 'Movie', payload: { at: new Date() }, producedBy: 'scout' });
    // @ts-expect-error JSON has no functions
    void store.publish({ type: 'Movie', payload: { list: [() => 1] }, producedBy: 'scout' });
    // @ts-expect-error a payload is an object
    void store.publish({ type: 'Movie', payload: [1], producedBy: 'scout' });
  });

  it('refuses a draft that lacks what it needs', () => {
    // @ts-expect-error somebody publishes it
    void store.publish({ type: Movie, payload: { title: 'Alien' } });
    // @ts-expect-error it has a type
    void store.publish({ payload: { title: 'Alien' }, producedBy: 'scout' });
    // @ts-expect-error it has a payload
    void store.publish({ type: Movie, producedBy: 'scout' });
    // @ts-expect-error it is there
    void store.publish();
  });

  it('refuses fields and options that do not exist, or hold something else', () => {
    // @ts-expect-error it is called producedBy
    void store.publish({ type: Movie, payload: { title: 'Alien' }, producedBy: 'scout', producer: 'scout' });
    // @ts-expect-error the store numbers artifacts
    void store.publish({ type: Movie, payload: { title: 'Alien' }, producedBy: 'scout', sequence: 1 });
    // @ts-expect-error an instant is a Date
    void store.publish({ ...movie, createdAt: 5 });
    // @ts-expect-error there is no such kind
    void store.publish({ ...movie, visibility: { kind: 'Secret' } });
    // @ts-expect-error a tenant has an id
    void store.publish({ ...movie, visibility: { kind: 'Tenant' } });
    // @ts-expect-error Public says all
    void store.publish({ ...movie, visibility: { kind: 'Public', agents: ['ada'] } });
    // @ts-expect-error it is called signal
    void store.publish(movie, { abort: new AbortController().signal });
  });
});

describe('publishMany', () => {
  it('is typed element by element', async () => {
    const [first, second, third] = await store.publishMany([
      { type: Movie, payload: { title: 'Alien' }, producedBy: 'scout' },
      { type: Review, payload: { stars: 5, at: '1979-05-25' }, producedBy: 'critic' },
      { type: 'anything', payload: { a: 1 }, producedBy: 'scout' },
    ]);
    expectTypeOf(first).toEqualTypeOf<Artifact<Immutable<Movie>>>();
    expectTypeOf(second.payload.at).toEqualTypeOf<string>();
    expectTypeOf(third).toEqualTypeOf<Artifact>();
  });

  it('takes an array of any length', async () => {
    const artifacts = await store.publishMany(['Alien', 'Aliens'].map((title) => ({ ...movie, payload: { title } })));
    expectTypeOf(artifacts).toEqualTypeOf<Artifact<Immutable<Movie>>[]>();
    expectTypeOf(await store.publishMany([])).toEqualTypeOf<[]>();
  });

  it('refuses a wrong element, wherever it stands', () => {
    const good = { type: Movie, payload: { title: 'Alien' }, producedBy: 'scout' } as const;
    void store.publishMany([
      good,
      // @ts-expect-error a title is a string
      { type: Movie, payload: { title: 5 }, producedBy: 'scout' },
    ]);
    void store.publishMany([
      // @ts-expect-error a film has no such field
      { type: Movie, payload: { title: 'Alien', titel: 'Alien' }, producedBy: 'scout' },
      good,
    ]);
    void store.publishMany([
      // @ts-expect-error stars are a number
      { type: Review, payload: { stars: 'five', at: '1979-05-25' }, producedBy: 'critic' },
      good,
    ]);
    void store.publishMany([
      good,
      // @ts-expect-error somebody publishes it
      { type: Movie, payload: { title: 'Alien' } },
    ]);
    void store.publishMany([
      good,
      // @ts-expect-error it is called tags
      { type: Movie, payload: { title: 'Alien' }, producedBy: 'scout', tag: 'a' },
    ]);
    // @ts-expect-error several drafts are an array
    void store.publishMany(good);
  });
});

describe('reading by type', () => {
  it('gives what the schema makes of the payloads', async () => {
    expectTypeOf(await store.getByType(Movie)).toEqualTypeOf<Movie[]>();
    expectTypeOf(await store.getByType(Review)).toEqualTypeOf<{ stars: number; at: Date }[]>();
    expectTypeOf(await store.getByType(Movie, { correlationId: 'c', invalid: 'skip' })).toEqualTypeOf<Movie[]>();
    expectTypeOf(await store.getByType(Movie, { withArtifact: false })).toEqualTypeOf<Movie[]>();
  });

  it('gives each value with its artifact where asked', async () => {
    const found = await store.getByType(Review, { withArtifact: true });
    expectTypeOf(found).toEqualTypeOf<TypedArtifact<{ stars: number; at: Date }>[]>();
    expectTypeOf(found[0]?.value.at).toEqualTypeOf<Date | undefined>();
    expectTypeOf(found[0]?.artifact.createdAt).toEqualTypeOf<Date | undefined>();
  });

  it('needs a type, not a name, and known options', () => {
    // @ts-expect-error a name has no schema
    void store.getByType('films.Movie');
    // @ts-expect-error it is called invalid
    void store.getByType(Movie, { onInvalid: 'skip' });
    // @ts-expect-error there are two ways
    void store.getByType(Movie, { invalid: 'ignore' });
  });

  it('lists artifacts with what was published', async () => {
    expectTypeOf(await store.listByType(Movie)).toEqualTypeOf<Artifact<Immutable<Movie>>[]>();
    expectTypeOf((await store.listByType(Review))[0]?.payload.at).toEqualTypeOf<string | undefined>();
    expectTypeOf(await store.listByType('films.Movie')).toEqualTypeOf<Artifact[]>();
    // @ts-expect-error a type is a type or a name
    void store.listByType(5);
  });
});

describe('queries', () => {
  it('give artifacts, or envelopes where asked', async () => {
    expectTypeOf(await store.queryArtifacts()).toEqualTypeOf<Page<Artifact>>();
    expectTypeOf(await store.queryArtifacts({ tags: 'a' }, { limit: 5 })).toEqualTypeOf<Page<Artifact>>();
    expectTypeOf(await store.queryArtifacts({}, { embedMeta: false })).toEqualTypeOf<Page<Artifact>>();
    expectTypeOf(await store.queryArtifacts({}, { embedMeta: true })).toEqualTypeOf<Page<ArtifactEnvelope>>();
    expectTypeOf(await store.queryArtifacts(undefined, { embedMeta: true })).toEqualTypeOf<Page<ArtifactEnvelope>>();
    expectTypeOf(await store.fetchGraphArtifacts()).toEqualTypeOf<Page<ArtifactEnvelope>>();
    const page = await store.queryArtifacts();
    expectTypeOf(page.total).toEqualTypeOf<number | null>();
    expectTypeOf(page.nextCursor).toEqualTypeOf<string | null>();
  });

  it('take one value or many in set-like fields', () => {
    void store.queryArtifacts({ ids: 'x', typeNames: Movie, producedBy: 'a', visibility: 'Public', tags: 'a' });
    void store.queryArtifacts({
      ids: new Set(['x']),
      typeNames: [Movie, 'Review'],
      producedBy: ['a'],
      visibility: ['Public', 'After'],
      tags: ['a'],
      correlationId: null,
      partitionKey: null,
      start: new Date(0),
      end: undefined,
    });
  });

  it('refuse filters and options that do not exist, or hold something else', () => {
    // @ts-expect-error it is called typeNames
    void store.queryArtifacts({ type: 'Movie' });
    // @ts-expect-error there is no such kind
    void store.queryArtifacts({ visibility: 'Secret' });
    // @ts-expect-error an instant is a Date
    void store.queryArtifacts({ start: '2025-01-01' });
    // @ts-expect-error a tag is a string
    void store.queryArtifacts({ tags: [5] });
    // @ts-expect-error it is called limit
    void store.queryArtifacts({}, { max: 5 });
    // @ts-expect-error there are two orders
    void store.queryArtifacts({}, { order: 'up' });
    // @ts-expect-error a limit is a number
    void store.fetchGraphArtifacts({}, { limit: '5' });
    // @ts-expect-error it is called producedBy
    void store.summarizeArtifacts({ producer: 'a' });
    // @ts-expect-error an agent has a name
    void store.agentHistorySummary();
  });
});

describe('everything else', () => {
  it('resolves with what it says', async () => {
    expectTypeOf(await store.get('x')).toEqualTypeOf<Artifact | null>();
    expectTypeOf(await store.list()).toEqualTypeOf<Artifact[]>();
    expectTypeOf(store.recordConsumptions([])).toEqualTypeOf<Promise<void>>();
    expectTypeOf(await store.summarizeArtifacts()).toEqualTypeOf<ArtifactSummary>();
    expectTypeOf(await store.agentHistorySummary('a')).toEqualTypeOf<AgentHistory>();
    expectTypeOf(await store.loadAgentSnapshots()).toEqualTypeOf<AgentSnapshot[]>();
    expectTypeOf(await store.deleteBefore(new Date())).toEqualTypeOf<number>();
    expectTypeOf(await store.stats()).toEqualTypeOf<StoreStats>();
    expectTypeOf(store.close({ checkpoint: false })).toEqualTypeOf<Promise<void>>();
    expectTypeOf(store).toExtend<AsyncDisposable>();
  });

  it('refuses what it does not know', () => {
    // @ts-expect-error it is called consumer
    void store.recordConsumptions([{ artifactId: 'x', agent: 'a' }]);
    // @ts-expect-error a consumption has a consumer
    void store.recordConsumptions([{ artifactId: 'x' }]);
    // @ts-expect-error several records are iterable
    void store.recordConsumptions({ artifactId: 'x', consumer: 'a' });
    // @ts-expect-error a cut-off is a Date
    void store.deleteBefore(5);
    // @ts-expect-error a snapshot has more than a name
    void store.upsertAgentSnapshot({ agentName: 'a' });
    // @ts-expect-error it is called checkpoint
    void store.close({ snapshot: true });
    // @ts-expect-error a memory store has no medium
    createMemoryStore({ medium: null });
    // @ts-expect-error a type is no name
    createMemoryStore({ types: ['Movie'] });
    // @ts-expect-error a clock gives a Date
    createMemoryStore({ now: () => 5 });
  });
});

describe('what a read returned', () => {
  it('cannot be assigned to', async () => {
    const artifact = await store.publish(movie);
    // @ts-expect-error what was read is read-only
    artifact.type = 'Review';
    // @ts-expect-error what was read is read-only
    artifact.payload = { title: 'Aliens' };
    // @ts-expect-error what was read is read-only
    artifact.payload.title = 'Aliens';
    // @ts-expect-error what was read is read-only
    artifact.createdAt = new Date();
    // @ts-expect-error what was read is read-only
    artifact.tags[0] = 'a';
    const { visibility } = artifact;
    if (visibility.kind === 'Private') {
      // @ts-expect-error what was read is read-only
      visibility.agents[0] = 'ada';
    }
    // @ts-expect-error what was read is read-only
    visibility.kind = 'Public';
    const read = await store.get(artifact.id);
    // @ts-expect-error what was read is read-only
    if (read !== null) read.payload['title'] = 'Aliens';
  });

  it('cannot be assigned to in a page, an envelope, a summary or the figures', async () => {
    const artifact = await store.publish({ type: 'Movie', payload: {}, producedBy: 'scout' });
    const page = await store.queryArtifacts({}, { embedMeta: true });
    // @ts-expect-error what was read is read-only
    page.total = 0;
    const [envelope] = page.items;
    if (envelope !== undefined) {
      // @ts-expect-error what was read is read-only
      envelope.artifact = artifact;
      // @ts-expect-error what was read is read-only
      envelope.consumptions.length = 0;
      expectTypeOf(envelope.consumptions).toEqualTypeOf<readonly ConsumptionRecord[]>();
    }
    const summary = await store.summarizeArtifacts();
    // @ts-expect-error what was read is read-only
    summary.byType['films.Movie'] = 0;
    const [snapshot] = await store.loadAgentSnapshots();
    // @ts-expect-error what was read is read-only
    if (snapshot !== undefined) snapshot.labels[0] = 'a';
    const stats = await store.stats();
    // @ts-expect-error what was read is read-only
    stats.sequence = 0;
  });

  it('may be published again', async () => {
    const artifact = await store.publish(movie);
    void store.publish({
      type: Movie,
      payload: artifact.payload,
      producedBy: 'scout',
      visibility: artifact.visibility,
    });
    const found = await store.get(artifact.id);
    if (found !== null)
      void store.publish({ type: found.type, payload: found.payload, producedBy: 'a', tags: found.tags });
  });
});
