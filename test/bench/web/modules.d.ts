// Packages of the contestants, as the bench's server has them.

declare module 'modules/@electric-sql/pglite/dist/index.js' {
  export { PGlite } from '@electric-sql/pglite';
}

declare module 'modules/@sqlite.org/sqlite-wasm/dist/index.mjs' {
  export { default } from '@sqlite.org/sqlite-wasm';
}

declare module 'modules/wa-sqlite/dist/wa-sqlite-async.mjs' {
  const factory: () => Promise<object>;
  export { factory as default };
}

declare module 'modules/wa-sqlite/src/sqlite-api.js' {
  export interface Api {
    vfs_register(vfs: object, isDefault: boolean): number;
    open_v2(name: string): Promise<number>;
    exec(database: number, text: string): Promise<number>;
    str_new(database: number, text: string): number;
    str_value(text: number): number;
    prepare_v2(database: number, text: number): Promise<{ readonly stmt: number } | null>;
    bind_collection(statement: number, values: readonly unknown[]): number;
    step(statement: number): Promise<number>;
    reset(statement: number): Promise<number>;
  }
  export function Factory(module: object): Api;
}

declare module 'modules/wa-sqlite/src/examples/IDBBatchAtomicVFS.js' {
  export class IDBBatchAtomicVFS {
    constructor(name: string);
  }
}
