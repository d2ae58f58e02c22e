import type { ArtifactType, TypeRegistry } from './artifact-type.ts';
import {
  canonicalId,
  check,
  field,
  fields,
  flag,
  instant,
  isWhole,
  KIND,
  limit,
  oneOf,
  option,
  optional,
  optionalText,
  readKind,
  readText,
  readType,
  setOf,
  signal,
  TEXT,
  textsOf,
  TYPE,
} from './checks.ts';
import { decodeCursor } from './cursor.ts';
import { InvalidArgumentError } from './errors.ts';
import type { Selection } from './filter.ts';
import type { Window } from './page.ts';
import { quote, sortedSet } from './text.ts';

const filterSchema = fields({
  ids: optional(textsOf(canonicalId, 'must be a UUID')),
  typeNames: optional(setOf(readType, TYPE)),
  producedBy: optional(textsOf(readText, TEXT)),
  correlationId: optionalText,
  partitionKey: optionalText,
  tags: optional(textsOf(readText, TEXT)),
  visibility: optional(textsOf(readKind, KIND)),
  start: optional(instant),
  end: optional(instant),
});

/** A filter as the call gave it: read once, checked, its type names not yet resolved. */
export type CheckedFilter = Selection;

/** @throws InvalidArgumentError for fields that do not exist and values of the wrong form */
export function checkFilter(filter: unknown = {}, types: TypeRegistry, action: string): CheckedFilter {
  const given = check(filterSchema, filter, action, 'filter');
  const names = given.typeNames?.map((type) => nameOf(type, types, action));
  return { ...given, typeNames: names };
}

/** The name that a call gave, as a name or as a type, which is then registered. @throws InvalidArgumentError or ConflictError */
export function checkType(type: unknown, types: TypeRegistry, action: string): string {
  const given = readType(type);
  if (given !== undefined) return nameOf(given, types, action);
  throw new InvalidArgumentError(`Cannot ${action}: type ${quote(type)} ${TYPE}`);
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

const pageSchema = fields({
  limit,
  offset: option<number>((value) => isWhole(value, 0), 'must be a non-negative integer'),
  cursor: optional(field(readText, 'must be a string')),
  order: optional(field(oneOf('asc', 'desc'), 'must be "asc" or "desc"')),
  total: flag,
  embedMeta: flag,
  signal,
});

/** PageOptions as the call gave them, checked; the cursor is read once the filter is resolved. */
export interface CheckedPage extends Omit<Window, 'after'> {
  readonly cursor: string | null;
  readonly embedMeta: boolean;
  readonly signal: AbortSignal | undefined;
}

/** @throws InvalidArgumentError for limits, offsets and orders that make no sense, and for a cursor with an offset */
export function checkPage(page: unknown = {}, defaultLimit: number, action: string): CheckedPage {
  const given = check(pageSchema, page, action, 'page options');
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
    signal: given.signal,
  };
}

/** The part of the matches that a page is about. @throws InvalidArgumentError when the cursor is not of this query */
export function windowOf(page: CheckedPage, selection: Selection, action: string): Window {
  const { limit, offset, order, counted, cursor } = page;
  const after = cursor === null ? null : decodeCursor(cursor, selection, order, action);
  return { limit, offset, order, counted, after };
}
