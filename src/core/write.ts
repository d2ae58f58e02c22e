import type { Artifact } from './artifact.ts';
import type { TypeRegistry } from './artifact-type.ts';
import type { BoardView } from './board.ts';
import {
  arrayOf,
  attempt,
  check,
  field,
  fields,
  id,
  instant,
  isIterable,
  isWhole,
  option,
  optional,
  optionalText,
  readText,
  readType,
  TEXT,
  textsOf,
  text,
  TYPE,
  visibility,
} from './checks.ts';
import { InvalidArgumentError, NotFoundError } from './errors.ts';
import {
  consumptionKey,
  toArtifact,
  type Fact,
  type StoredAgentSnapshot,
  type StoredArtifact,
  type StoredConsumption,
} from './fact.ts';
import { copyPayload } from './json.ts';
import { nameOf } from './query.ts';
import type { Stamps } from './stamps.ts';
import { quote } from './text.ts';
import { PUBLIC } from './visibility.ts';

/** What a write comes to on the board as it is now: the facts to accept, and the answer to give once they are. */
export interface Resolution<T> {
  readonly facts: readonly Fact[];
  readonly result: T;
}

/** What a write asks for, checked and stamped, as plain JSON: it can be kept, and asked for again later. Its kind is that of the facts it comes to. */
export type Intent =
  | {
      readonly kind: 'artifact';
      readonly drafts: readonly CheckedDraft[];
      /** The drafts were accepted before, under the names that they have: see `restoring.ts`. */
      readonly isRestored?: true;
    }
  | { readonly kind: 'consumption'; readonly consumptions: readonly StoredConsumption[] }
  | { readonly kind: 'agent'; readonly snapshot: StoredAgentSnapshot }
  | { readonly kind: 'agents-cleared' }
  | { readonly kind: 'deletion'; readonly before: number };

/** A write that waits for its turn. */
export interface Write<T> {
  readonly intent: Intent;
  /** To be called in the turn of the call, again when somebody else wrote in between. @throws BlackboardError when it is refused */
  resolve(board: BoardView): Resolution<T> | Promise<Resolution<T>>;
}

const draftSchema = fields({
  type: field(readType, TYPE),
  // In an object, as it is: a promise by itself would be waited for.
  payload: (value) => ({ value }),
  producedBy: text,
  id: optional(id),
  correlationId: optionalText,
  partitionKey: optionalText,
  tags: optional(textsOf(readText, TEXT)),
  visibility: optional(visibility),
  createdAt: optional(instant),
  version: option<number>((value) => isWhole(value, 1), 'must be a positive integer'),
});

/** A draft, checked and stamped; its type is the name that was given, not yet resolved. */
export type CheckedDraft = Omit<StoredArtifact, 'sequence'>;

/** @throws InvalidArgumentError or InvalidPayloadError; registers the draft's type */
export function checkDraft(draft: unknown, types: TypeRegistry, stamps: Stamps, action: string): CheckedDraft {
  const given = check(draftSchema, draft, action, 'draft');
  const type = nameOf(given.type, types, action);
  const payload = copyPayload(given.payload.value, action);
  const now = stamps.time(action);
  return {
    id: given.id ?? stamps.id(action),
    type,
    payload,
    producedBy: given.producedBy,
    correlationId: given.correlationId ?? null,
    partitionKey: given.partitionKey ?? null,
    tags: Object.freeze(given.tags ?? []),
    visibility: given.visibility ?? PUBLIC,
    createdAt: given.createdAt ?? now,
    version: given.version ?? 1,
  };
}

/** @param typeNames what the drafts' names have come to, in their order; a draft without one keeps its own */
export function resolveDrafts(
  drafts: readonly CheckedDraft[],
  typeNames: readonly string[],
  board: BoardView,
): Resolution<Artifact[]> {
  const artifacts = drafts.map((draft, i) => ({
    ...draft,
    type: typeNames[i] ?? draft.type,
    sequence: board.sequence + i + 1,
  }));
  return { facts: artifacts.map((artifact) => ({ kind: 'artifact', artifact })), result: artifacts.map(toArtifact) };
}

const consumptionSchema = fields({
  artifactId: id,
  consumer: text,
  runId: optionalText,
  correlationId: optionalText,
  consumedAt: optional(instant),
});

/** Reads the records once. @throws InvalidArgumentError */
export function checkConsumptions(records: unknown, stamps: Stamps, action: string): StoredConsumption[] {
  const now = stamps.time(action);
  return attempt('reading the records', action, () => {
    if (!isIterable(records))
      throw new InvalidArgumentError(`Cannot ${action}: the records must be an iterable, got ${quote(records)}`);
    return Array.from(records, (record) => {
      const given = check(consumptionSchema, record, action, 'record');
      return {
        artifactId: given.artifactId,
        consumer: given.consumer,
        runId: given.runId ?? null,
        correlationId: given.correlationId ?? null,
        consumedAt: given.consumedAt ?? now,
      };
    });
  });
}

/** @throws NotFoundError naming the first artifact that is not on the board */
export function resolveConsumptions(
  consumptions: readonly StoredConsumption[],
  board: BoardView,
  action: string,
): Resolution<void> {
  const facts: Fact[] = [];
  const seen = new Set<string>();
  for (const consumption of consumptions) {
    if (!board.hasArtifact(consumption.artifactId)) {
      throw new NotFoundError(`Cannot ${action}: artifact ${quote(consumption.artifactId)} is not on the board`);
    }
    const key = consumptionKey(consumption);
    if (seen.has(key) || board.hasConsumption(consumption)) continue;
    seen.add(key);
    facts.push({ kind: 'consumption', consumption, sequence: board.sequence + facts.length + 1 });
  }
  return { facts, result: undefined };
}

const texts = arrayOf(readText, TEXT);
const agentSnapshotSchema = fields({
  agentName: text,
  description: text,
  subscriptions: texts,
  outputTypes: texts,
  labels: texts,
  firstSeen: instant,
  lastSeen: instant,
  signature: text,
});

/** @throws InvalidArgumentError */
export function checkAgentSnapshot(snapshot: unknown, action: string): StoredAgentSnapshot {
  const given = check(agentSnapshotSchema, snapshot, action, 'snapshot');
  for (const list of [given.subscriptions, given.outputTypes, given.labels]) Object.freeze(list);
  return given;
}

export function resolveAgentSnapshot(snapshot: StoredAgentSnapshot, board: BoardView): Resolution<void> {
  return { facts: [{ kind: 'agent', snapshot, sequence: board.sequence + 1 }], result: undefined };
}

export function resolveClearing(board: BoardView): Resolution<void> {
  return { facts: board.hasAgents() ? [{ kind: 'agents-cleared' }] : [], result: undefined };
}

/** A deletion is one fact whatever it deletes; each deleted artifact takes a number. */
export function resolveDeletion(before: number, board: BoardView): Resolution<number> {
  const count = board.countBefore(before);
  return { facts: count === 0 ? [] : [{ kind: 'deletion', before, sequence: board.sequence + count }], result: count };
}
