/** The part of sql.js that is used here; https://sql.js.org/documentation documents it. */
declare module 'sql.js' {
  type Value = string | number | null | Uint8Array;

  export interface SqlJs {
    readonly Database: new (bytes?: Uint8Array) => Database;
  }

  export interface Database {
    exec(sql: string): unknown;
    prepare(sql: string): PreparedStatement;
    export(): Uint8Array;
    getRowsModified(): number;
    close(): void;
  }

  export interface PreparedStatement {
    bind(values: readonly Value[]): boolean;
    step(): boolean;
    get(): Value[];
    reset(): void;
    free(): boolean;
  }

  export interface EngineOptions {
    /** Called by the engine in place of its own way of finding the wasm. */
    instantiateWasm?(imports: WebAssembly.Imports, done: (instance: WebAssembly.Instance) => void): object;
  }

  const initSqlJs: (options?: EngineOptions) => Promise<SqlJs>;
  export default initSqlJs;
}
