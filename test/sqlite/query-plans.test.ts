import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Selection } from '../../src/core/filter.ts';
import type { Window } from '../../src/core/page.ts';
import { consumedStatement, countsStatement, totalsStatement } from '../../src/sql/counts.ts';
import type { Statement } from '../../src/sql/driver.ts';
import { countStatement, pageStatements, rowsStatement } from '../../src/sql/pages.ts';
import type { SqlJsDriver } from '../../src/sqlite/sqljs-driver.ts';
import { artifactOf, idOf, newBoard } from './new-board.ts';

const FIELDS: Readonly<Record<string, Selection>> = {
  'one type': { typeNames: ['films.Movie'] },
  'several types': { typeNames: ['films.Critic', 'films.Movie', 'films.Review'] },
  'as many types as are merged': { typeNames: Array.from({ length: 32 }, (_, i) => `films.T${String(i)}`) },
  'a hundred types': { typeNames: Array.from({ length: 100 }, (_, i) => `films.T${String(i)}`) },
  'one producer': { producedBy: ['scout'] },
  'several producers': { producedBy: ['auditor', 'editor', 'scout'] },
  'a hundred producers': { producedBy: Array.from({ length: 100 }, (_, i) => `agent ${String(i)}`) },
  correlation: { correlationId: 'run 1' },
  'no correlation': { correlationId: null },
  partition: { partitionKey: 'eu' },
  'no partition': { partitionKey: null },
  'one tag': { tags: ['new'] },
  'several tags': { tags: ['hot', 'new'] },
  'no tags asked for': { tags: [] },
  'one kind': { visibility: ['Public'] },
  'several kinds': { visibility: ['Private', 'Public'] },
  start: { start: 1 },
  end: { end: 2 },
  'start and end': { start: 1, end: 2 },
};
const IDS: Readonly<Record<string, Selection>> = {
  'one id': { ids: [idOf(1)] },
  'several ids': { ids: [idOf(1), idOf(2), idOf(3)] },
};

const PLACE = { createdAt: 5, id: idOf(5) };
const WINDOWS: readonly Window[] = [
  { limit: 50, offset: 0, order: 'asc', after: null, counted: true },
  { limit: 50, offset: 7, order: 'desc', after: null, counted: true },
  { limit: Infinity, offset: 0, order: 'asc', after: null, counted: false },
  { limit: 50, offset: 0, order: 'asc', after: PLACE, counted: false },
  { limit: 50, offset: 0, order: 'desc', after: PLACE, counted: false },
];

function combine(fields: Readonly<Record<string, Selection>>): [string, Selection][] {
  const entries = Object.entries(fields);
  const pairs = entries.flatMap(([name, selection], i) =>
    entries.slice(i + 1).flatMap(([other, more]): [string, Selection][] => {
      const isSameField = Object.keys(selection).some((field) => field in more);
      return isSameField ? [] : [[`${name} and ${other}`, { ...selection, ...more }]];
    }),
  );
  const all = Object.values(fields).reduce((every, selection) => ({ ...every, ...selection }), {});
  return [['everything', {}], ...entries, ...pairs, ['every field at once', all]];
}

let driver: SqlJsDriver;
beforeEach(async () => {
  ({ driver } = await newBoard());
});

function planOf({ text, values }: Statement): string[] {
  return driver.all({ text: `EXPLAIN QUERY PLAN ${text}`, values }).map((row) => String(row[3]));
}

/** How artifacts are found by their ids. */
const LOOKUP = 'SEARCH a USING INDEX sqlite_autoindex_artifacts_1 (artifact_id=?)';
const isOfArtifacts = (line: string) => /^(SEARCH|SCAN) a\b/.test(line);

function offences(statement: Statement, forbidden: RegExp): string[] {
  return planOf(statement)
    .filter((line) => forbidden.test(line))
    .map((line) => `${line} <- ${statement.text}`);
}

/** A walk over all artifacts, or a sort of what was found. Walking a list of parameters, `json_each`, is neither. */
const FORBIDDEN_IN_PAGES = /SCAN (a|artifacts|walked|artifact_tags|t)\b|USE TEMP B-TREE FOR .*ORDER BY/;
const FORBIDDEN_IN_COUNTS = /SCAN (a|c|artifacts|artifact_consumptions|walked|artifact_tags|t)\b/;

describe.each(combine(FIELDS))('the page and the total of a query by %s', (_, selection) => {
  it('walk an index and sort nothing', () => {
    const statements = WINDOWS.flatMap((window) => pageStatements(selection, window));
    expect(statements.flatMap((statement) => offences(statement, FORBIDDEN_IN_PAGES))).toEqual([]);
  });
});

const EVERYTHING = ['everything', 'no tags asked for'];

function countsOf(selection: Selection): Statement[] {
  const counts = (['type', 'producer', 'visibility', 'tag'] as const).map((by) => countsStatement(selection, by));
  return [totalsStatement(selection), ...counts];
}

describe.each(combine({ ...FIELDS, ...IDS }).filter(([name]) => !EVERYTHING.includes(name)))(
  'the counts of artifacts by %s',
  (_, selection) => {
    it('walk an index', () => {
      const statements = [...countsOf(selection), consumedStatement('scout', selection)];
      expect(statements.flatMap((statement) => offences(statement, FORBIDDEN_IN_COUNTS))).toEqual([]);
    });
  },
);

