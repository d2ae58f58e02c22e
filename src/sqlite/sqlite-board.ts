import type { Board, Counts, Matches } from '../core/board.ts';
import { CorruptError } from '../core/errors.ts';
import {
  compareConsumptions,
  type Fact,
  type StoredAgentSnapshot,
  type StoredArtifact,
  type StoredConsumption,
} from '../core/fact.ts';
import type { Selection } from '../core/filter.ts';
import type { Window } from '../core/page.ts';
import { parseInstant } from '../core/time.ts';
import { consumedStatement, countsStatement, readCount, totalsStatement } from '../sql/counts.ts';
import type { Driver, Row, SqlValue, Statement } from '../sql/driver.ts';
import {
  countStatement,
  pageStatement,
  pageStatements,
  placesStatement,
  rowsStatement,
  storedPosition,
  type StoredPosition,
} from '../sql/pages.ts';
import { readAgent, readArtifact, readConsumption } from '../sql/rows.ts';
import { isEmpty } from '../sql/selection.ts';
import * as sql from '../sql/statements.ts';
import type { Receipt, RecordNotes } from './log-record.ts';

/** How SQLite answers a statement. */
export interface StatementPlan {
  readonly text: string;
  /** The lines of EXPLAIN QUERY PLAN: https://sqlite.org/eqp.html */
  readonly plan: readonly string[];
}

/** An index of the board. */
export interface IndexDescription {
  readonly name: string;
  readonly table: string;
  /** Names of columns, and `(expression)` for what is computed. */
  readonly columns: readonly string[];
  readonly isUnique: boolean;
  /** Whether it leaves rows out; the definition says which. */
  readonly isPartial: boolean;
  /** The statement that made it; null for the index of a primary key. */
  readonly definition: string | null;
}

/** Tells of a row that cannot be read exactly and is left out of an answer. */
export type Report = (error: CorruptError) => void;

/** The board in a SQLite database that has the tables of `sql/schema.ts`. */
export class SqliteBoard implements Board {
  readonly #driver: Driver;
  readonly #report: Report;
  /** Whether somebody else's rules can refuse what a board takes. */
  readonly hasForeignRules: boolean;
  #sequence: number;
  #epoch: string;
  #vacuums = 0;

  constructor(driver: Driver, report: Report) {
    this.#driver = driver;
    this.#report = report;
    const [sequence, epoch] = this.#driver.first(sql.readState) ?? [];
    if (typeof sequence !== 'number' || typeof epoch !== 'string') {
      throw new CorruptError('Cannot open the board: its epoch and sequence are missing');
    }
    this.#sequence = sequence;
    this.#epoch = epoch;
    this.hasForeignRules = this.#driver.first(sql.findForeignRule) !== undefined;
  }

  get epoch(): string {
    return this.#epoch;
  }

  get sequence(): number {
    return this.#sequence;
  }

  hasArtifact(id: string): boolean {
    return this.#driver.first(sql.findId(id)) !== undefined;
  }

  hasTypeName(name: string): boolean {
    return this.#driver.first(sql.findTypeName(name)) !== undefined;
  }

  /** Whether an artifact on the board has exactly this type name, beside those with the ids. */
  hasTypeBeside(name: string, ids: ReadonlyMap<string, unknown>): boolean {
    for (const [id] of this.#driver.each(sql.listIdsOfType(name))) if (!ids.has(String(id))) return true;
    return false;
  }

  hasConsumption(consumption: StoredConsumption): boolean {
    return this.#driver.first(sql.findConsumption(consumption)) !== undefined;
  }

  countBefore(instant: number): number {
    return this.#count(sql.countBefore(instant));
  }

  apply(facts: readonly Fact[], notes: RecordNotes = {}): void {
    const { epoch = this.#epoch, receipts = [] } = notes;
    const sequence = this.#driver.transaction(() => {
      const last = facts.reduce((sequence, fact) => this.#applyOne(fact) ?? sequence, this.#sequence);
      if (last !== this.#sequence || epoch !== this.#epoch) this.#driver.run(sql.writeState(epoch, last));
      for (const { writer, call } of receipts) this.#driver.run(sql.putReceipt(writer, call));
      return last;
    });
    this.#sequence = sequence;
    this.#epoch = epoch;
  }

  /** Throws what applying the facts would throw, and leaves the board as it is. */
  rehearse(facts: readonly Fact[]): void {
    const over = new Error('the rehearsal is over');
    try {
      this.#driver.transaction(() => {
        for (const fact of facts) this.#applyOne(fact);
        throw over;
      });
    } catch (error) {
      if (error !== over) throw error;
    }
  }

