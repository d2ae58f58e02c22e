import {
  BlackboardError,
  ClosedError,
  CorruptError,
  NotABoardError,
  StorageLostError,
  UnsupportedError,
} from '../core/errors.ts';
import type { Driver, Row, Statement } from '../sql/driver.ts';
import type { Database, PreparedStatement, SqlJs } from './load-engine.ts';

/**
 * The database is in memory, so inside SQLite durability costs nothing and must not be paid for; nobody else can lock it.
 * https://sqlite.org/pragma.html
 */
const PRAGMAS =
  'PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE; PRAGMA temp_store = MEMORY;';

const KEPT_STATEMENTS = 200;

/** SQLite on sql.js: one database in the memory of the process. */
export class SqlJsDriver implements Driver {
  readonly #database: Database;
  /** Oldest use first. */
  readonly #statements = new Map<string, PreparedStatement>();
  #isClosed = false;

  /** @param bytes a database to start from; the driver works on a copy */
  constructor(engine: SqlJs, bytes?: Uint8Array) {
    this.#database = new engine.Database(bytes && withoutWal(bytes));
    try {
      this.script(PRAGMAS);
    } catch (error) {
      // A database that is not closed keeps its memory.
      this.#database.close();
      throw error;
    }
  }

  all(statement: Statement): Row[] {
    return this.#answer(statement, (prepared) => {
      const rows: Row[] = [];
      while (prepared.step()) rows.push(prepared.get());
      return rows;
    });
  }

  first(statement: Statement): Row | undefined {
    return this.#answer(statement, (prepared) => (prepared.step() ? prepared.get() : undefined));
  }

  *each({ text, values }: Statement): Generator<Row> {
    const prepared = this.#prepare(text);
    const step = () => prepared.step();
    try {
      this.#attempt(text, () => prepared.bind(values));
      while (this.#attempt(text, step)) yield prepared.get();
    } finally {
      prepared.reset();
    }
  }

  run(statement: Statement): number {
    this.#answer(statement, (prepared) => prepared.step());
    return this.#database.getRowsModified();
  }

  script(text: string): void {
    this.#attempt(text, () => this.#database.exec(text));
  }

  transaction<T>(steps: () => T): T {
    this.run({ text: 'BEGIN', values: [] });
    try {
      const result = steps();
      this.run({ text: 'COMMIT', values: [] });
      return result;
    } catch (error) {
      this.#rollBack();
      throw error;
    }
  }

  #rollBack(): void {
    try {
      this.run({ text: 'ROLLBACK', values: [] });
    } catch {
      // Some failures, a full memory among them, end the transaction by themselves.
    }
  }

  /** The database as a file would hold it. @throws UnsupportedError inside a transaction */
  exportBytes(): Uint8Array {
    return this.#attempt('export', () => this.#database.export());
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const statement of this.#statements.values()) statement.free();
    this.#statements.clear();
    this.#database.close();
  }

  #answer<T>({ text, values }: Statement, read: (prepared: PreparedStatement) => T): T {
    const prepared = this.#prepare(text);
    try {
      return this.#attempt(text, () => {
        prepared.bind(values);
        return read(prepared);
      });
    } finally {
      prepared.reset();
    }
  }

  #prepare(text: string): PreparedStatement {
    const known = this.#statements.get(text);
    const statement = known ?? this.#attempt(text, () => this.#database.prepare(text));
    this.#statements.delete(text);
    this.#statements.set(text, statement);
    if (this.#statements.size > KEPT_STATEMENTS) this.#forgetOldest();
    return statement;
  }

  #forgetOldest(): void {
    for (const [text, statement] of this.#statements) {
      statement.free();
      this.#statements.delete(text);
      return;
    }
  }

  #attempt<T>(text: string, action: () => T): T {
    if (this.#isClosed) throw new ClosedError('Cannot use the database: it is closed');
    try {
      return action();
    } catch (error) {
      throw failure(text, error);
    }
  }
}

/** The engine throws errors without codes, and strings: what happened is in their words. */
function failure(text: string, error: unknown): BlackboardError {
  if (error instanceof BlackboardError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const problem = `Cannot run SQL ${JSON.stringify(text.slice(0, 80))}: ${message}`;
  if (message.includes('not a database'))
    return new NotABoardError('Cannot open the board: it is not a SQLite database', { cause: error });
  if (/malformed|corrupt/.test(message)) return new CorruptError(problem, { cause: error });
  if (/out of memory|database or disk is full|too big/.test(message))
    return new StorageLostError(problem, { cause: error });
  return new UnsupportedError(problem, { cause: error });
}

const WAL_VERSION_OFFSETS = [18, 19];

/** A database in WAL mode whose WAL is folded in is a plain one but for two bytes: https://sqlite.org/fileformat2.html */
function withoutWal(bytes: Uint8Array): Uint8Array {
  if (!WAL_VERSION_OFFSETS.some((offset) => bytes[offset] === 2)) return bytes;
  const plain = bytes.slice();
  for (const offset of WAL_VERSION_OFFSETS) plain[offset] = 1;
  return plain;
}
