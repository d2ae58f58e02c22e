import { PGlite, type Queries } from '@electric-sql/pglite';
import type { Entry, Question } from '../boards.ts';
import type { Contestant, Session } from '../contestant.ts';

const SCHEMA = `CREATE TABLE artifacts (
    artifact_id TEXT PRIMARY KEY, type TEXT NOT NULL, produced_by TEXT NOT NULL, payload TEXT NOT NULL,
    correlation_id TEXT, tags TEXT[] NOT NULL, created_at BIGINT NOT NULL);
  CREATE INDEX ON artifacts (type, created_at, artifact_id);
  CREATE INDEX ON artifacts (produced_by, created_at, artifact_id);
  CREATE INDEX ON artifacts (correlation_id, created_at, artifact_id);
  CREATE INDEX ON artifacts USING gin (tags)`;
const PUT = `INSERT INTO artifacts VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (artifact_id) DO UPDATE SET
  type = excluded.type, produced_by = excluded.produced_by, payload = excluded.payload,
  correlation_id = excluded.correlation_id, tags = excluded.tags, created_at = excluded.created_at`;
const BY = 'FROM artifacts WHERE type = $1 AND created_at >= $2 AND';

/** PostgreSQL in WebAssembly, in memory. */
export const pglite: Contestant = {
  name: 'PGlite memory',
  most: 10_000,
  open: async () => PgliteSession.open(),
};

export class PgliteSession implements Session {
  readonly #database: PGlite;

  private constructor(database: PGlite) {
    this.#database = database;
  }

  static async open(...place: string[]): Promise<PgliteSession> {
    const database = await PGlite.create(...place);
    await database.exec(SCHEMA);
    return new PgliteSession(database);
  }

  load(entries: readonly Entry[]): Promise<void> {
    return this.publishMany(entries);
  }

  publish(entry: Entry): Promise<unknown> {
    return put(this.#database, entry);
  }

  publishMany(entries: readonly Entry[]): Promise<void> {
    return this.#database.transaction(async (transaction) => {
      for (const entry of entries) await put(transaction, entry);
    });
  }

  get(id: string): Promise<number> {
    return this.#read('SELECT * FROM artifacts WHERE artifact_id = $1', [id]);
  }

  list(type: string): Promise<number> {
    return this.#read('SELECT * FROM artifacts WHERE type = $1 ORDER BY created_at, artifact_id', [type]);
  }

  async query({ type, producedBy, tag, start }: Question): Promise<number> {
    const [rest, values] =
      tag === undefined ? ['produced_by = $3', [type, start, producedBy]] : ['tags @> $3', [type, start, [tag]]];
    const found = await this.#read(`SELECT * ${BY} ${rest} ORDER BY created_at, artifact_id LIMIT 50`, values);
    const { rows } = await this.#database.query(`SELECT count(*) AS total ${BY} ${rest}`, values);
    return found + Number((rows[0] as { total: unknown }).total);
  }

  async #read(text: string, values: readonly unknown[]): Promise<number> {
    const { rows } = await this.#database.query(text, values);
    return rows.map((row) => JSON.parse((row as { payload: string }).payload) as unknown).length;
  }

  close(): Promise<void> {
    return this.#database.close();
  }
}

function put(queries: Queries, { id, type, producedBy, payload, correlationId, tags, createdAt }: Entry) {
  return queries.query(PUT, [id, type, producedBy, JSON.stringify(payload), correlationId, tags, createdAt]);
}
