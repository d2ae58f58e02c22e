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
    /** Called at once, in place of the engine's own way of finding its wasm; `done` may be called whenever it is there. */
    instantiateWasm(imports: WebAssembly.Imports, done: (instance: WebAssembly.Instance) => void): object;
    print(text: string): void;
    printErr(text: string): void;
  }

  /** Makes an engine; rejects with whatever went wrong, when the build has made a module of it. */
  const initSqlJs: (options: EngineOptions) => Promise<SqlJs>;
  export { initSqlJs as default };
}

/** The engine's WebAssembly as a module of the program, which workerd makes of it. */
declare module '*.wasm' {
  const module: WebAssembly.Module;
  export { module as default };
}

/** The same, compressed, as base64. */
declare module '*.wasm.gz' {
  const base64: string;
  export { base64 as default };
}
