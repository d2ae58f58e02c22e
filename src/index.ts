export type {
  AgentSnapshot,
  Artifact,
  ArtifactDraft,
  ArtifactEnvelope,
  ConsumptionDraft,
  ConsumptionRecord,
  NamedDraft,
  TypedDraft,
} from './core/artifact.ts';
export { defineType } from './core/artifact-type.ts';
export type { ArtifactType } from './core/artifact-type.ts';
export {
  AmbiguousTypeError,
  BlackboardError,
  ClosedError,
  ConflictError,
  CorruptError,
  InvalidArgumentError,
  InvalidPayloadError,
  LockedError,
  NewerFormatError,
  NotABoardError,
  NotFoundError,
  QuotaError,
  ReadOnlyError,
  StorageDeniedError,
  StorageLostError,
  UnsupportedError,
  WasmUnavailableError,
} from './core/errors.ts';
export type { BlackboardErrorCode, PayloadIssue } from './core/errors.ts';
export type { ArtifactFilter } from './core/filter.ts';
export type { Immutable, JsonInput, JsonObject, JsonValue } from './core/json.ts';
export type { OperationStats } from './core/operations.ts';
export type { Page, PageOptions } from './core/page.ts';
export type {
  AgentHistory,
  ArtifactSummary,
  BlackboardStore,
  CallOptions,
  CloseOptions,
  GetByTypeOptions,
  HistoryCounts,
  StoreCapabilities,
  StoreOptions,
  StoreStats,
  TypedArtifact,
} from './core/store.ts';
export { uuidFrom } from './core/uuid.ts';
export { isVisibleTo } from './core/visibility.ts';
export type { AgentIdentity, Visibility } from './core/visibility.ts';
export { createMemoryStore } from './memory/memory-store.ts';