  /** The last call of a store that is known to have ended. */
  lastCall(writer: string): number {
    return this.#count(sql.getReceipt(writer));
  }

  /** Whether a call has ended, whoever carried it out. */
  isOver({ writer, call }: Receipt): boolean {
    return call <= this.lastCall(writer);
  }

  /** Returns the number that the fact took, if any. */
  #applyOne(fact: Fact): number | undefined {
    switch (fact.kind) {
      case 'artifact':
        this.#driver.run(sql.putArtifact(fact.artifact));
        for (const tag of fact.artifact.tags) this.#driver.run(sql.putTag(tag, fact.artifact));
        return fact.artifact.sequence;
      case 'consumption':
        this.#driver.run(sql.putConsumption(fact.consumption, fact.sequence));
        return fact.sequence;
      case 'agent':
        this.#driver.run(sql.putAgent(fact.snapshot));
        return fact.sequence;
      case 'agents-cleared':
        this.#driver.run(sql.clearAgents);
        return undefined;
      case 'deletion':
        this.#driver.run(sql.deleteConsumptionsBefore(fact.before));
        this.#driver.run(sql.deleteArtifactsBefore(fact.before));
        return fact.sequence;
    }
  }

  get(id: string): StoredArtifact | null {
    const row = this.#driver.first(sql.getArtifact(id));
    return row === undefined ? null : readArtifact(row);
  }

  page(selection: Selection, window: Window): Matches {
    if (isEmpty(selection)) return { artifacts: [], unreadable: [], more: false, total: window.counted ? 0 : null };
    return selection.ids === undefined ? this.#walk(selection, window) : this.#lookUp(selection, window);
  }

  /** A page along an index; rows that cannot be read do not count, so that the page is as full as it can be. */
  #walk(selection: Selection, window: Window): Matches {
    const total = window.counted ? this.#count(countStatement(selection)) : null;
    const read = new Reading();
    let more = false;
    for (const row of this.#driver.each(pageStatement(selection, window))) {
      more = read.artifacts.length === window.limit;
      if (more) break;
      read.add(row);
    }
    return { artifacts: read.artifacts, unreadable: read.unreadable, more, total };
  }

  /** A page of what is asked for by id: the places of all are sorted here, and only the page's rows are read. */
  #lookUp(selection: Selection, { limit, offset, order, counted, after }: Window): Matches {
    const direction = order === 'asc' ? 1 : -1;
    const start = after && storedPosition(after);
    const all = this.#driver
      .all(placesStatement(selection))
      .map(([createdAt, id]) => ({ createdAt: String(createdAt), id: String(id) }));
    const places = all
      .filter((place) => start === null || comparePlaces(place, start) * direction > 0)
      .sort((a, b) => comparePlaces(a, b) * direction)
      .slice(offset);
    const read = new Reading();
    let taken = 0;
    while (taken < places.length && read.artifacts.length < limit) {
      const ids = places.slice(taken, taken + limit - read.artifacts.length).map(({ id }) => id);
      const rows = new Map(this.#driver.all(rowsStatement(ids)).map((row) => [row[0], row]));
      for (const id of ids) read.add(rows.get(id) ?? []);
      taken += ids.length;
    }
    return {
      artifacts: read.artifacts,
      unreadable: read.unreadable,
      more: taken < places.length,
      total: counted ? all.length : null,
    };
  }

  consumptionsOf(ids: readonly string[]): Map<string, StoredConsumption[]> {
    const found = new Map<string, StoredConsumption[]>();
    if (ids.length === 0) return found;
    for (const consumption of this.#readable(sql.consumptionsOf(ids), readConsumption)) {
      const list = found.get(consumption.artifactId);
      if (list === undefined) found.set(consumption.artifactId, [consumption]);
      else list.push(consumption);
    }
    for (const list of found.values()) list.sort(compareConsumptions);
    return found;
  }

  counts(selection: Selection): Counts {
    const by = (value: 'type' | 'producer' | 'visibility' | 'tag') =>
      this.#countsBy(countsStatement(selection, value), selection);
    const [total, earliest, latest] =
      (isEmpty(selection) ? undefined : this.#driver.first(totalsStatement(selection))) ?? [];
    return {
      total: Number(total ?? 0),
      byType: by('type'),
      byProducer: by('producer'),
      byVisibility: by('visibility'),
      byTag: by('tag'),
      earliest: instantOf(earliest),
      latest: instantOf(latest),
    };
  }

  producedBy(agent: string, selection: Selection): Map<string, number> {
    if (selection.producedBy?.includes(agent) === false) return new Map();
    const ofAgent = { ...selection, producedBy: [agent] };
    return this.#countsBy(countsStatement(ofAgent, 'type'), ofAgent);
  }

  consumedBy(agent: string, selection: Selection): Map<string, number> {
    return this.#countsBy(consumedStatement(agent, selection), selection);
  }

  hasAgents(): boolean {
    return this.#driver.first(sql.findAgent) !== undefined;
  }

  agents(): StoredAgentSnapshot[] {
    return this.#readable(sql.listAgents, readAgent);
  }

  vacuum(): void {
    this.#driver.script('VACUUM');
    this.#vacuums++;
  }

  /** How often space was given back since the board was built. */
  get vacuums(): number {
    return this.#vacuums;
  }

  /** The statements that a page is made of, each with SQLite's plan for it. */
  explain(selection: Selection, window: Window): StatementPlan[] {
    const statements = isEmpty(selection) ? [] : pageStatements(selection, window);
    return statements.map((statement) => ({
      text: statement.text,
      plan: this.#driver
        .all({ ...statement, text: `EXPLAIN QUERY PLAN ${statement.text}` })
        .map((row) => String(row[3])),
    }));
  }

  /** Artifacts that were published or replaced after a sequence, in that order. */
  publishedSince(sequence: number, limit: number): StoredArtifact[] {
    return this.#readable(sql.publishedSince(sequence, limit), readArtifact);
  }

  indexes(): IndexDescription[] {
    return this.#driver.all(sql.listIndexes).map(([name, table, isUnique, isPartial, columns, definition]) => ({
      name: String(name),
      table: String(table),
      columns: (JSON.parse(String(columns)) as unknown[]).map(String),
      isUnique: isUnique === 1,
      isPartial: isPartial === 1,
      definition: typeof definition === 'string' ? definition : null,
    }));
  }

  size(): { artifacts: number; consumptions: number; agents: number; bytes: number } {
    const [artifacts, consumptions, agents] = (this.#driver.first(sql.countRows) ?? []).map(Number);
    return {
      artifacts: artifacts ?? 0,
      consumptions: consumptions ?? 0,
      agents: agents ?? 0,
      bytes: this.#count(sql.countPages),
    };
  }

  #count(statement: Statement): number {
    return Number(this.#driver.first(statement)?.[0] ?? 0);
  }

  #countsBy(statement: Statement, selection: Selection): Map<string, number> {
    if (isEmpty(selection)) return new Map();
    return new Map(this.#driver.all(statement).map(readCount));
  }

  #readable<T>(statement: Statement, read: (row: Row) => T): T[] {
    return this.#driver.all(statement).flatMap((row) => {
      try {
        return [read(row)];
      } catch (error) {
        if (!(error instanceof CorruptError)) throw error;
        this.#report(error);
        return [];
      }
    });
  }
}

/** Rows of a page, as far as they can be read. */
class Reading {
  readonly artifacts: StoredArtifact[] = [];
  readonly unreadable: CorruptError[] = [];

  add(row: Row): void {
    try {
      this.artifacts.push(readArtifact(row));
    } catch (error) {
      if (!(error instanceof CorruptError)) throw error;
      this.unreadable.push(error);
    }
  }
}

/** Both texts are ASCII where they can be read. */
function comparePlaces(a: StoredPosition, b: StoredPosition): number {
  if (a.createdAt !== b.createdAt) return a.createdAt < b.createdAt ? -1 : 1;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

function instantOf(cell: SqlValue | undefined): number | null {
  return typeof cell === 'string' ? (parseInstant(cell)?.ms ?? null) : null;
}
