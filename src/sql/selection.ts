import type { Selection } from '../core/filter.ts';
import { formatInstant } from '../core/time.ts';
import { statement, type Statement } from './driver.ts';

/** A piece of SQL and the values it binds, in their order. */
export type Fragment = Statement;

export const fragment = statement;

export function join(fragments: readonly Fragment[], separator: string): Fragment {
  return { text: fragments.map(({ text }) => text).join(separator), values: fragments.flatMap(({ values }) => values) };
}

/** Any number of texts as one value, so that texts recur and no limit on variables counts. */
export function anyOf(column: string, texts: readonly string[]): Fragment {
  return texts.length === 1
    ? fragment(`${column} = ?`, ...texts)
    : fragment(`${column} IN (SELECT value FROM json_each(?))`, JSON.stringify(texts));
}

function equal(column: string, value: string | null): Fragment {
  return value === null ? fragment(`${column} IS NULL`) : fragment(`${column} = ?`, value);
}

/** The kind of a visibility, whatever was stored. */
export const VISIBILITY_KIND = `ifnull(CASE WHEN json_valid(a.visibility) THEN
  CASE json_type(a.visibility, '$.kind') WHEN 'text' THEN a.visibility ->> '$.kind' END END, 'Unknown')`;

/** Whether a time is as the board writes it; the row of any other cannot be read. */
export function isTime(column: string): string {
  return `${column} GLOB '????-??-??T??:??:??.??????+00:00'`;
}

/** Below every time as the board writes it: a bound that makes an ordered walk a search. */
const FIRST = '';

export function notBefore(start: number | undefined, column: string): Fragment {
  return fragment(`${column} >= ?`, start === undefined ? FIRST : formatInstant(start));
}

export function notAfter(end: number | undefined, column: string): Fragment[] {
  return end === undefined ? [] : [fragment(`${column} <= ?`, formatInstant(end))];
}

/** Bounds on when artifacts were created; always one, so that the index by time can be searched. */
export function timeRange({ start, end }: Selection, column = 'a.created_at'): Fragment {
  return join([notBefore(start, column), ...notAfter(end, column)], ' AND ');
}

/** What a selection asks of the artifacts `a`, times aside. */
export function conditions(selection: Selection): Fragment[] {
  const { ids, typeNames, producedBy, correlationId, partitionKey, tags, visibility } = selection;
  return [
    ...(ids ? [anyOf('a.artifact_id', ids)] : []),
    ...(typeNames ? [anyOf('a.canonical_type', typeNames)] : []),
    ...(producedBy ? [anyOf('a.produced_by', producedBy)] : []),
    ...(correlationId !== undefined ? [equal('a.correlation_id', correlationId)] : []),
    ...(partitionKey !== undefined ? [equal('a.partition_key', partitionKey)] : []),
    ...(tags && tags.length > 0 ? [hasTags(tags)] : []),
    ...(visibility ? [anyOf(VISIBILITY_KIND, visibility)] : []),
  ];
}

function hasTags(tags: readonly string[]): Fragment {
  return fragment(
    `NOT EXISTS (SELECT 1 FROM json_each(?) AS wanted WHERE NOT EXISTS (SELECT 1 FROM artifact_tags AS t
      WHERE t.tag = wanted.value AND t.created_at = a.created_at AND t.artifact_id = a.artifact_id))`,
    JSON.stringify(tags),
  );
}

/**
 * Where the artifacts `a` of a selection come from, in the board's order: by the index that leaves the fewest. What is
 * named here drives the query, whatever the planner would have guessed.
 */
export interface Source {
  readonly from: string;
  /** The columns that give the board's order. */
  readonly order: { readonly createdAt: string; readonly id: string };
  /** Each binds the source to one value of its index; several are to be merged. */
  readonly branches: readonly Fragment[];
  /** What the branches do not say of the selection. */
  readonly rest: Selection;
}

/** Artifacts found by their ids: by the index of the primary key, whatever else is asked of them. */
export const LOOKED_UP = 'artifacts AS a INDEXED BY sqlite_autoindex_artifacts_1';

const BY_COLUMN = { createdAt: 'a.created_at', id: 'a.artifact_id' };
/** More branches than this cost more to merge than the rows they save. */
const MOST_BRANCHES = 32;

export function sourceOf(selection: Selection): Source {
  const { typeNames, producedBy, correlationId, partitionKey, tags } = selection;
  const tag = tags?.[0];
  if (tag !== undefined) {
    return {
      from: `artifact_tags AS walked CROSS JOIN ${LOOKED_UP} ON a.artifact_id = walked.artifact_id`,
      order: { createdAt: 'walked.created_at', id: 'walked.artifact_id' },
      branches: [fragment('walked.tag = ?', tag)],
      rest: { ...selection, tags: tags?.slice(1) },
    };
  }
  const walk = (index: string, column: string, values: readonly string[], rest: Selection): Source => ({
    from: `artifacts AS a INDEXED BY ${index}`,
    order: BY_COLUMN,
    branches: values.map((value) => fragment(`${column} = ?`, value)),
    rest,
  });
  if (typeof correlationId === 'string') {
    return walk('artifacts_by_correlation', 'a.correlation_id', [correlationId], {
      ...selection,
      correlationId: undefined,
    });
  }
  if (typeof partitionKey === 'string') {
    return walk('artifacts_by_partition', 'a.partition_key', [partitionKey], { ...selection, partitionKey: undefined });
  }
  if (isBranching(typeNames))
    return walk('artifacts_by_type', 'a.canonical_type', typeNames, { ...selection, typeNames: undefined });
  if (isBranching(producedBy))
    return walk('artifacts_by_producer', 'a.produced_by', producedBy, { ...selection, producedBy: undefined });
  return {
    from: 'artifacts AS a INDEXED BY artifacts_by_time',
    order: BY_COLUMN,
    branches: [fragment('TRUE')],
    rest: selection,
  };
}

function isBranching(values: readonly string[] | undefined): values is readonly string[] {
  return values !== undefined && values.length > 0 && values.length <= MOST_BRANCHES;
}

/** True when nothing can match, whatever is on the board. */
export function isEmpty({ ids, typeNames, producedBy, visibility }: Selection): boolean {
  return [ids, typeNames, producedBy, visibility].some((values) => values?.length === 0);
}
