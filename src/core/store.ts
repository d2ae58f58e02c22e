import type { AgentSnapshot, Artifact, ArtifactDraft, ArtifactEnvelope, ConsumptionDraft } from './artifact.ts';
import type { ArtifactType } from './artifact-type.ts';
import type { ArtifactFilter } from './filter.ts';
import type { Immutable, JsonObject } from './json.ts';
import type { Page, PageOptions } from './page.ts';
import type { OperationStats } from './operations.ts';

/** What every store can be told when it is made. */
export interface StoreOptions {
  /** Types to register from the start; passing a type to any call registers it as well. */
  readonly types?: readonly ArtifactType[] | undefined;
  /** The clock behind every default time stamp. */
  readonly now?: (() => Date) | undefined;
  /** The source of default ids: UUIDs. Strictly increasing UUIDv7 unless given. */
  readonly newId?: (() => string) | undefined;
}

/** The last options of every call. */
export interface CallOptions {
  /** Stops the call while it waits; it then rejects with `signal.reason`. A write already being accepted goes through. */
  readonly signal?: AbortSignal | undefined;
}

export interface GetByTypeOptions extends CallOptions {
  /** Null for those without one. */
  readonly correlationId?: string | null | undefined;
  /** Whether a row that does not pass the schema is an error naming the artifact (the default) or left out. */
  readonly invalid?: 'throw' | 'skip' | undefined;
  /** True gives each value with its artifact. */
  readonly withArtifact?: boolean | undefined;
}

/** A value as the schema returned it, and the artifact it was read from. */
export interface TypedArtifact<Out> {
  readonly artifact: Artifact;
  readonly value: Out;
}

export interface CloseOptions extends CallOptions {
  /** Whether to take a snapshot. Unless given, true for a board file and false for IndexedDB; without one, the log keeps what is new. */
  readonly checkpoint?: boolean | undefined;
}

/** What a store can do; what it cannot, it refuses with `unsupported`. */
export interface StoreCapabilities {
  /** What was flushed is there when the board is opened again. */
  readonly durable: boolean;
  /** Takes writes; false for a store opened with `readOnly: true`. */
  readonly writable: boolean;
  /** The board is a SQLite database: `exportBytes` and `explain` exist, and, where it is durable and writable, `checkpoint`. */
  readonly sqlite: boolean;
}

/** A store in figures. */
export interface StoreStats {
  readonly artifacts: number;
  readonly consumptions: number;
  /** Agents of which a snapshot is kept, even one that cannot be read exactly. */
  readonly agents: number;
  /** Size of the board in bytes; null where the store does not know it. */
  readonly bytes: number | null;
  /** Another one, from the next write at the latest, when writes may have been lost: with it, a sequence means one thing for ever. */
  readonly epoch: string;
  /** The number of the last accepted write. */
  readonly sequence: number;
  /** The durability in force: `none` without a medium. */
  readonly durability: 'strict' | 'relaxed' | 'none';
  /** What came after the snapshot; null without a log. */
  readonly log: { readonly records: number; readonly bytes: number } | null;
  /** The last one that this store took; null before that. */
  readonly lastCheckpoint: Date | null;
  /** Calls since the store was made, by the name of the method; `close` is not among them. */
  readonly operations: Readonly<Record<string, OperationStats>>;
}

/** Counts over the artifacts that a filter matches. */
export interface ArtifactSummary {
  readonly total: number;
  /** By canonical name. */
  readonly byType: Readonly<Record<string, number>>;
  readonly byProducer: Readonly<Record<string, number>>;
  /** By kind. */
  readonly byVisibility: Readonly<Record<string, number>>;
  readonly tagCounts: Readonly<Record<string, number>>;
  readonly earliestCreatedAt: Date | null;
  readonly latestCreatedAt: Date | null;
  /** True when the filter had neither start nor end. */
  readonly isFullWindow: boolean;
  /** The time from the earliest to the latest in words: `3 days`, `1.5 hours`, `12 minutes`, `moments` or `empty`. */
  readonly windowSpanLabel: string;
}

export interface HistoryCounts {
  readonly total: number;
  /** By canonical name. */
  readonly byType: Readonly<Record<string, number>>;
}

/** What an agent published, and how many consumptions by it are recorded. */
export interface AgentHistory {
  readonly produced: HistoryCounts;
  readonly consumed: HistoryCounts;
}

/**
 * A board: typed artifacts, who consumed them, and what is known about the agents.
 *
 * Calls take their place in the order they were made, slow validation included: a read sees every write called before it
 * on the same store, and none called after. A write is atomic; nobody sees half of one. Every list and page is in one
 * order, (createdAt, id) ascending unless told otherwise. Every call rejects with a {@link BlackboardError}, or, when
 * aborted, with `signal.reason`; after `close` with code `closed`.
 */
export interface BlackboardStore extends AsyncDisposable {
  readonly capabilities: StoreCapabilities;

