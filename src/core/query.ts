import * as z from 'zod/mini';
import { isArtifactType, type ArtifactType, type TypeRegistry } from './artifact-type.ts';
import { check, id, instant, kind, setOf, signal, text, typeName } from './checks.ts';
import { decodeCursor } from './cursor.ts';
import { InvalidArgumentError } from './errors.ts';
import type { Selection } from './filter.ts';
import type { Window } from './page.ts';
import { quote, sortedSet } from './text.ts';

const filterSchema = z.optional(
  z.strictObject(
    {
      ids: z.optional(setOf(id)),
      typeNames: z.optional(setOf(typeName, (value) => typeof value === 'string' || isArtifactType(value))),
      producedBy: z.optional(setOf(text)),
      correlationId: z.optional(z.nullable(text)),
      partitionKey: z.optional(z.nullable(text)),
      tags: z.optional(setOf(text)),
      visibility: z.optional(setOf(kind)),
      start: z.optional(instant),
      end: z.optional(instant),
    },
    'must be an object',
  ),
);

/** A filter as the call gave it: read once, checked, its type names not yet resolved. */
export type CheckedFilter = Selection;

/** @throws InvalidArgumentError for fields that do not exist and values of the wrong form */
export function checkFilter(filter: unknown, types: TypeRegistry, action: string): CheckedFilter {
  const given = check(filterSchema, filter, action, 'filter') ?? {};
  const names = given.typeNames?.map((type) => nameOf(type, types, action));
  return {
    ...(given.ids && { ids: sortedSet(given.ids) }),
    ...(names && { typeNames: sortedSet(names) }),
    ...(given.producedBy && { producedBy: sortedSet(given.producedBy) }),
    ...(given.correlationId !== undefined && { correlationId: given.correlationId }),
    ...(given.partitionKey !== undefined && { partitionKey: given.partitionKey }),
    ...(given.tags && { tags: sortedSet(given.tags) }),
    ...(given.visibility && { visibility: sortedSet(given.visibility) }),
    ...(given.start && { start: given.start.getTime() }),
    ...(given.end && { end: given.end.getTime() }),
  };
}

/** The name that a call gave, as a name or as a type, which is then registered. @throws InvalidArgumentError or ConflictError */
export function checkType(type: unknown, types: TypeRegistry, action: string): string {
  return nameOf(check(typeName, type, action, 'type'), types, action);
}

/** The name of a type given either way; registers it. @throws ConflictError */
export function nameOf(type: string | ArtifactType, types: TypeRegistry, action: string): string {
  if (typeof type === 'string') return type;
  types.register(type, action);
  return type.name;
}

/** The filter with its type names resolved, as publish resolves them. */
export function select(filter: CheckedFilter, resolve: (name: string) => string): Selection {
  return filter.typeNames === undefined ? filter : { ...filter, typeNames: sortedSet(filter.typeNames.map(resolve)) };
}

const pageSchema = z.optional(
  z.strictObject(
    {
      limit: z.optional(
        z.custom<number>(
          (value) => value === Infinity || (Number.isSafeInteger(value) && value > 0),
          'must be a positive integer or Infinity',
        ),
      ),
      offset: z.optional(
        z.custom<number>(
          (value) => Number.isSafeInteger(value) && value >= 0 && !Object.is(value, -0),
          'must be a non-negative integer',
        ),
      ),
      cursor: z.optional(z.string('must be a string')),
      order: z.optional(z.enum(['asc', 'desc'], 'must be "asc" or "desc"')),
      total: z.optional(z.boolean('must be true or false')),
      embedMeta: z.optional(z.boolean('must be true or false')),
      signal,
    },
    'must be an object',
  ),
);

/** PageOptions as the call gave them, checked; the cursor is read once the filter is resolved. */
export interface CheckedPage extends Omit<Window, 'after'> {
  readonly cursor: string | null;
  readonly embedMeta: boolean;
}

/** @throws InvalidArgumentError for limits, offsets and orders that make no sense, and for a cursor with an offset */
export function checkPage(page: unknown, defaultLimit: number, action: string): CheckedPage {
  const given = check(pageSchema, page, action, 'page options') ?? {};
  if (given.cursor !== undefined && given.offset !== undefined) {
    throw new InvalidArgumentError(`Cannot ${action}: offset ${quote(given.offset)} does not go with a cursor`);
  }
  return {
    limit: given.limit ?? defaultLimit,
    offset: given.offset ?? 0,
    order: given.order ?? 'asc',
    counted: (given.total ?? true) && given.cursor === undefined,
    cursor: given.cursor ?? null,
    embedMeta: given.embedMeta ?? false,
  };
}

/** The part of the matches that a page is about. @throws InvalidArgumentError when the cursor is not of this query */
export function windowOf(page: CheckedPage, selection: Selection, action: string): Window {
  const { limit, offset, order, counted, cursor } = page;
  return {
    limit,
    offset,
    order,
    counted,
    after: cursor === null ? null : decodeCursor(cursor, selection, order, action),
  };
}
