import type { CorruptError } from './errors.ts';
import type { Fact, StoredAgentSnapshot, StoredArtifact, StoredConsumption } from './fact.ts';
import type { Selection } from './filter.ts';
import type { Window } from './page.ts';

/** What is asked of the board when a write is resolved into facts. */
export interface BoardView {
  /** The number of the last accepted write. */
  readonly sequence: number;
  hasArtifact(id: string): boolean;
  /** Whether an artifact on the board has exactly this type name. */
  hasTypeName(name: string): boolean;
  hasConsumption(consumption: StoredConsumption): boolean;
  countBefore(instant: number): number;
  /** Whether there is any agent snapshot, even one that cannot be read. */
  hasAgents(): boolean;
}

/** The artifacts that a selection and a window pick, in the window's order. */
export interface Matches {
  readonly artifacts: readonly StoredArtifact[];
  /** One for each stored row among them that cannot be read exactly; it is left out of `artifacts`. */
  readonly unreadable: readonly CorruptError[];
  /** Whether anything follows. */
  readonly more: boolean;
  /** Null unless the window is counted. */
  readonly total: number | null;
}

/** Counts behind a summary, per value. */
export interface Counts {
  readonly total: number;
  readonly byType: ReadonlyMap<string, number>;
  readonly byProducer: ReadonlyMap<string, number>;
  readonly byVisibility: ReadonlyMap<string, number>;
  readonly byTag: ReadonlyMap<string, number>;
  readonly earliest: number | null;
  readonly latest: number | null;
}

/**
 * The board as one backend holds it: what the shared front of all stores asks and tells it. Every call is synchronous and
 * sees the facts applied so far; arguments come checked.
 */
export interface Board extends BoardView {
  /** Changes the board by all of the facts, in their order, or by none of them. */
  apply(facts: readonly Fact[]): void;
  /** @throws CorruptError naming the artifact when its row cannot be read exactly */
  get(id: string): StoredArtifact | null;
  page(selection: Selection, window: Window): Matches;
  /** The consumptions of artifacts by their ids, each list by (consumedAt, consumer, runId). */
  consumptionsOf(ids: readonly string[]): ReadonlyMap<string, readonly StoredConsumption[]>;
  counts(selection: Selection): Counts;
  /** Artifacts that an agent produced, per type. */
  producedBy(agent: string, selection: Selection): ReadonlyMap<string, number>;
  /** Consumptions that an agent made, per type of the artifact. */
  consumedBy(agent: string, selection: Selection): ReadonlyMap<string, number>;
  /** By agentName. */
  agents(): readonly StoredAgentSnapshot[];
  /** Gives back the space of what was deleted. */
  vacuum(): void;
  /** Rows that cannot be read exactly count too. */
  size(): {
    readonly artifacts: number;
    readonly consumptions: number;
    readonly agents: number;
    readonly bytes: number | null;
  };
}