  /**
   * Validates a draft and puts it on the board. Publishing an id again replaces that artifact; its consumptions stay.
   * Resolves with the artifact once it is accepted: every later read sees it, and on a medium it is as durable as the store's
   * `durability` says.
   *
   * @throws InvalidPayloadError when the payload is not JSON or does not pass the schema; nothing is written
   * @throws InvalidArgumentError or AmbiguousTypeError for any other part of the draft; nothing is written
   * @throws ConflictError when the type is registered with another schema; nothing is written
   * @throws ReadOnlyError, or QuotaError, StorageDeniedError, StorageLostError or LockedError where the medium fails
   */
  publish<In = JsonObject>(draft: ArtifactDraft<In>, options?: CallOptions): Promise<Artifact<Immutable<In>>>;

  /** Publishes all of the drafts, in their order, or none of them. */
  publishMany<const Ins extends readonly unknown[]>(
    drafts: { readonly [K in keyof Ins]: ArtifactDraft<Ins[K]> },
    options?: CallOptions,
  ): Promise<{ -readonly [K in keyof Ins]: Artifact<unknown extends Ins[K] ? JsonObject : Immutable<Ins[K]>> }>;

  /** The artifact with this id, or null. @throws CorruptError when its row cannot be read exactly */
  get(id: string, options?: CallOptions): Promise<Artifact | null>;

  /** All artifacts. Rows that cannot be read exactly are left out and reported, as in every list and page. */
  list(options?: CallOptions): Promise<Artifact[]>;

  /** All artifacts of a type, with their payloads as published. @throws AmbiguousTypeError */
  listByType<In>(type: ArtifactType<In, unknown>, options?: CallOptions): Promise<Artifact<Immutable<In>>[]>;
  listByType(type: ArtifactType | string, options?: CallOptions): Promise<Artifact[]>;

  /**
   * The payloads of a type as its schema returns them.
   *
   * @throws InvalidPayloadError naming the first artifact that does not pass, or CorruptError naming a row that cannot be read
   *   exactly, unless `invalid: 'skip'`
   */
  getByType<Out>(
    type: ArtifactType<unknown, Out>,
    options: GetByTypeOptions & { readonly withArtifact: true },
  ): Promise<TypedArtifact<Out>[]>;
  getByType<Out>(
    type: ArtifactType<unknown, Out>,
    options?: GetByTypeOptions & { readonly withArtifact?: false | undefined },
  ): Promise<Out[]>;
  getByType<Out>(type: ArtifactType<unknown, Out>, options?: GetByTypeOptions): Promise<Out[] | TypedArtifact<Out>[]>;

  /**
   * Records that agents consumed artifacts: all of the records, or none. One with the same artifact, consumer, run and
   * instant as an earlier one is that one.
   *
   * @throws NotFoundError naming the first artifact that is not on the board
   */
  recordConsumptions(records: Iterable<ConsumptionDraft>, options?: CallOptions): Promise<void>;

  /**
   * A page of the artifacts that match all fields of the filter, and how many do; 50 of them unless told.
   *
   * @throws InvalidArgumentError for a cursor of another filter or order, or one with an offset
   */
  queryArtifacts(
    filter: ArtifactFilter | undefined,
    page: PageOptions & { readonly embedMeta: true },
  ): Promise<Page<ArtifactEnvelope>>;
  queryArtifacts(
    filter?: ArtifactFilter,
    page?: PageOptions & { readonly embedMeta?: false | undefined },
  ): Promise<Page<Artifact>>;
  queryArtifacts(filter?: ArtifactFilter, page?: PageOptions): Promise<Page<Artifact> | Page<ArtifactEnvelope>>;

  /** Envelopes for drawing who produced and consumed what; the limit is 500 unless told. */
  fetchGraphArtifacts(filter?: ArtifactFilter, page?: Omit<PageOptions, 'embedMeta'>): Promise<Page<ArtifactEnvelope>>;

  /** Counts the artifacts that match. */
  summarizeArtifacts(filter?: ArtifactFilter, options?: CallOptions): Promise<ArtifactSummary>;

  /** Counts what an agent published and consumed; the filter applies to the artifacts. */
  agentHistorySummary(agentId: string, filter?: ArtifactFilter, options?: CallOptions): Promise<AgentHistory>;

  /** Keeps what is known about an agent, in place of what was known under that name. */
  upsertAgentSnapshot(snapshot: AgentSnapshot, options?: CallOptions): Promise<void>;

  /** By agentName. */
  loadAgentSnapshots(options?: CallOptions): Promise<AgentSnapshot[]>;

  /** Forgets what is known about all agents. */
  clearAgentSnapshots(options?: CallOptions): Promise<void>;

  /** Deletes the artifacts created before an instant, with their consumptions; resolves with how many artifacts went. */
  deleteBefore(before: Date, options?: CallOptions): Promise<number>;

  /** Gives back the space of what was deleted, in memory; a medium shrinks with the next checkpoint. @throws ReadOnlyError */
  vacuum(options?: CallOptions): Promise<void>;

  /** The store in figures, as of this call. */
  stats(options?: CallOptions): Promise<StoreStats>;

  /** Resolves when every write accepted before the call is as durable as this store can make it. */
  flush(options?: CallOptions): Promise<void>;

  /**
   * Ends the store: calls made before it are carried out, later ones are refused. Resolves when all that was accepted is as
   * durable as this store can make it.
   * Idempotent. When it rejects, the store is still open and nothing is lost: free the way and close again. A store whose
   * storage is lost rejects until that was said once, so that the board can be exported; then it lets go of what is left.
   */
  close(options?: CloseOptions): Promise<void>;
}
