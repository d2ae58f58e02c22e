import type { AgentSnapshot, Artifact, ConsumptionRecord } from './artifact.ts';
import type { Immutable, JsonObject } from './json.ts';
import { compareText } from './text.ts';
import type { Visibility } from './visibility.ts';

/** An artifact as stores hold it: plain JSON, instants in milliseconds since the epoch. */
export interface StoredArtifact {
  readonly id: string;
  readonly type: string;
  readonly payload: JsonObject;
  readonly producedBy: string;
  readonly correlationId: string | null;
  readonly partitionKey: string | null;
  readonly tags: readonly string[];
  readonly visibility: Immutable<Visibility>;
  readonly createdAt: number;
  readonly version: number;
  readonly sequence: number;
}

export interface StoredConsumption {
  readonly artifactId: string;
  readonly consumer: string;
  readonly runId: string | null;
  readonly correlationId: string | null;
  readonly consumedAt: number;
}

export interface StoredAgentSnapshot {
  readonly agentName: string;
  readonly description: string;
  readonly subscriptions: readonly string[];
  readonly outputTypes: readonly string[];
  readonly labels: readonly string[];
  readonly firstSeen: number;
  readonly lastSeen: number;
  readonly signature: string;
}

/**
 * What a write comes to, resolved: plain JSON that changes the board in the same way whenever and wherever it is applied.
 * A deletion is its cut-off; `sequence` is the number of the last artifact that it deletes.
 */
export type Fact =
  | { readonly kind: 'artifact'; readonly artifact: StoredArtifact }
  | { readonly kind: 'consumption'; readonly consumption: StoredConsumption; readonly sequence: number }
  | { readonly kind: 'agent'; readonly snapshot: StoredAgentSnapshot; readonly sequence: number }
  | { readonly kind: 'agents-cleared' }
  | { readonly kind: 'deletion'; readonly before: number; readonly sequence: number };

/** The public form of a stored artifact; each call makes a new Date, the one part that freezing cannot protect. */
export function toArtifact(stored: StoredArtifact): Artifact {
  return { ...stored, createdAt: new Date(stored.createdAt) };
}

export function toConsumption(stored: StoredConsumption): ConsumptionRecord {
  return { ...stored, consumedAt: new Date(stored.consumedAt) };
}

export function toAgentSnapshot(stored: StoredAgentSnapshot): AgentSnapshot {
  return { ...stored, firstSeen: new Date(stored.firstSeen), lastSeen: new Date(stored.lastSeen) };
}

/** The board's one order: (createdAt, id). */
export function compareArtifacts(
  a: Pick<StoredArtifact, 'createdAt' | 'id'>,
  b: Pick<StoredArtifact, 'createdAt' | 'id'>,
): number {
  return a.createdAt - b.createdAt || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

/** The order of consumptions in an envelope: (consumedAt, consumer, runId), those without a run first. */
export function compareConsumptions(a: StoredConsumption, b: StoredConsumption): number {
  return a.consumedAt - b.consumedAt || compareText(a.consumer, b.consumer) || compareRuns(a.runId, b.runId);
}

function compareRuns(a: string | null, b: string | null): number {
  if (a === null || b === null) return Number(a !== null) - Number(b !== null);
  return compareText(a, b);
}

/** What makes two consumptions one: artifact, consumer, run and instant. */
export function consumptionKey(consumption: StoredConsumption | ConsumptionRecord): string {
  const { artifactId, consumer, runId, consumedAt } = consumption;
  return JSON.stringify([artifactId, consumer, runId, consumedAt]);
}
