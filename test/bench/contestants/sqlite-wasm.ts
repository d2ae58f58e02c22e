import init, { type Database } from '@sqlite.org/sqlite-wasm';
import type { Contestant } from '../contestant.ts';

import { SqlSession, type Engine } from './sql-session.ts';
import { boardSchema } from './sqljs.ts';

/** SQLite's own build for the web, in memory. */
export const sqliteWasm: Contestant = {
  name: 'sqlite-wasm memory',
  most: 10_000,
  async open() {
    const { oo1 } = await init();
    const database = new oo1.DB(':memory:', 'c');
    database.exec(await boardSchema());
    return new SqlSession(officialEngine(database));
  },
};

export function officialEngine(database: Database): Engine {
  return {
    exec: (text) => database.exec(text),
    prepare(text) {
      const statement = database.prepare(text);
      const bound = (values: readonly unknown[]) => (values.length === 0 ? statement : statement.bind(values));
      return {
        run(values) {
          bound(values).step();
          statement.reset();
        },
        rows(values) {
          const rows: unknown[][] = [];
          bound(values);
          while (statement.step()) rows.push(statement.get([]));
          statement.reset();
          return rows;
        },
      };
    },
    close: () => database.close(),
  };
}
