import { beforeEach, describe, expect, it } from 'vitest';
import type { SqlValue } from '../../src/sql/driver.ts';
import { loadEngine, type SqlJs } from '../../src/sqlite/load-engine.ts';
import { SqlJsDriver } from '../../src/sqlite/sqljs-driver.ts';

let engine: SqlJs;
let driver: SqlJsDriver;
beforeEach(async () => {
  engine = await loadEngine();
  driver = new SqlJsDriver(engine);
  driver.script('CREATE TABLE t (a, b)');
});

function sql(text: string, ...values: SqlValue[]) {
  return { text, values };
}

function insert(...rows: SqlValue[][]): void {
  for (const values of rows) driver.run({ text: 'INSERT INTO t VALUES (?, ?)', values });
}

function failureOf(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  throw new Error('it succeeded');
}

describe('statements', () => {
  it('bind and read every kind of value as it is', () => {
    const values = ['text', '', 'a\0b', '😀', 1, -1.5, 2 ** 31, 2 ** 53, null, Uint8Array.of(0, 255)];
    for (const value of values) insert([value, null]);
    expect(driver.all(sql('SELECT a FROM t')).map(([cell]) => cell)).toEqual(values);
  });

  it('say how many rows they changed', () => {
    insert([1, 1], [2, 1], [3, 2]);
    expect(driver.run(sql('UPDATE t SET a = 0 WHERE b = ?', 1))).toBe(2);
    expect(driver.run(sql('DELETE FROM t WHERE b = ?', 9))).toBe(0);
  });

  it('take new values each time, none of them left from before', () => {
    insert([1, 2]);
    expect(driver.all(sql('SELECT ?, ?', 'x', 'y'))).toEqual([['x', 'y']]);
    expect(driver.all(sql('SELECT ?, ?'))).toEqual([[null, null]]);
  });

  it('go on after one that failed', () => {
    driver.script('CREATE UNIQUE INDEX u ON t (a)');
    insert([1, 1]);
    expect(() => {
      insert([1, 2]);
    }).toThrow(/UNIQUE/);
    insert([2, 2]);
    expect(driver.all(sql('SELECT a FROM t ORDER BY a'))).toEqual([[1], [2]]);
  });

  it('are kept, and more of them than are kept work as well', () => {
    const read = () => Array.from({ length: 500 }, (_, i) => driver.all(sql(`SELECT ${String(i)}`))[0]?.[0]);
    const expected = Array.from({ length: 500 }, (_, i) => i);
    expect([read(), read()]).toEqual([expected, expected]);
  });

  it('follow a change of the tables', () => {
    insert([1, 2]);
    expect(driver.all(sql('SELECT * FROM t'))).toEqual([[1, 2]]);
    driver.script('ALTER TABLE t ADD COLUMN c DEFAULT 3');
    expect(driver.all(sql('SELECT * FROM t'))).toEqual([[1, 2, 3]]);
  });
});

describe('rows read one by one', () => {
  it('come as they are asked for', () => {
    insert([1, null], [2, null]);
    const rows = driver.each(sql('SELECT a FROM t'))[Symbol.iterator]();
    expect(rows.next().value).toEqual([1]);
    expect(driver.all(sql('SELECT count(*) FROM t'))).toEqual([[2]]);
    expect(rows.next().value).toEqual([2]);
    expect(rows.next().done).toBe(true);
  });

  it('leave nothing open when the reading stops early', () => {
    insert([1, null], [2, null]);
    for (const row of driver.each(sql('SELECT a FROM t'))) {
      expect(row).toEqual([1]);
      break;
    }
    driver.script('DROP TABLE t');
    expect(driver.all(sql('SELECT name FROM sqlite_master'))).toEqual([]);
  });

  it('leave nothing open when the reader throws', () => {
    insert([1, null], [2, null]);
    expect(() => {
      for (const row of driver.each(sql('SELECT a FROM t'))) throw new Error(`stopped at ${String(row[0])}`);
    }).toThrow('stopped at 1');
    driver.script('VACUUM');
  });
});

describe('a transaction', () => {
  it('keeps all of its steps and returns what they return', () => {
    expect(
      driver.transaction(() => {
        insert([1, 1], [2, 2]);
        return 'done';
      }),
    ).toBe('done');
    expect(driver.all(sql('SELECT count(*) FROM t'))).toEqual([[2]]);
  });

  it('keeps none of them when one throws, and throws the same', () => {
    insert([0, 0]);
    const reason = new Error('stop');
    const failing = () =>
      driver.transaction(() => {
        insert([1, 1]);
        driver.script('CREATE TABLE more (x)');
        throw reason;
      });
    expect(failureOf(failing)).toBe(reason);
    expect(driver.all(sql('SELECT a FROM t'))).toEqual([[0]]);
    expect(driver.all(sql('SELECT name FROM sqlite_master'))).toEqual([['t']]);
    driver.transaction(() => {
      insert([2, 2]);
    });
    expect(driver.all(sql('SELECT a FROM t'))).toEqual([[0], [2]]);
  });

  it('says what went wrong when the failure had already ended it', () => {
    driver.script(`CREATE TRIGGER stop BEFORE INSERT ON t BEGIN SELECT RAISE(ROLLBACK, 'ended'); END`);
    const failing = () =>
      driver.transaction(() => {
        insert([1, 1]);
      });
    expect(failing).toThrow(/ended/);
    driver.script('DROP TRIGGER stop');
    driver.transaction(() => {
      insert([2, 2]);
    });
    expect(driver.all(sql('SELECT a FROM t'))).toEqual([[2]]);
  });
});

