// What is used here of packages that only this folder installs: the checks of the project run without them.

declare module 'better-sqlite3' {
  export interface Statement {
    run(values: readonly unknown[]): unknown;
    raw(): Statement;
    all(values: readonly unknown[]): unknown[][];
  }
  class Database {
    constructor(path: string);
    pragma(text: string): unknown;
    exec(text: string): unknown;
    prepare(text: string): Statement;
    close(): unknown;
  }
  export { Database as default };
}

declare module '@sqlite.org/sqlite-wasm' {
  export interface Statement {
    bind(values: readonly unknown[]): Statement;
    step(): boolean;
    get(target: unknown[]): unknown[];
    reset(): Statement;
    finalize(): unknown;
  }
  export interface Database {
    exec(text: string): Database;
    prepare(text: string): Statement;
    close(): void;
  }
  export interface Sqlite3 {
    readonly oo1: { readonly DB: new (path: string, flags: string) => Database };
    installOpfsSAHPoolVfs(options: { name: string; clearOnInit: boolean }): Promise<{
      readonly OpfsSAHPoolDb: new (path: string) => Database;
    }>;
  }
  const init: () => Promise<Sqlite3>;
  export { init as default };
}

declare module '@electric-sql/pglite' {
  export interface Queries {
    query(text: string, values?: readonly unknown[], options?: object): Promise<{ rows: unknown[] }>;
    exec(text: string): Promise<unknown>;
  }
  export class PGlite implements Queries {
    static create(dataDir?: string, options?: object): Promise<PGlite>;
    query: Queries['query'];
    exec: Queries['exec'];
    transaction<T>(steps: (queries: Queries) => Promise<T>): Promise<T>;
    close(): Promise<void>;
  }
}

declare module '@langchain/langgraph-checkpoint' {
  export interface Item {
    readonly value: Readonly<Record<string, unknown>>;
  }
  export class InMemoryStore {
    put(namespace: string[], key: string, value: Record<string, unknown>): Promise<void>;
    get(namespace: string[], key: string): Promise<Item | null>;
    search(
      namespace: string[],
      options: { filter?: Record<string, unknown>; limit?: number; offset?: number },
    ): Promise<Item[]>;
    batch(operations: readonly object[]): Promise<unknown[]>;
  }
}
