import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Contestant } from '../contestant.ts';
import { SqlSession, type Engine } from './sql-session.ts';
import { emptyBoard } from './sqljs.ts';

/** SQLite itself, on a file, as it is tuned for servers: https://sqlite.org/wal.html */
export const betterSqlite3: Contestant = {
  name: 'better-sqlite3 file',
  most: 100_000,
  async open(folder) {
    const path = join(folder, 'board.db');
    await writeFile(path, await emptyBoard());
    const open = () => {
      const engine = engineOf(new Database(path));
      engine.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
      return Object.assign(new SqlSession(engine), { reopen: async () => open() });
    };
    return open();
  },
};

function engineOf(database: Database): Engine {
  return {
    exec: (text) => database.exec(text),
    prepare(text) {
      const statement = database.prepare(text);
      const isQuery = /^\s*SELECT/i.test(text);
      const query = isQuery ? statement.raw() : statement;
      return { run: (values) => statement.run(values), rows: (values) => query.all(values) };
    },
    close: () => database.close(),
  };
}
