import type { SnapshotMark } from 'boardlite/sqlite';

type Value = string | number | Uint8Array;

/** The part of a Durable Object's storage that is used here: https://developers.cloudflare.com/durable-objects/api/ */
export interface ObjectStorage {
  readonly sql: { exec(query: string, ...values: Value[]): { toArray(): Record<string, unknown>[] } };
  transactionSync<T>(work: () => T): T;
  sync(): Promise<void>;
}

/** A row holds up to 2 MB. */
const PIECE_SIZE = 1_000_000;

/** Kept as the pieces of records are, under a number that no record has. */
const SNAPSHOT = 0;

const TABLES = [
  'CREATE TABLE IF NOT EXISTS boardlite_mark (board TEXT PRIMARY KEY, mark TEXT NOT NULL)',
  `CREATE TABLE IF NOT EXISTS boardlite_piece
   (board TEXT, number INTEGER, part INTEGER, bytes BLOB NOT NULL, PRIMARY KEY (board, number, part))`,
];

/** One board in the rows of a Durable Object's database. */
export class ObjectRows {
  readonly #sql: ObjectStorage['sql'];
  readonly #board: string;

  constructor(storage: ObjectStorage, board: string) {
    this.#sql = storage.sql;
    this.#board = board;
  }

  mark(): SnapshotMark | null {
    if (this.#all("SELECT 1 FROM sqlite_master WHERE name = 'boardlite_mark'").length === 0) return null;
    const [row] = this.#all('SELECT mark FROM boardlite_mark WHERE board = ?', this.#board);
    return row === undefined ? null : (JSON.parse(String(row['mark'])) as SnapshotMark);
  }

  snapshot(): Uint8Array<ArrayBuffer> {
    return this.#from(SNAPSHOT, SNAPSHOT)[0] ?? new Uint8Array();
  }

  recordsFrom(number: number): Uint8Array<ArrayBuffer>[] {
    return this.#from(number, Number.MAX_SAFE_INTEGER);
  }

  /** Null when there is no snapshot yet that a record could follow. */
  nextNumber(): number | null {
    const mark = this.mark();
    if (mark === null) return null;
    const [row] = this.#all('SELECT max(number) AS last FROM boardlite_piece WHERE board = ?', this.#board);
    return Math.max(mark.number, Number(row?.['last'])) + 1;
  }

  /** Puts a snapshot in place of the last one and of the records that it holds. */
  replace(mark: SnapshotMark, bytes: Uint8Array): void {
    for (const table of TABLES) this.#all(table);
    this.#all('DELETE FROM boardlite_piece WHERE board = ? AND number <= ?', this.#board, mark.number);
    this.#all('INSERT OR REPLACE INTO boardlite_mark VALUES (?, ?)', this.#board, JSON.stringify(mark));
    this.put(SNAPSHOT, bytes);
  }

  put(number: number, bytes: Uint8Array): void {
    for (let part = 0; part === 0 || part * PIECE_SIZE < bytes.length; part++) {
      const piece = bytes.slice(part * PIECE_SIZE, (part + 1) * PIECE_SIZE);
      this.#all('INSERT INTO boardlite_piece VALUES (?, ?, ?, ?)', this.#board, number, part, piece);
    }
  }

  #from(first: number, last: number): Uint8Array<ArrayBuffer>[] {
    const pieces = new Map<unknown, ArrayBuffer[]>();
    const query =
      'SELECT number, bytes FROM boardlite_piece WHERE board = ? AND number BETWEEN ? AND ? ORDER BY number, part';
    for (const { number, bytes } of this.#all(query, this.#board, first, last)) {
      if (!(bytes instanceof ArrayBuffer)) throw new TypeError('there are no bytes in a row of bytes');
      const list = pieces.get(number);
      if (list === undefined) pieces.set(number, [bytes]);
      else list.push(bytes);
    }
    return [...pieces.values()].map(joined);
  }

  #all(query: string, ...values: Value[]): Record<string, unknown>[] {
    return this.#sql.exec(query, ...values).toArray();
  }
}

function joined(pieces: readonly ArrayBuffer[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(pieces.reduce((size, piece) => size + piece.byteLength, 0));
  let end = 0;
  for (const piece of pieces) {
    bytes.set(new Uint8Array(piece), end);
    end += piece.byteLength;
  }
  return bytes;
}
