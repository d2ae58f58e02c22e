import { canonicalId } from '../core/checks.ts';
import { CorruptError, UnsupportedError } from '../core/errors.ts';
import { parseExactJson } from '../core/exact-json.ts';
import type { StoredAgentSnapshot, StoredArtifact, StoredConsumption } from '../core/fact.ts';
import type { Immutable, JsonObject } from '../core/json.ts';
import { compareText, quote, sortedSet } from '../core/text.ts';
import { formatInstant, parseInstant } from '../core/time.ts';
import { PUBLIC, type Visibility } from '../core/visibility.ts';
import type { Row, SqlValue } from './driver.ts';

/**
 * How a column of any text is read. Engines in JavaScript decode with a TextDecoder that takes U+FEFF at the beginning for
 * a mark and drops it; behind another character it stays. What is not text is read as it is.
 */
export function exact(column: string): string {
  return `iif(typeof(${column}) = 'text', '=' || ${column}, ${column})`;
}

/** The text that was read by {@link exact}. */
export function textOf(cell: string): string {
  return cell.slice(1);
}

/** The columns of a table as they are read, those of any text exactly. */
function cellsOf(table: string, columns: readonly string[], ofAnyText: readonly string[]): string {
  return columns
    .map((column) => (ofAnyText.includes(column) ? exact(`${table}.${column}`) : `${table}.${column}`))
    .join(', ');
}

export const ARTIFACT_COLUMNS = [
  'artifact_id',
  'canonical_type',
  'payload',
  'produced_by',
  'correlation_id',
  'partition_key',
  'tags',
  'visibility',
  'created_at',
  'version',
  'sequence',
] as const;

/** What {@link readArtifact} reads of the table `a`. */
export const ARTIFACT_CELLS = cellsOf('a', ARTIFACT_COLUMNS, [
  'canonical_type',
  'produced_by',
  'correlation_id',
  'partition_key',
]);

/** In the order of {@link ARTIFACT_COLUMNS}. */
export function artifactRow(artifact: StoredArtifact): SqlValue[] {
  return [
    artifact.id,
    artifact.type,
    textCell(payloadText(artifact)),
    artifact.producedBy,
    artifact.correlationId,
    artifact.partitionKey,
    JSON.stringify(artifact.tags),
    visibilityText(artifact.visibility),
    formatInstant(artifact.createdAt),
    artifact.version,
    artifact.sequence,
  ];
}

function payloadText({ id, payload }: StoredArtifact): string {
  try {
    return JSON.stringify(payload);
  } catch (cause) {
    // No engine has strings of any length.
    throw new UnsupportedError(`Cannot store artifact ${quote(id)}: its payload is too large`, { cause });
  }
}

const LONG = 200;

/** As bytes, which sql.js binds in a third of the time, where the statement casts them to text. */
function textCell(text: string): SqlValue {
  return text.length < LONG ? text : new TextEncoder().encode(text);
}

/** @throws CorruptError naming the artifact, when the row cannot be read exactly */
export function readArtifact(row: Row): StoredArtifact {
  const [id, type, payload, producedBy, correlationId, partitionKey, tags, visibility, createdAt, version, sequence] =
    row;
  const cells = new Cells('artifact', id);
  return {
    id: canonicalId(id) === id ? cells.text('id', id) : cells.refuse('id', 'is not a UUID in lower case'),
    type: cells.exact('type', type),
    payload: cells.object('payload', payload),
    producedBy: cells.exact('producer', producedBy),
    correlationId: cells.exactOrNull('correlation id', correlationId),
    partitionKey: cells.exactOrNull('partition key', partitionKey),
    tags: sorted(cells.texts('tags', tags)),
    visibility: visibility === PUBLIC_TEXT ? PUBLIC : cells.visibility(visibility),
    createdAt: cells.instant('creation time', createdAt),
    version: cells.integer('version', version),
    sequence: cells.integer('sequence', sequence),
  };
}

export const CONSUMPTION_COLUMNS = ['artifact_id', 'consumer', 'run_id', 'correlation_id', 'consumed_at'] as const;

/** What {@link readConsumption} reads of the table `c`. */
export const CONSUMPTION_CELLS = cellsOf('c', CONSUMPTION_COLUMNS, ['consumer', 'run_id', 'correlation_id']);

/** In the order of {@link CONSUMPTION_COLUMNS}. */
export function consumptionRow(consumption: StoredConsumption): SqlValue[] {
  const { artifactId, consumer, runId, correlationId, consumedAt } = consumption;
  return [artifactId, consumer, runId, correlationId, formatInstant(consumedAt)];
}

/** @throws CorruptError naming the artifact, when the row cannot be read exactly */
export function readConsumption(row: Row): StoredConsumption {
  const [artifactId, consumer, runId, correlationId, consumedAt] = row;
  const cells = new Cells('consumption of artifact', artifactId);
  return {
    artifactId: cells.text('artifact id', artifactId),
    consumer: cells.exact('consumer', consumer),
    runId: cells.exactOrNull('run id', runId),
    correlationId: cells.exactOrNull('correlation id', correlationId),
    consumedAt: cells.instant('time', consumedAt),
  };
}

export const AGENT_COLUMNS = [
  'agent_name',
  'description',
  'subscriptions',
  'output_types',
  'labels',
  'first_seen',
  'last_seen',
  'signature',
] as const;