describe('the bytes of a database', () => {
  it('hold all of it', () => {
    insert([1, 'x']);
    const copy = new SqlJsDriver(engine, driver.exportBytes());
    expect(copy.all(sql('SELECT * FROM t'))).toEqual([[1, 'x']]);
  });

  it('are an ordinary database, also before anything was written', () => {
    const bytes = new SqlJsDriver(engine).exportBytes();
    expect(new TextDecoder().decode(bytes.subarray(0, 15))).toBe('SQLite format 3');
    expect(new SqlJsDriver(engine, bytes).all(sql('PRAGMA integrity_check'))).toEqual([['ok']]);
  });

  it('stay as they are when the database goes on', () => {
    insert([1, 'x']);
    const bytes = driver.exportBytes();
    const copy = bytes.slice();
    insert(...Array.from({ length: 1000 }, (_, i) => [i, 'y'.repeat(100)]));
    driver.exportBytes();
    expect(bytes).toEqual(copy);
  });

  it('are not touched by the database that starts from them', () => {
    insert([1, 'x']);
    const bytes = driver.exportBytes();
    const copy = bytes.slice();
    const other = new SqlJsDriver(engine, bytes);
    other.run(sql('DELETE FROM t'));
    expect(bytes).toEqual(copy);
  });

  it('can be taken while statements are kept and rows are being read, and pragmas stay', () => {
    insert([1, 1], [2, 2]);
    const rows = driver.each(sql('SELECT a FROM t'))[Symbol.iterator]();
    expect(rows.next().value).toEqual([1]);
    driver.exportBytes();
    expect(rows.next().value).toEqual([2]);
    insert([3, 3]);
    expect(driver.all(sql('PRAGMA journal_mode'))).toEqual([['memory']]);
    expect(driver.all(sql('PRAGMA synchronous'))).toEqual([[0]]);
    expect(driver.all(sql('PRAGMA locking_mode'))).toEqual([['exclusive']]);
    expect(driver.all(sql('PRAGMA temp_store'))).toEqual([[2]]);
  });

  it('cannot be taken in the middle of a transaction, which goes on', () => {
    driver.transaction(() => {
      insert([1, 1]);
      expect(failureOf(() => driver.exportBytes())).toMatchObject({ code: 'unsupported' });
    });
    expect(driver.all(sql('SELECT count(*) FROM t'))).toEqual([[1]]);
  });

  it('may say that there is a WAL, as files of the original do', () => {
    insert([1, 'x']);
    const bytes = driver.exportBytes();
    bytes.set([2, 2], 18);
    const copy = bytes.slice();
    const other = new SqlJsDriver(engine, bytes);
    expect(other.all(sql('SELECT * FROM t'))).toEqual([[1, 'x']]);
    other.run(sql('DELETE FROM t'));
    expect(other.exportBytes().slice(18, 20)).toEqual(Uint8Array.of(1, 1));
    expect(bytes).toEqual(copy);
  });
});

describe('a failure has a code, says what failed and keeps the cause', () => {
  it.each<[string, () => unknown, string, RegExp]>([
    [
      'bytes that are no database',
      () => new SqlJsDriver(engine, new TextEncoder().encode('x'.repeat(5000))),
      'not-a-board',
      /not a SQLite database/,
    ],
    [
      'a database cut short',
      () => new SqlJsDriver(engine, boardBytes().subarray(0, 6000)).all(sql('SELECT * FROM t')),
      'corrupt',
      /malformed/,
    ],
    [
      'a constraint',
      () => driver.script('CREATE TABLE u (x NOT NULL); INSERT INTO u VALUES (NULL)'),
      'unsupported',
      /NOT NULL/,
    ],
    [
      'text that is no SQL',
      () => driver.all(sql('SELEKT 1')),
      'unsupported',
      /"SELEKT 1": near "SELEKT": syntax error/,
    ],
    ['more values than places', () => driver.all(sql('SELECT ?', 1, 2)), 'unsupported', /column index out of range/],
    ['more text than SQLite holds', () => driver.all(sql('SELECT zeroblob(1000000001)')), 'storage-lost', /too big/],
  ])('%s', (_, action, code, message) => {
    const error = failureOf(action);
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) as string });
    expect(error).toHaveProperty('cause');
  });

  it('use after closing, and closing twice is no failure', () => {
    driver.close();
    driver.close();
    expect(failureOf(() => driver.all(sql('SELECT 1')))).toMatchObject({ code: 'closed' });
    expect(failureOf(() => driver.run(sql('DELETE FROM t')))).toMatchObject({ code: 'closed' });
    expect(failureOf(() => driver.script('DELETE FROM t'))).toMatchObject({ code: 'closed' });
    expect(failureOf(() => driver.exportBytes())).toMatchObject({ code: 'closed' });
  });

  function boardBytes(): Uint8Array {
    insert(...Array.from({ length: 1000 }, (_, i) => [i, 'y'.repeat(100)]));
    return driver.exportBytes();
  }
});
