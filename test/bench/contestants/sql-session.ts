import type { Consumption, Entry, Question } from '../boards.ts';
import type { Session } from '../contestant.ts';

/** One engine, as near to it as its own interface lets. */
export interface Engine {
  exec(text: string): unknown;
  prepare(text: string): Prepared;
  close(): unknown;
}

export interface Prepared {
  run(values: readonly unknown[]): unknown;
  rows(values: readonly unknown[]): readonly (readonly unknown[])[];
}

const COLUMNS =
  'artifact_id, canonical_type, payload, produced_by, correlation_id, partition_key, tags, visibility, created_at, version, sequence';
const CELLS = COLUMNS.split(', ')
  .map((column) => `a.${column}`)
  .join(', ');
const UPDATES = COLUMNS.split(', ')
  .slice(1)
  .map((column) => `${column} = excluded.${column}`)
  .join(', ');
const PUT = `INSERT INTO artifacts (${COLUMNS}, type) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (artifact_id) DO UPDATE SET ${UPDATES}, type = excluded.type`;
const BY_PRODUCER = `FROM artifacts AS a INDEXED BY artifacts_by_type
  WHERE a.canonical_type = ? AND a.produced_by = ? AND a.created_at >= ?`;
const BY_TAG = `FROM artifact_tags AS t CROSS JOIN artifacts AS a ON a.artifact_id = t.artifact_id
  WHERE t.tag = ? AND a.canonical_type = ? AND t.created_at >= ?`;

export const timeText = (ms: number) => `${new Date(ms).toISOString().slice(0, 23)}000+00:00`;

/** The prepared statements of a board, in a loop: what a program would do that needs nothing else. */
export class SqlSession implements Session {
  readonly #engine: Engine;
  readonly #statements = new Map<string, Prepared>();
  readonly #put: Prepared;
  readonly #putTag: Prepared;
  readonly #get: Prepared;
  readonly #begin: Prepared;
  readonly #commit: Prepared;
  #sequence = 0;

  /** @param engine on a database that has the tables and indexes of a board */
  constructor(engine: Engine) {
    this.#engine = engine;
    this.#put = engine.prepare(PUT);
    this.#putTag = engine.prepare(
      'INSERT OR IGNORE INTO artifact_tags (tag, created_at, artifact_id) VALUES (?, ?, ?)',
    );
    this.#get = engine.prepare(`SELECT ${CELLS} FROM artifacts AS a WHERE a.artifact_id = ?`);
    this.#begin = engine.prepare('BEGIN');
    this.#commit = engine.prepare('COMMIT');
  }

  load(entries: readonly Entry[]): void {
    this.publishMany(entries);
  }

  consume(records: readonly Consumption[]): void {
    const statement = this.#prepared(
      'INSERT INTO artifact_consumptions (artifact_id, consumer, run_id, correlation_id, consumed_at, sequence) VALUES (?, ?, ?, NULL, ?, ?)',
    );
    this.#begin.run([]);
    for (const { artifactId, consumer, runId, consumedAt } of records)
      statement.run([artifactId, consumer, runId, timeText(consumedAt), ++this.#sequence]);
    this.#commit.run([]);
  }

  publish(entry: Entry): void {
    this.#begin.run([]);
    this.#insert(entry);
    this.#commit.run([]);
  }

  publishMany(entries: readonly Entry[]): void {
    this.#begin.run([]);
    for (const entry of entries) this.#insert(entry);
    this.#commit.run([]);
  }

  #insert({ id, type, payload, producedBy, correlationId, tags, createdAt }: Entry): void {
    const time = timeText(createdAt);
    const [payloadText, tagsText] = [JSON.stringify(payload), JSON.stringify(tags)];
    const [visibility, sequence] = ['{"kind":"Public"}', ++this.#sequence];
    this.#put.run([
      ...[id, type, payloadText, producedBy, correlationId, null, tagsText, visibility, time, 1, sequence, type],
    ]);
    for (const tag of tags) this.#putTag.run([tag, time, id]);
  }

  get(id: string): number {
    return this.#get.rows([id]).map(read).length;
  }

  list(type: string): number {
    const text = `SELECT ${CELLS} FROM artifacts AS a WHERE a.canonical_type = ? ORDER BY a.created_at, a.artifact_id`;
    return this.#prepared(text).rows([type]).map(read).length;
  }

  query({ type, producedBy, tag, start }: Question): number {
    const [from, values] =
      tag === undefined ? [BY_PRODUCER, [type, producedBy, timeText(start)]] : [BY_TAG, [tag, type, timeText(start)]];
    const order = tag === undefined ? 'a.created_at, a.artifact_id' : 't.created_at, t.artifact_id';
    const page = this.#prepared(`SELECT ${CELLS} ${from} ORDER BY ${order} LIMIT 50`).rows(values).map(read);
    const [total] = this.#prepared(`SELECT count(*) ${from}`).rows(values);
    return page.length + Number(total?.[0]);
  }

  walk(pageSize: number, pages: number): number {
    const statement = this.#prepared(
      `SELECT ${CELLS} FROM artifacts AS a WHERE (a.created_at, a.artifact_id) > (?, ?)
        ORDER BY a.created_at, a.artifact_id LIMIT ${String(pageSize)}`,
    );
    let [found, last] = [0, ['', '']];
    for (let page = 0; page < pages; page++) {
      const rows = statement.rows(last);
      rows.map(read);
      found += rows.length;
      last = [String(rows.at(-1)?.[8]), String(rows.at(-1)?.[0])];
    }
    return found;
  }

  summary(): number {
    for (const column of ['canonical_type', 'produced_by', `visibility ->> '$.kind'`])
      this.#prepared(`SELECT ${column}, count(*) FROM artifacts GROUP BY 1`).rows([]);
    this.#prepared('SELECT tag, count(*) FROM artifact_tags GROUP BY 1').rows([]);
    const [totals] = this.#prepared('SELECT count(*), min(created_at), max(created_at) FROM artifacts').rows([]);
    return Number(totals?.[0]);
  }

  history(agent: string): number {
    const produced = this.#prepared(
      'SELECT canonical_type, count(*) FROM artifacts WHERE produced_by = ? GROUP BY 1',
    ).rows([agent]);
    const consumed = this.#prepared(
      `SELECT a.canonical_type, count(*) FROM artifact_consumptions AS c CROSS JOIN artifacts AS a
        ON a.artifact_id = c.artifact_id WHERE c.consumer = ? GROUP BY 1`,
    ).rows([agent]);
    return [...produced, ...consumed].reduce((sum, [, count]) => sum + Number(count), 0);
  }

  checkpoint?(): unknown;
  reopen?(): Promise<unknown>;

  close(): void {
    this.#engine.close();
  }

  #prepared(text: string): Prepared {
    const statement = this.#statements.get(text) ?? this.#engine.prepare(text);
    this.#statements.set(text, statement);
    return statement;
  }
}

function read(row: readonly unknown[]) {
  const [id, type, payload, producedBy, correlationId, partitionKey, tags, visibility, createdAt, version, sequence] =
    row;
  return {
    ...{ id, type, producedBy, correlationId, partitionKey, version, sequence },
    payload: JSON.parse(String(payload)) as unknown,
    tags: JSON.parse(String(tags)) as unknown,
    visibility: JSON.parse(String(visibility)) as unknown,
    createdAt: new Date(String(createdAt)),
  };
}
