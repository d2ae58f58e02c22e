export type { WasmSource } from './sqlite/wasm-source.ts';
export { openSqliteStore } from './sqlite/sqlite-store.ts';
export type { QueryPlan, SqliteStore } from './sqlite/store.ts';
export type { SqliteStoreOptions } from './sqlite/options.ts';
export type { StoreEvent } from './sqlite/store-event.ts';
export type { StatementPlan } from './sqlite/sqlite-board.ts';
export type { Medium, MediumOptions, OpenMedium } from './persistence/medium.ts';
