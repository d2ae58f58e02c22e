import type { Selection } from '../core/filter.ts';
import type { Row, Statement } from './driver.ts';
import { matching } from './pages.ts';
import { exact, textOf } from './rows.ts';
import {
  conditions,
  fragment,
  isTime,
  join,
  LOOKED_UP,
  timeRange,
  VISIBILITY_KIND,
  type Fragment,
} from './selection.ts';

/** One row: how many artifacts match, the first and the last time. */
export function totalsStatement(selection: Selection): Statement {
  const time = `iif(${isTime('a.created_at')}, a.created_at, NULL)`;
  return join([fragment(`SELECT count(*), min(${time}), max(${time}) FROM`), matching(selection)], ' ');
}

/** Rows of a value and how many of the matching artifacts have it. */
export function countsStatement(selection: Selection, by: 'type' | 'producer' | 'visibility' | 'tag'): Statement {
  if (by === 'tag') return grouped('walked_tag.value', tagged(selection));
  const column = { type: 'a.canonical_type', producer: 'a.produced_by', visibility: VISIBILITY_KIND }[by];
  return grouped(column, matching(selection));
}

function tagged(selection: Selection): Fragment {
  const each = fragment(`CASE WHEN json_valid(a.tags) THEN a.tags ELSE '[]' END) AS walked_tag`);
  return join([fragment('(SELECT a.tags FROM'), matching(selection), fragment(') AS a, json_each('), each], ' ');
}

function grouped(column: string, from: Fragment): Statement {
  return join([fragment(`SELECT ${exact(column)}, count(*) FROM`), from, fragment(`GROUP BY ${column}`)], ' ');
}

/** A row of {@link countsStatement} or {@link consumedStatement}; what is stored can be something else than text. */
export function readCount([value, count]: Row): [value: string, count: number] {
  return [typeof value === 'string' ? textOf(value) : String(value), Number(count)];
}

/** Rows of a type and how many consumptions an agent made of matching artifacts of it. */
export function consumedStatement(agent: string, selection: Selection): Statement {
  const from = fragment(
    `artifact_consumptions AS c INDEXED BY idx_consumptions_consumer CROSS JOIN ${LOOKED_UP} ON a.artifact_id = c.artifact_id
      WHERE c.consumer = ? AND`,
    agent,
  );
  return grouped(
    'a.canonical_type',
    join([from, join([timeRange(selection), ...conditions(selection)], ' AND ')], ' '),
  );
}
