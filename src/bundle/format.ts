import type { AgentSnapshot, Artifact, ConsumptionRecord } from '../core/artifact.ts';
import { CorruptError } from '../core/errors.ts';
import type { CheckedDraft } from '../core/write.ts';

/** The version of the form that a bundle has. */
export const FORMAT = 1;

/** What the first line of a bundle says is in it. */
export interface BundleContent {
  readonly artifacts: number;
  readonly consumptions: number;
  readonly agents: number;
  /** Artifacts by the canonical name of their type. */
  readonly types: Readonly<Record<string, number>>;
}

/** The first line, without its end. */
export function headerLine({ artifacts, consumptions, agents, types }: BundleContent): string {
  return JSON.stringify({ boardlite: 'bundle', format: FORMAT, artifacts, consumptions, agents, types });
}

/** The fields in one order, whatever order an object has them in, and without the sequence. */
export function artifactLine(artifact: Omit<Artifact, 'sequence'>): string {
  const { id, type, payload, producedBy, correlationId, partitionKey, tags, visibility, createdAt, version } = artifact;
  return JSON.stringify({
    artifact: { id, type, payload, producedBy, correlationId, partitionKey, tags, visibility, createdAt, version },
  });
}

/** The line of an artifact that was read from a bundle. */
export function restoredLine(artifact: CheckedDraft): string {
  return artifactLine({ ...artifact, createdAt: new Date(artifact.createdAt) });
}

export function consumptionLine(consumption: ConsumptionRecord): string {
  const { artifactId, consumer, runId, correlationId, consumedAt } = consumption;
  return JSON.stringify({ consumption: { artifactId, consumer, runId, correlationId, consumedAt } });
}

export function agentLine(snapshot: AgentSnapshot): string {
  const { agentName, description, subscriptions, outputTypes, labels, firstSeen, lastSeen, signature } = snapshot;
  return JSON.stringify({
    agent: { agentName, description, subscriptions, outputTypes, labels, firstSeen, lastSeen, signature },
  });
}

/** How the last line begins, and no other. */
export const LAST_LINE = '{"checksum":';

/** The last line: the CRC-32 of all bytes before it. */
export function lastLine(checksum: number): string {
  return `${LAST_LINE}"crc32:${checksum.toString(16).padStart(8, '0')}"}`;
}

export const ACTION = 'import the bundle';

/** A bundle that is not as it was exported. */
export function damaged(problem: string, cause?: unknown): CorruptError {
  return new CorruptError(`Cannot ${ACTION}: ${problem}`, cause === undefined ? undefined : { cause });
}
