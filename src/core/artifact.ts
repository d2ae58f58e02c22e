import type { ArtifactType } from './artifact-type.ts';
import type { Immutable, JsonInput, JsonObject } from './json.ts';
import type { Visibility } from './visibility.ts';

/** An entry on the board. What a read returns is a copy: changing it either throws or changes that copy alone. */
export interface Artifact<P = JsonObject> {
  /** A UUID in lower-case canonical form. */
  readonly id: string;
  /** The canonical name of its type. */
  readonly type: string;
  /** The payload as it was published. */
  readonly payload: P;
  readonly producedBy: string;
  readonly correlationId: string | null;
  readonly partitionKey: string | null;
  /** A set, sorted by code point. */
  readonly tags: readonly string[];
  readonly visibility: Immutable<Visibility>;
  /** Millisecond precision. With the id it gives the board's one order: (createdAt, id). */
  readonly createdAt: Date;
  readonly version: number;
  /** The number under which the board accepted this artifact, or its latest replacement. */
  readonly sequence: number;
}

interface DraftFields {
  /** The agent that publishes. */
  readonly producedBy: string;
  /** A UUID; publishing an id again replaces that artifact. A new UUIDv7 unless given. */
  readonly id?: string | undefined;
  readonly correlationId?: string | null | undefined;
  readonly partitionKey?: string | null | undefined;
  readonly tags?: string | Iterable<string> | undefined;
  /** Public unless given. */
  readonly visibility?: Immutable<Visibility> | undefined;
  /** Now, but never earlier than the store's last stamp, unless given. */
  readonly createdAt?: Date | undefined;
  /** 1 unless given. */
  readonly version?: number | undefined;
  /** The board gives it: what was read is not published as it is. */
  readonly sequence?: never;
}

/** The type itself, which this place has no say in; `NoInfer` of TypeScript 5.4 and newer. */
type NotInferred<T> = [T][T extends unknown ? 0 : never];

/** A draft whose payload the type's schema checks, at compile time and at publish. */
export interface TypedDraft<In> extends DraftFields {
  readonly type: ArtifactType<In, unknown>;
  readonly payload: NotInferred<Immutable<In>>;
}

/** A draft under a plain name: checked by the schema registered for that name, or, where there is none, only to be JSON. */
export interface NamedDraft extends DraftFields {
  readonly type: string;
  readonly payload: { readonly [key: string]: JsonInput };
}

/** What a caller hands to publish. Not a plain union, which would let fields through that the type's payload has not. */
export type ArtifactDraft<In = JsonObject> = JsonObject extends In ? TypedDraft<In> | NamedDraft : TypedDraft<In>;

/** A note that an agent consumed an artifact. */
export interface ConsumptionRecord {
  readonly artifactId: string;
  readonly consumer: string;
  readonly runId: string | null;
  readonly correlationId: string | null;
  /** Millisecond precision. */
  readonly consumedAt: Date;
}

/** What a caller hands to recordConsumptions. */
export interface ConsumptionDraft {
  readonly artifactId: string;
  readonly consumer: string;
  readonly runId?: string | null | undefined;
  readonly correlationId?: string | null | undefined;
  /** Now unless given; one instant for all records of a call. */
  readonly consumedAt?: Date | undefined;
}

/** An artifact and who consumed it, by (consumedAt, consumer, runId). */
export interface ArtifactEnvelope {
  readonly artifact: Artifact;
  readonly consumptions: readonly ConsumptionRecord[];
}

/** What is known about an agent. */
export interface AgentSnapshot {
  readonly agentName: string;
  readonly description: string;
  readonly subscriptions: readonly string[];
  readonly outputTypes: readonly string[];
  readonly labels: readonly string[];
  readonly firstSeen: Date;
  readonly lastSeen: Date;
  readonly signature: string;
}
