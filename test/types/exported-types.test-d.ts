import {
  createMemoryStore,
  defineType,
  type Artifact,
  type ArtifactEnvelope,
  type ArtifactFilter,
  type ArtifactType,
  type BlackboardStore,
  type GetByTypeOptions,
  type Page,
  type PageOptions,
  type TypedArtifact,
} from 'boardlite';
import { describe, expectTypeOf, it } from 'vitest';
import * as z from 'zod';

const store: BlackboardStore = createMemoryStore();
const MovieSchema = z.object({ title: z.string(), year: z.number().optional() });
type Movie = z.infer<typeof MovieSchema>;
const Movie = defineType('films.Movie', MovieSchema);

describe('an artifact of a type', () => {
  const Film = defineType('films.Film', z.object({ title: z.string(), cast: z.array(z.object({ name: z.string() })) }));

  it('is an artifact, wherever one is wanted', async () => {
    const film = await store.publish({ type: Film, payload: { title: 'Alien', cast: [] }, producedBy: 'scout' });
    const log = (artifact: Artifact) => artifact.payload['title'];
    log(film);
    const all: Artifact[] = [film, ...(await store.listByType(Film)), ...(await store.listByType('films.Film'))];
    all.map(log);
    expectTypeOf(film).toExtend<Artifact<unknown>>();
  });

  it('is read, and not changed', async () => {
    const [film] = await store.listByType(Film);
    if (film === undefined) return;
    // @ts-expect-error what was read is frozen
    film.payload.title = 'Aliens';
    // @ts-expect-error all the way down
    film.payload.cast[0] = { name: 'Ripley' };
  });

  it('is not published as it was read: the board gives it another number', async () => {
    const [read] = await store.list();
    if (read === undefined) return;
    // @ts-expect-error its number is the board's
    void store.publish(read);
    const draft: Omit<Artifact, 'sequence'> = read;
    void store.publish({ ...draft, tags: ['again'] });
  });

  it('keeps its branded fields', async () => {
    type UserId = string & { readonly brand: 'user' };
    const User = defineType('app.User', z.object({ id: z.custom<UserId>() }));
    const user = await store.publish({ type: User, payload: { id: 'u' as UserId }, producedBy: 'scout' });
    expectTypeOf(user.payload.id).toEqualTypeOf<UserId>();
  });
});

describe('options in variables of the exported types', () => {
  it('fit the calls that they are for', () => {
    const query = (filter?: ArtifactFilter, page?: PageOptions) => store.queryArtifacts(filter, page);
    expectTypeOf(query).returns.toEqualTypeOf<Promise<Page<Artifact> | Page<ArtifactEnvelope>>>();
    const get = (options?: GetByTypeOptions) => store.getByType(Movie, options);
    expectTypeOf(get).returns.toEqualTypeOf<Promise<Movie[] | TypedArtifact<Movie>[]>>();
    const list = (type: ArtifactType | string) => store.listByType(type);
    expectTypeOf(list).returns.toEqualTypeOf<Promise<Artifact[]>>();
    // @ts-expect-error a graph is of envelopes
    void store.fetchGraphArtifacts({}, { embedMeta: false });
  });
});
