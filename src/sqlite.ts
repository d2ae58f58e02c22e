export type { WasmSource } from './sqlite/wasm-source.ts';
export { openSqliteStore } from './sqlite/sqlite-store.ts';
export type { QueryPlan, SqliteStore } from './sqlite/store.ts';
export type { SqliteStoreOptions } from './sqlite/options.ts';
export type { OnOperation, StoreOperation } from './sqlite/operation.ts';
export type { OnEvent, StoreEvent } from './sqlite/store-event.ts';
export type { Migration } from './sql/migrate.ts';
export type { RenewedRows } from './sql/renew-rows.ts';
export type { IndexDescription, StatementPlan } from './sqlite/sqlite-board.ts';
export { verifyBoard } from './sqlite/verify-board.ts';
export type { BoardReport, Finding, VerifyOptions } from './sqlite/verify-board.ts';
export type {
  Durability,
  Medium,
  MediumEvent,
  MediumOptions,
  MediumWatcher,
  OpenMedium,
  Progress,
  Snapshot,
  SnapshotMark,
  StoredBoard,
  WorkOptions,
} from './persistence/medium.ts';
