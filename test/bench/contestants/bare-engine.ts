import type initSqlJs from 'sql.js';
import type { Database, SqlJs } from 'sql.js';
import type { Engine } from './sql-session.ts';

const PRAGMAS = ['journal_mode = MEMORY', 'synchronous = OFF', 'locking_mode = EXCLUSIVE', 'temp_store = MEMORY'];

export function startSqlJs(init: typeof initSqlJs, wasm: BufferSource): Promise<SqlJs> {
  return init({
    instantiateWasm(imports, done) {
      void WebAssembly.instantiate(wasm, imports).then(({ instance }) => {
        done(instance);
      });
      return {};
    },
    print() {},
    printErr() {},
  });
}

/** sql.js without anything on top of it. */
export function bareEngine(database: Database): Engine {
  for (const pragma of PRAGMAS) database.exec(`PRAGMA ${pragma}`);
  return {
    exec: (text) => database.exec(text),
    prepare(text) {
      const statement = database.prepare(text);
      return {
        run(values) {
          statement.bind(values as []);
          statement.step();
          statement.reset();
        },
        rows(values) {
          const rows = [];
          statement.bind(values as []);
          while (statement.step()) rows.push(statement.get());
          statement.reset();
          return rows;
        },
      };
    },
    close: () => database.close(),
  };
}
