import * as fc from 'fast-check';
import type { StandardSchemaV1 } from '@standard-schema/spec';
import { defineType } from '../../src/core/artifact-type.ts';
import { texts } from './sample-values.ts';

type Result = StandardSchemaV1.Result<unknown>;

function schemaOf(validate: (value: unknown) => Result | Promise<Result>): StandardSchemaV1 {
  return { '~standard': { version: 1, vendor: 'boardlite tests', validate } };
}

function checkTitle(value: unknown): Result {
  const title: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, 'title') : undefined;
  if (typeof title !== 'string') return { issues: [{ message: 'must be a string', path: ['title'] }] };
  if (title === '') return { issues: [{ message: 'must not be empty', path: ['title'] }, { message: 'at all' }] };
  return { value: { title, length: title.length } };
}

async function later(turns: number): Promise<void> {
  for (let i = 0; i < turns; i++) await Promise.resolve();
}

export const TYPES = [
  defineType('films.Movie', schemaOf(checkTitle)),
  defineType(
    'books.Movie',
    schemaOf(async (value) => {
      await later(5);
      return checkTitle(value);
    }),
  ),
  defineType(
    'slow.Note',
    schemaOf(async (value) => {
      await later(40);
      return { value };
    }),
  ),
  defineType(
    'Broken',
    schemaOf(() => {
      throw new Error('out of order');
    }),
  ),
  // Another schema under a name that is taken, once it is.
  defineType(
    'films.Movie',
    schemaOf((value) => ({ value })),
  ),
];

/** A type, or the name of one: registered or not, canonical or simple. */
export const types = fc.oneof(
  {
    weight: 16,
    arbitrary: fc.constantFrom(
      ...['Note', 'Note', 'Movie', 'films.Movie', 'films.Movie', 'books.Movie', 'Report', 'Report'],
    ),
  },
  { weight: 6, arbitrary: fc.constantFrom(TYPES[0], TYPES[1], TYPES[2]) },
  { weight: 1, arbitrary: fc.oneof(texts, fc.constantFrom(TYPES[3], TYPES[4], 7, null)) },
);