describe.each(combine(FIELDS).filter(([name]) => EVERYTHING.includes(name)))('the counts of %s', (_, selection) => {
  it('look up no row: each walks an index that holds what is counted, but for the kinds of visibility', () => {
    const walks = countsOf(selection).map((statement) =>
      planOf(statement).filter((line) => /^(SCAN|SEARCH)/.test(line)),
    );
    expect(walks).toEqual([
      [
        expect.stringMatching(/^SCAN artifacts USING COVERING INDEX/),
        'SCAN a USING COVERING INDEX artifacts_by_time',
        'SCAN a USING COVERING INDEX artifacts_by_time',
      ],
      ['SCAN a USING COVERING INDEX artifacts_by_type'],
      ['SCAN a USING COVERING INDEX artifacts_by_producer'],
      ['SCAN a'],
      ['SCAN t'],
    ]);
    expect(offences(consumedStatement('scout', selection), FORBIDDEN_IN_COUNTS)).toEqual([]);
  });
});

describe.each(combine({ ...IDS, ...FIELDS }).filter(([, { ids }]) => ids !== undefined))(
  'the page of a query by %s',
  (_, selection) => {
    it('looks up the places of the ids, then the rows', () => {
      const statements = WINDOWS.flatMap((window) => pageStatements(selection, window));
      expect(statements.flatMap((statement) => offences(statement, FORBIDDEN_IN_PAGES))).toEqual([]);
      for (const window of WINDOWS) {
        const plans = pageStatements(selection, window).map((statement) => planOf(statement).filter(isOfArtifacts));
        expect(plans).toEqual([[LOOKUP], [LOOKUP]]);
      }
    });
  },
);

describe('a query', () => {
  it.each<[string, Selection, RegExp]>([
    [
      'tags',
      { tags: ['a', 'b'], correlationId: 'c', partitionKey: 'p', typeNames: ['t'] },
      /walked USING (COVERING INDEX|PRIMARY KEY)/,
    ],
    [
      'the correlation',
      { correlationId: 'c', partitionKey: 'p', typeNames: ['t'] },
      /INDEX artifacts_by_correlation \(correlation_id=\? AND .*created_at/,
    ],
    [
      'the partition',
      { partitionKey: 'p', typeNames: ['t'] },
      /INDEX artifacts_by_partition \(partition_key=\? AND .*created_at/,
    ],
    [
      'the type',
      { typeNames: ['t'], producedBy: ['p'] },
      /INDEX artifacts_by_type \(canonical_type=\? AND .*created_at/,
    ],
    ['the producer', { producedBy: ['p'] }, /INDEX artifacts_by_producer \(produced_by=\? AND .*created_at/],
    ['time', {}, /INDEX artifacts_by_time \(.*created_at/],
  ])('is driven by %s where it can', (_, selection, index) => {
    for (const window of WINDOWS) {
      const [page] = pageStatements(selection, window);
      expect(page && planOf(page).join('\n')).toMatch(index);
    }
  });

  it.each<[string, Selection]>([
    ['time', {}],
    ['start and end', { start: 1, end: 9 }],
    ['a type', { typeNames: ['t'] }],
    ['several producers', { producedBy: ['p', 'q'] }],
    ['a tag', { tags: ['a'] }],
  ])('by %s goes on from a cursor without passing over what came before', (_, selection) => {
    for (const window of WINDOWS.filter(({ after }) => after !== null)) {
      const comparison = window.order === 'asc' ? '>' : '<';
      const walks = planOf(pageStatements(selection, window)[0] ?? { text: '', values: [] }).filter((line) =>
        line.includes('created_at'),
      );
      for (const walk of walks) expect(walk).toContain(`(created_at,artifact_id)${comparison}(?,?)`);
      expect(walks).not.toEqual([]);
    }
  });

  it('keeps its plan whatever ANALYZE finds', async () => {
    const before = combine(FIELDS).map(([, selection]) =>
      WINDOWS.flatMap((window) => pageStatements(selection, window).map(planOf)),
    );
    const analyzed = await newBoard();
    analyzed.driver.script("ANALYZE; INSERT INTO sqlite_stat1 VALUES ('artifacts', 'artifacts_by_time', '10 1 1');");
    driver = analyzed.driver;
    const after = combine(FIELDS).map(([, selection]) =>
      WINDOWS.flatMap((window) => pageStatements(selection, window).map(planOf)),
    );
    expect(after).toEqual(before);
  });

  it.each([2, 32])('merges %i values of one field, each in order', (count) => {
    const typeNames = Array.from({ length: count }, (_, i) => `films.T${String(i)}`);
    for (const window of WINDOWS) {
      const [page] = pageStatements({ typeNames }, window);
      expect(page && planOf(page)[0]).toBe('MERGE (UNION ALL)');
    }
  });

  it.each<[string, Statement, Statement]>([
    ['an id', rowsStatement([idOf(1)]), rowsStatement([idOf(1), idOf(2)])],
    ['a kind', countStatement({ visibility: ['Public'] }), countStatement({ visibility: ['Private', 'Public'] })],
  ])('compares with %s itself, and walks a list only where there are several', (_, one, several) => {
    const isList = (statement: Statement) => planOf(statement).some((line) => line.includes('json_each'));
    expect([isList(one), isList(several)]).toEqual([false, true]);
  });

  it.each<[string, Selection]>([
    ['ids', { ids: [] }],
    ['types', { typeNames: [], producedBy: ['scout'] }],
    ['producers', { producedBy: [] }],
    ['kinds of visibility', { visibility: [] }],
  ])('for none of the %s there are is answered without one statement', async (_, selection) => {
    const filled = await newBoard();
    filled.board.apply([{ kind: 'artifact', artifact: artifactOf(1) }]);
    const asked = (['all', 'first', 'each'] as const).map((way) => vi.spyOn(filled.driver, way));
    for (const window of WINDOWS) filled.board.page(selection, window);
    expect(filled.board.counts(selection).total).toBe(0);
    for (const way of asked) expect(way).not.toHaveBeenCalled();
  });
});
