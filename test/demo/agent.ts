import { createHash } from 'node:crypto';
import type { AgentIdentity, Artifact, ArtifactType, BlackboardStore, ConsumptionRecord } from 'boardlite';

/** Who an agent is, as the board gets to know it. */
export interface AgentProfile extends AgentIdentity {
  readonly description: string;
  readonly labels: readonly string[];
  readonly subscriptions: readonly ArtifactType[];
  readonly outputs: readonly ArtifactType[];
  /** Raised when the agent would judge the same input differently: it then consumes everything once more. */
  readonly edition: number;
}

/** A board, and what on it is meant. */
export interface Scope {
  readonly board: BlackboardStore;
  /** The audited folder: the partition key of all that is published about it, so that one board can hold several. */
  readonly folder: string;
  readonly signal: AbortSignal;
}

/** What an agent is given; whatever else it knows it reads from the board. */
export interface Assignment extends Scope {
  readonly runId: string;
  readonly onProgress: (text: string) => void;
}

/** An artifact of one type, what the type's schema makes of its payload, and who consumed it. */
export interface Entry<Out> {
  readonly artifact: Artifact;
  readonly value: Out;
  readonly consumptions: readonly ConsumptionRecord[];
}

/** Everything of a type that the board holds about the audited folder. */
export async function readEntries<Out>(
  { board, folder, signal }: Scope,
  type: ArtifactType<unknown, Out>,
): Promise<Entry<Out>[]> {
  const filter = { typeNames: type, partitionKey: folder };
  const { items } = await board.queryArtifacts(filter, { limit: Infinity, embedMeta: true, total: false, signal });
  const entries = items.map(async ({ artifact, consumptions }): Promise<Entry<Out>[]> => {
    const read = await type.schema['~standard'].validate(artifact.payload);
    // A row of an older demo that no longer fits counts as unknown, and is published anew.
    return read.issues === undefined ? [{ artifact, consumptions, value: read.value }] : [];
  });
  return (await Promise.all(entries)).flat();
}

/**
 * Tells whether an agent's last consumption of an artifact was of what it says now. Consumptions belong to the id and
 * stay when the artifact is replaced, so that having consumed it some time is not enough.
 */
export function isUpToDate({ artifact, consumptions }: Entry<unknown>, agent: AgentProfile): boolean {
  const last = consumptions.findLast(({ consumer }) => consumer === agent.name);
  return last?.correlationId === contentKey(artifact, agent);
}

/** Records that an agent consumed these artifacts as they are now. */
export async function consume(
  { board, runId, signal }: Assignment,
  agent: AgentProfile,
  entries: readonly Entry<unknown>[],
): Promise<void> {
  const records = entries.map(({ artifact }) => ({
    artifactId: artifact.id,
    consumer: agent.name,
    runId,
    correlationId: contentKey(artifact, agent),
  }));
  await board.recordConsumptions(records, { signal });
}

/** Keeps the agent's snapshot: who it is, since when it is known, and that it was here. */
export async function introduce({ board, signal }: Assignment, agent: AgentProfile): Promise<void> {
  const known = (await board.loadAgentSnapshots({ signal })).find(({ agentName }) => agentName === agent.name);
  const now = new Date();
  await board.upsertAgentSnapshot(
    {
      agentName: agent.name,
      description: agent.description,
      subscriptions: agent.subscriptions.map(({ name }) => name),
      outputTypes: agent.outputs.map(({ name }) => name),
      labels: agent.labels,
      firstSeen: known?.firstSeen ?? now,
      lastSeen: now,
      signature: `${agent.name}/${String(agent.edition)}`,
    },
    { signal },
  );
}

function contentKey(artifact: Artifact, agent: AgentProfile): string {
  const content = JSON.stringify([agent.edition, artifact.payload]);
  return createHash('sha256').update(content).digest('hex').slice(0, 32);
}
