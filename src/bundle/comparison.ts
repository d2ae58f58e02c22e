import type { AgentSnapshot, ArtifactEnvelope, ConsumptionRecord, NamedDraft } from '../core/artifact.ts';
import { ConflictError, CorruptError } from '../core/errors.ts';
import { consumptionKey } from '../core/fact.ts';
import { restoringDraft } from '../core/restoring.ts';
import type { BlackboardStore } from '../core/store.ts';
import { quote } from '../core/text.ts';
import { ACTION, agentLine, artifactLine, consumptionLine, restoredLine } from './format.ts';
import type { BundleRecord } from './read-record.ts';

/** What is done when the board has something else. */
export type OnConflict = 'fail' | 'skip' | 'replace';

/** What an import does with the records of one kind. */
export interface ImportCounts {
  /** Not on the board before. */
  readonly added: number;
  /** On the board already, and equal. */
  readonly unchanged: number;
  /** Taken from the bundle, in place of what the board had. */
  readonly replaced: number;
  /** Left as the board has them, although the bundle has something else. */
  readonly skipped: number;
}

export interface ImportReport {
  readonly artifacts: ImportCounts;
  readonly consumptions: ImportCounts;
  readonly agents: ImportCounts;
  /** Records that differ from what the board has under the same id or name, whatever was done about them. */
  readonly conflicts: number;
  /** The first of them: `artifact "0192…"`, `agent "scout"`. */
  readonly firstConflicts: readonly string[];
}

/** What a batch of records changes on the board. */
export interface Changes {
  readonly artifacts: NamedDraft[];
  readonly consumptions: ConsumptionRecord[];
  readonly agents: AgentSnapshot[];
}

const SHOWN_CONFLICTS = 10;
type Counts = { -readonly [K in keyof ImportCounts]: ImportCounts[K] };

/** What is in a bundle, held against what is on the board. */
export class Comparison {
  readonly #store: BlackboardStore;
  readonly #onConflict: OnConflict;
  readonly #signal: AbortSignal | undefined;
  readonly #counts = { artifacts: zero(), consumptions: zero(), agents: zero() };
  #conflicts = 0;
  readonly #firstConflicts: string[] = [];
  /** The artifact whose consumptions are being read, and those read so far. */
  #read = { artifactId: '', keys: new Set<string>() };

  constructor(store: BlackboardStore, onConflict: OnConflict, signal: AbortSignal | undefined) {
    this.#store = store;
    this.#onConflict = onConflict;
    this.#signal = signal;
  }

