import type { StandardSchemaV1 } from '@standard-schema/spec';
import {
  createMemoryStore,
  defineType,
  isVisibleTo,
  uuidFrom,
  type Artifact,
  type ArtifactType,
  type Immutable,
} from 'boardlite';
import { describe, expectTypeOf, it } from 'vitest';
import * as z from 'zod';
import * as mini from 'zod/mini';

interface Movie {
  title: string;
}

/** What somebody writes who uses no library for schemas. */
const handMade: StandardSchemaV1<Movie, { readonly length: number }> = {
  '~standard': {
    version: 1,
    vendor: 'nobody',
    validate: (value) =>
      typeof value === 'object' && value !== null && 'title' in value && typeof value.title === 'string'
        ? { value: { length: value.title.length } }
        : { issues: [{ message: 'needs a title' }] },
  },
};

const store = createMemoryStore();

describe('a type', () => {
  it('of zod takes what goes into the schema and gives what comes out', async () => {
    const Type = defineType('Movie', z.object({ title: z.string(), year: z.coerce.date() }));
    expectTypeOf(Type).toExtend<ArtifactType>();
    expectTypeOf(await store.getByType(Type)).toEqualTypeOf<{ title: string; year: Date }[]>();
  });

  it('of zod/mini as well', async () => {
    const Type = defineType('Movie', mini.object({ title: mini.string(), year: mini.optional(mini.number()) }));
    const artifact = await store.publish({ type: Type, payload: { title: 'Alien', year: 1979 }, producedBy: 'scout' });
    expectTypeOf(artifact).toEqualTypeOf<Artifact<{ readonly title: string; readonly year?: number | undefined }>>();
    expectTypeOf(await store.getByType(Type)).toEqualTypeOf<{ title: string; year?: number | undefined }[]>();
    // @ts-expect-error a year is a number
    void store.publish({ type: Type, payload: { title: 'Alien', year: '1979' }, producedBy: 'scout' });
  });

  it('of nobody’s library as well', async () => {
    const Type = defineType('Movie', handMade);
    expectTypeOf(Type).toEqualTypeOf<ArtifactType<Movie, { readonly length: number }>>();
    const artifact = await store.publish({ type: Type, payload: { title: 'Alien' }, producedBy: 'scout' });
    expectTypeOf(artifact).toEqualTypeOf<Artifact<Immutable<Movie>>>();
    expectTypeOf(await store.getByType(Type)).toEqualTypeOf<{ readonly length: number }[]>();
    // @ts-expect-error a film has a title
    void store.publish({ type: Type, payload: { length: 5 }, producedBy: 'scout' });
  });

  it('has a name and a schema', () => {
    // @ts-expect-error a name is a string
    defineType(5, handMade);
    // @ts-expect-error a schema implements Standard Schema
    defineType('Movie', { parse: (value: unknown) => value });
    // @ts-expect-error a type has a schema
    defineType('Movie');
    // @ts-expect-error what defineType made is read-only
    defineType('Movie', handMade).name = 'Film';
  });
});

interface Tree {
  name: string;
  children: Tree[];
}
const treeSchema: z.ZodType<Tree, Tree> = z.object({
  name: z.string(),
  get children() {
    return z.array(treeSchema);
  },
});

describe('a payload', () => {
  it('may be anything that its schema takes', () => {
    const Anything = defineType('Anything', z.unknown());
    void store.publish({ type: Anything, payload: { any: ['thing'] }, producedBy: 'scout' });
    const Either = defineType(
      'Either',
      z.union([z.object({ kind: z.literal('a'), x: z.number() }), z.object({ kind: z.literal('b'), y: z.string() })]),
    );
    void store.publish({ type: Either, payload: { kind: 'b', y: 'y' }, producedBy: 'scout' });
    // @ts-expect-error an a has an x
    void store.publish({ type: Either, payload: { kind: 'a', y: 'y' }, producedBy: 'scout' });
  });

  it('with nothing but optional fields is checked as well', () => {
    const Note = defineType('Note', z.object({ text: z.string().optional() }));
    void store.publish({ type: Note, payload: {}, producedBy: 'scout' });
    // @ts-expect-error a text is a string
    void store.publish({ type: Note, payload: { text: 5 }, producedBy: 'scout' });
    // @ts-expect-error a note has no such field
    void store.publish({ type: Note, payload: { txet: 'x' }, producedBy: 'scout' });
  });

  it('may hold JSON of any form, tuples and lists', async () => {
    const Doc = defineType('Doc', z.object({ data: z.json(), pair: z.tuple([z.string(), z.array(z.number())]) }));
    const payload = { data: [1, { a: null }], pair: ['x', [1]] } as const;
    const doc = await store.publish({ type: Doc, payload, producedBy: 'scout' });
    expectTypeOf(doc.payload.pair).toEqualTypeOf<readonly [string, readonly number[]]>();
    // @ts-expect-error JSON has no Date
    void store.publish({ type: Doc, payload: { data: new Date(), pair: ['x', []] }, producedBy: 'scout' });
    // @ts-expect-error the second of the pair is a list of numbers
    void store.publish({ type: Doc, payload: { data: 1, pair: ['x', ['y']] }, producedBy: 'scout' });
  });

  it('may contain itself', async () => {
    const TreeType = defineType('Tree', treeSchema);
    const payload = { name: 'root', children: [{ name: 'leaf', children: [] }] };
    const tree = await store.publish({ type: TreeType, payload, producedBy: 'scout' });
    expectTypeOf(tree.payload.children[0]?.children[0]?.name).toEqualTypeOf<string | undefined>();
    const wrong = { name: 'root', children: [{ name: 5, children: [] }] };
    // @ts-expect-error every name is a string
    void store.publish({ type: TreeType, payload: wrong, producedBy: 'scout' });
  });
});

describe('the functions beside the store', () => {
  it('take an artifact, an agent and an instant', async () => {
    const artifact = await store.publish({ type: 'Movie', payload: {}, producedBy: 'scout' });
    expectTypeOf(isVisibleTo(artifact, { name: 'ada' })).toEqualTypeOf<boolean>();
    isVisibleTo(artifact, { name: 'ada', labels: 'x', tenantId: null }, new Date());
    isVisibleTo(artifact, { name: 'ada', labels: new Set(['x']), tenantId: 't' });
    // @ts-expect-error an agent has a name
    isVisibleTo(artifact, { labels: ['x'] });
    // @ts-expect-error it is called tenantId
    isVisibleTo(artifact, { name: 'ada', tenant: 't' });
    // @ts-expect-error an instant is a Date
    isVisibleTo(artifact, { name: 'ada' }, 5);
  });

  it('make an id from a text', () => {
    expectTypeOf(uuidFrom('film:alien')).toEqualTypeOf<string>();
    // @ts-expect-error a name is a string
    uuidFrom(5);
  });
});
