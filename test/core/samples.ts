import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { BoardView } from '../../src/core/board.ts';
import type { StoredArtifact, StoredConsumption } from '../../src/core/fact.ts';

/** The UUID that ends in this number; their order is the order of the numbers. */
export function idOf(n: number): string {
  return `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;
}

export function artifactWith(fields: Partial<StoredArtifact> = {}): StoredArtifact {
  return {
    id: idOf(1),
    type: 'films.Movie',
    payload: { title: 'Alien' },
    producedBy: 'scout',
    correlationId: null,
    partitionKey: null,
    tags: [],
    visibility: { kind: 'Public' },
    createdAt: 1000,
    version: 1,
    sequence: 1,
    ...fields,
  };
}

export function consumptionWith(fields: Partial<StoredConsumption> = {}): StoredConsumption {
  return { artifactId: idOf(1), consumer: 'critic', runId: null, correlationId: null, consumedAt: 2000, ...fields };
}

/** A hand-made Standard Schema, of nobody's library. */
export function schemaOf<In, Out = In>(
  validate: (value: unknown) => StandardSchemaV1.Result<Out> | Promise<StandardSchemaV1.Result<Out>>,
): StandardSchemaV1<In, Out> {
  return { '~standard': { version: 1, vendor: 'test', validate } };
}

/** A schema that takes everything as it is. */
export function anything(): StandardSchemaV1<unknown, unknown> {
  return schemaOf((value) => ({ value }));
}

/** A board that holds nothing but what a test says. */
export function boardWith(view: Partial<BoardView> = {}): BoardView {
  return {
    sequence: 0,
    hasArtifact: () => false,
    hasTypeName: () => false,
    hasConsumption: () => false,
    countBefore: () => 0,
    hasAgents: () => false,
    ...view,
  };
}

/** The milliseconds that a UUID of version 7 begins with. */
export function timeIn(id: string): number {
  return Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16);
}

/** The counter of ours in a UUID of version 7: 12 bits after the version, 18 after the variant. */
export function counterIn(id: string): number {
  const bits = BigInt(`0x${id.replaceAll('-', '')}`);
  return Number((((bits >> 64n) & 0xfffn) << 18n) | ((bits >> 44n) & 0x3ffffn));
}

/** What a call throws. */
export function thrownBy(attempt: () => unknown): unknown {
  try {
    attempt();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}