/** What {@link readAgent} reads of the table `s`. */
export const AGENT_CELLS = cellsOf('s', AGENT_COLUMNS, ['agent_name', 'description', 'signature']);

/** In the order of {@link AGENT_COLUMNS}. */
export function agentRow(snapshot: StoredAgentSnapshot): SqlValue[] {
  return [
    snapshot.agentName,
    snapshot.description,
    JSON.stringify(snapshot.subscriptions),
    JSON.stringify(snapshot.outputTypes),
    JSON.stringify(snapshot.labels),
    formatInstant(snapshot.firstSeen),
    formatInstant(snapshot.lastSeen),
    snapshot.signature,
  ];
}

/** @throws CorruptError naming the agent, when the row cannot be read exactly */
export function readAgent(row: Row): StoredAgentSnapshot {
  const [agentName, description, subscriptions, outputTypes, labels, firstSeen, lastSeen, signature] = row;
  const cells = new Cells('snapshot of agent', typeof agentName === 'string' ? textOf(agentName) : agentName);
  return {
    agentName: cells.exact('name', agentName),
    description: cells.exact('description', description),
    subscriptions: cells.texts('subscriptions', subscriptions),
    outputTypes: cells.texts('output types', outputTypes),
    labels: cells.texts('labels', labels),
    firstSeen: cells.instant('first seen', firstSeen),
    lastSeen: cells.instant('last seen', lastSeen),
    signature: cells.exact('signature', signature),
  };
}

/** Tags that a board wrote are a sorted set, and need only a look. */
function sorted(tags: readonly string[]): readonly string[] {
  const isSorted = tags.every((tag, i) => compareText(tags[i - 1] ?? '', tag) < 0);
  return isSorted ? tags : sortedSet(tags);
}

type Cell = SqlValue | undefined;

/** Reads cells exactly, or says which one of what cannot be. */
class Cells {
  readonly #kind: string;
  readonly #key: Cell;

  /** @param key names the one of its kind in messages */
  constructor(kind: string, key: Cell) {
    this.#kind = kind;
    this.#key = key;
  }

  refuse(name: string, problem: string, cause?: unknown): never {
    throw new CorruptError(
      `Cannot read ${this.#kind} ${quote(this.#key)}: its ${name} ${problem}`,
      cause === undefined ? undefined : { cause },
    );
  }

  text(name: string, cell: Cell): string {
    return typeof cell === 'string' ? cell : this.refuse(name, `is ${quote(cell)}, not text`);
  }

  exact(name: string, cell: Cell): string {
    return textOf(this.text(name, cell));
  }

  exactOrNull(name: string, cell: Cell): string | null {
    return cell === null ? null : this.exact(name, cell);
  }

  integer(name: string, cell: Cell): number {
    return Number.isSafeInteger(cell) ? Number(cell) : this.refuse(name, `is ${quote(cell)}, not an integer`);
  }

  instant(name: string, cell: Cell): number {
    const text = this.text(name, cell);
    return (
      parseInstant(text)?.ms ?? this.refuse(name, `is ${quote(text)}, not an ISO 8601 time in the years 1 to 9999`)
    );
  }

  json(name: string, cell: Cell): unknown {
    const text = this.text(name, cell);
    try {
      return parseExactJson(text);
    } catch (error) {
      return this.refuse(name, `is ${quote(text)}, which cannot be read exactly as JSON`, error);
    }
  }

  object(name: string, cell: Cell): JsonObject {
    const value = this.json(name, cell);
    return isJsonObject(value) ? value : this.refuse(name, `is ${quote(cell)}, not a JSON object`);
  }

  /** A stored visibility can be anything; isVisibleTo takes what publish would refuse for nobody's. */
  visibility(cell: Cell): Immutable<Visibility> {
    const value = this.json('visibility', cell);
    try {
      return fromOriginal(value) as Immutable<Visibility>;
    } catch (error) {
      return this.refuse('visibility', 'is nested too deep', error);
    }
  }

  texts(name: string, cell: Cell): string[] {
    const value = this.json(name, cell);
    return Array.isArray(value) && value.every((item): item is string => typeof item === 'string')
      ? value
      : this.refuse(name, `are ${quote(cell)}, not a JSON array of strings`);
  }
}

function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const ORIGINAL_NAMES: Readonly<Record<string, string>> = { requiredLabels: 'required_labels', tenantId: 'tenant_id' };
const OUR_NAMES: Readonly<Record<string, string>> = { required_labels: 'requiredLabels', tenant_id: 'tenantId' };

/** How most visibilities are stored. */
const PUBLIC_TEXT = visibilityText(PUBLIC);

/** A visibility under the original's field names, `kind` first, as its parser wants it. */
function visibilityText(visibility: Immutable<Visibility>): string {
  return JSON.stringify(renamed(visibility, ORIGINAL_NAMES));
}

function fromOriginal(value: unknown): unknown {
  return renamed(value, OUR_NAMES);
}

function renamed(value: unknown, names: Readonly<Record<string, string>>): unknown {
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      Object.hasOwn(names, key) ? (names[key] ?? key) : key,
      key === 'then' ? renamed(item, names) : item,
    ]),
  );
}
