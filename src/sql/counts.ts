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

const COLUMNS = { type: 'a.canonical_type', producer: 'a.produced_by', visibility: VISIBILITY_KIND };

/** All artifacts, by an index that holds what is counted where there is one: rows with long payloads are slow to pass. */
const ALL = {
  type: fragment('artifacts AS a INDEXED BY artifacts_by_type'),
  producer: fragment('artifacts AS a INDEXED BY artifacts_by_producer'),
  visibility: fragment('artifacts AS a NOT INDEXED'),
};

/** One row: how many artifacts match, the first and the last time. */
export function totalsStatement(selection: Selection): Statement {
  if (isEverything(selection))
    return fragment(`SELECT count(*), ${timeAtEnd('ASC')}, ${timeAtEnd('DESC')} FROM artifacts`);
  const time = `iif(${isTime('a.created_at')}, a.created_at, NULL)`;
  return join([fragment(`SELECT count(*), min(${time}), max(${time}) FROM`), matching(selection)], ' ');
}

function timeAtEnd(direction: 'ASC' | 'DESC'): string {
  return `(SELECT a.created_at FROM artifacts AS a INDEXED BY artifacts_by_time
    WHERE ${isTime('a.created_at')} ORDER BY a.created_at ${direction} LIMIT 1)`;
}

/** Rows of a value and how many of the matching artifacts have it. */
export function countsStatement(selection: Selection, by: 'type' | 'producer' | 'visibility' | 'tag'): Statement {
  const isOfAll = isEverything(selection);
  if (by === 'tag')
    return isOfAll ? grouped('t.tag', fragment('artifact_tags AS t')) : grouped('walked_tag.value', tagged(selection));
  return grouped(COLUMNS[by], isOfAll ? ALL[by] : matching(selection));
}

function isEverything(selection: Selection): boolean {
  return selection.start === undefined && selection.end === undefined && conditions(selection).length === 0;
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