  get report(): ImportReport {
    return { ...this.#counts, conflicts: this.#conflicts, firstConflicts: this.#firstConflicts };
  }

  /** @throws ConflictError when there was a conflict */
  refuseConflicts(consequence: string): void {
    if (this.#conflicts === 0) return;
    const more = this.#conflicts - this.#firstConflicts.length;
    const others = more > 0 ? ` and ${more} more` : '';
    throw new ConflictError(
      `Cannot ${ACTION}: the board has something else as ${this.#firstConflicts.join(', ')}${others}; ${consequence}`,
    );
  }

  async compare(records: readonly BundleRecord[]): Promise<Changes> {
    const board = await this.#look(records);
    const changes: Changes = { artifacts: [], consumptions: [], agents: [] };
    for (const record of records) {
      switch (record.kind) {
        case 'artifact': {
          const { artifact } = record;
          const known = board.artifacts.get(artifact.id);
          const isEqual = known !== undefined && artifactLine(known.artifact) === restoredLine(artifact);
          if (this.#decide('artifacts', known, isEqual, `artifact ${quote(artifact.id)}`))
            changes.artifacts.push(restoringDraft(artifact));
          break;
        }
        case 'consumption': {
          const { consumption } = record;
          const key = consumptionKey(consumption);
          const same = this.#isRepeated(consumption, key) ? [consumption] : board.consumptions.get(key);
          const line = consumptionLine(consumption);
          const isEqual = same?.some((one) => consumptionLine(one) === line) === true;
          const subject = `consumption of ${quote(consumption.artifactId)} by ${quote(consumption.consumer)}`;
          if (this.#decide('consumptions', same?.[0], isEqual, subject)) changes.consumptions.push(consumption);
          break;
        }
        case 'agent': {
          const { snapshot } = record;
          const known = board.agents.get(snapshot.agentName);
          const isEqual = known !== undefined && agentLine(known) === agentLine(snapshot);
          if (this.#decide('agents', known, isEqual, `agent ${quote(snapshot.agentName)}`))
            changes.agents.push(snapshot);
        }
      }
    }
    return changes;
  }

  /** In this order, so that wherever it stops, the board is whole and the rest can follow. */
  async write({ artifacts, consumptions, agents }: Changes): Promise<void> {
    const options = { signal: this.#signal };
    if (artifacts.length > 0) await this.#store.publishMany(artifacts, options);
    if (consumptions.length > 0) await this.#store.recordConsumptions(consumptions, options);
    for (const snapshot of agents) await this.#store.upsertAgentSnapshot(snapshot, options);
  }

  /** Whether the bundle has said of the same artifact that it was consumed so, as boards of the original can: the first time counts. */
  #isRepeated({ artifactId }: ConsumptionRecord, key: string): boolean {
    if (this.#read.artifactId !== artifactId) this.#read = { artifactId, keys: new Set() };
    const { keys } = this.#read;
    if (keys.has(key)) return true;
    keys.add(key);
    return false;
  }

  /** Whether the record is to be written. */
  #decide(kind: keyof Changes, known: unknown, isEqual: boolean, subject: string): boolean {
    const counts = this.#counts[kind];
    if (known === undefined) {
      counts.added++;
      return true;
    }
    if (isEqual) {
      counts.unchanged++;
      return false;
    }
    this.#conflicts++;
    if (this.#firstConflicts.length < SHOWN_CONFLICTS) this.#firstConflicts.push(subject);
    const isReplaced = this.#onConflict === 'replace' && kind !== 'consumptions';
    if (this.#onConflict !== 'fail') counts[isReplaced ? 'replaced' : 'skipped']++;
    return isReplaced;
  }

  /** What the board has of that which the records are about. */
  async #look(records: readonly BundleRecord[]) {
    const ids = new Set(
      records.flatMap((record) => {
        if (record.kind === 'agent') return [];
        return [record.kind === 'artifact' ? record.artifact.id : record.consumption.artifactId];
      }),
    );
    const names = new Set(records.flatMap((record) => (record.kind === 'agent' ? [record.snapshot.agentName] : [])));
    const artifacts = await this.#find(ids);
    return { artifacts, consumptions: groupedByKey(artifacts.values()), agents: await this.#findAgents(names) };
  }

  async #find(ids: ReadonlySet<string>): Promise<Map<string, ArtifactEnvelope>> {
    const page = { limit: Infinity, embedMeta: true, signal: this.#signal } as const;
    const { items, total } = ids.size === 0 ? { items: [], total: 0 } : await this.#store.queryArtifacts({ ids }, page);
    const found = new Map(items.map((envelope) => [envelope.artifact.id, envelope]));
    // One that cannot be read is left out of a page, and must not be taken for one that is not there.
    if (total !== items.length) {
      for (const id of ids) if (!found.has(id)) await this.#store.get(id, { signal: this.#signal });
    }
    return found;
  }

  async #findAgents(names: ReadonlySet<string>): Promise<Map<string, AgentSnapshot>> {
    if (names.size === 0) return new Map();
    const options = { signal: this.#signal };
    // Called in one go, so that they are about one board.
    const [agents, { agents: all }] = await Promise.all([
      this.#store.loadAgentSnapshots(options),
      this.#store.stats(options),
    ]);
    const found = new Map(agents.map((snapshot) => [snapshot.agentName, snapshot]));
    const missing = [...names].find((name) => !found.has(name));
    // One that cannot be read is left out, and nobody can tell which of the missing ones it is.
    if (all > agents.length && missing !== undefined) {
      throw new CorruptError(
        `Cannot ${ACTION}: ${all - agents.length} of the ${all} agents on the board cannot be read exactly, ` +
          `and agent ${quote(missing)} may be one of them`,
      );
    }
    return found;
  }
}

function zero(): Counts {
  return { added: 0, unchanged: 0, replaced: 0, skipped: 0 };
}

function groupedByKey(envelopes: Iterable<ArtifactEnvelope>): Map<string, ConsumptionRecord[]> {
  const groups = new Map<string, ConsumptionRecord[]>();
  for (const { consumptions } of envelopes) {
    for (const each of consumptions) {
      const key = consumptionKey(each);
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [each]);
      else group.push(each);
    }
  }
  return groups;
}
