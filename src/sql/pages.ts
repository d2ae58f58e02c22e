import type { Selection } from '../core/filter.ts';
import type { Position, Window } from '../core/page.ts';
import { formatInstant } from '../core/time.ts';
import type { Statement } from './driver.ts';
import { ARTIFACT_CELLS } from './rows.ts';
import {
  anyOf,
  conditions,
  fragment,
  join,
  LOOKED_UP,
  notAfter,
  notBefore,
  sourceOf,
  timeRange,
  type Fragment,
  type Source,
} from './selection.ts';

/** The place of a row in the board's order, as the file holds it. */
export interface StoredPosition {
  readonly createdAt: string;
  readonly id: string;
}

export function storedPosition({ createdAt, id }: Position): StoredPosition {
  return { createdAt: formatInstant(createdAt), id };
}

/**
 * Rows of a selection in the board's order, from the window on and without an end: they come along an index, so that
 * whoever reads them stops when there are enough.
 */
export function pageStatement(selection: Selection, { order, offset, after }: Window): Statement {
  const source = sourceOf(selection);
  const { createdAt, id } = source.order;
  const rest = [...rangeOf(selection, order, after, source.order), ...conditions(source.rest)];
  const selects = source.branches.map((branch) =>
    join([fragment(`SELECT ${ARTIFACT_CELLS} FROM ${source.from} WHERE`), join([branch, ...rest], ' AND ')], ' '),
  );
  const direction = order.toUpperCase();
  const tail = fragment(`ORDER BY ${createdAt} ${direction}, ${id} ${direction} LIMIT -1 OFFSET ?`, offset);
  return join([join(selects, ' UNION ALL '), tail], ' ');
}

/**
 * From where to where the walk goes. At the end that a cursor says, only the tighter of cursor and filter is named: given
 * two bounds the planner may search by the wider one, and pass over all that lies between.
 */
function rangeOf(
  { start, end }: Selection,
  order: Window['order'],
  after: Position | null,
  { createdAt, id }: Source['order'],
): Fragment[] {
  const from = notBefore(start, createdAt);
  const to = notAfter(end, createdAt);
  if (after === null) return [from, ...to];
  const beyond = (comparison: '>' | '<') =>
    fragment(`(${createdAt}, ${id}) ${comparison} (?, ?)`, formatInstant(after.createdAt), after.id);
  if (order === 'asc') return [(start ?? -Infinity) > after.createdAt ? from : beyond('>'), ...to];
  return [from, ...((end ?? Infinity) < after.createdAt ? to : [beyond('<')])];
}

/** `FROM` clause and conditions for all artifacts `a` of a selection, in no order. */
export function matching(selection: Selection): Fragment {
  if (selection.ids !== undefined) {
    const { ids, ...rest } = selection;
    const from = fragment(
      `json_each(?) AS wanted CROSS JOIN ${LOOKED_UP} ON a.artifact_id = wanted.value WHERE`,
      JSON.stringify(ids),
    );
    return join([from, join([timeRange(selection), ...conditions(rest)], ' AND ')], ' ');
  }
  const source = sourceOf(selection);
  const isOneWalk = source.branches.length === 1;
  const where = isOneWalk ? [...source.branches, ...conditions(source.rest)] : conditions(selection);
  return join(
    [fragment(`${source.from} WHERE`), join([timeRange(selection, source.order.createdAt), ...where], ' AND ')],
    ' ',
  );
}

/** How many artifacts a selection matches. */
export function countStatement(selection: Selection): Statement {
  return join([fragment('SELECT count(*) FROM'), matching(selection)], ' ');
}

/** The places of all artifacts of a selection, in no order: for selections by id, which no index has in order. */
export function placesStatement(selection: Selection): Statement {
  return join([fragment('SELECT a.created_at, a.artifact_id FROM'), matching(selection)], ' ');
}

/** Rows by their ids, in no order: cells of artifacts. */
export function rowsStatement(ids: readonly string[]): Statement {
  return join([fragment(`SELECT ${ARTIFACT_CELLS} FROM ${LOOKED_UP} WHERE`), anyOf('a.artifact_id', ids)], ' ');
}

/** The statements that answer a page. */
export function pageStatements(selection: Selection, window: Window): Statement[] {
  if (selection.ids !== undefined) return [placesStatement(selection), rowsStatement(selection.ids)];
  const page = pageStatement(selection, window);
  return window.counted ? [page, countStatement(selection)] : [page];
}
