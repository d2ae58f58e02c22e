import type { StandardSchemaV1 } from '@standard-schema/spec';
import { createMemoryStore, defineType, isVisibleTo, uuidFrom, type Artifact, type ArtifactType } from 'boardlite';
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
    expectTypeOf(artifact).toEqualTypeOf<Artifact<{ title: string; year?: number | undefined }>>();
    expectTypeOf(await store.getByType(Type)).toEqualTypeOf<{ title: string; year?: number | undefined }[]>();
    // @ts-expect-error a year is a number
    void store.publish({ type: Type, payload: { title: 'Alien', year: '1979' }, producedBy: 'scout' });
  });

  it('of nobody’s library as well', async () => {
    const Type = defineType('Movie', handMade);
    expectTypeOf(Type).toEqualTypeOf<ArtifactType<Movie, { readonly length: number }>>();
    const artifact = await store.publish({ type: Type, payload: { title: 'Alien' }, producedBy: 'scout' });
    expectTypeOf(artifact).toEqualTypeOf<Artifact<Movie>>();
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
