export type { StoreEvent } from './sqlite/open-board.ts';
export type { WasmSource } from './sqlite/load-engine.ts';
export { openSqliteStore } from './sqlite/sqlite-store.ts';
export type { QueryPlan, SqliteStore, SqliteStoreOptions } from './sqlite/sqlite-store.ts';
export type { StatementPlan } from './sqlite/sqlite-board.ts';
export type { Medium, MediumOptions, OpenMedium } from './persistence/medium.ts';
