import type { Board, Counts, Matches } from '../core/board.ts';
import {
  compareArtifacts,
  compareConsumptions,
  consumptionKey,
  type Fact,
  type StoredAgentSnapshot,
  type StoredArtifact,
  type StoredConsumption,
} from '../core/fact.ts';
import { matcher, type Selection } from '../core/filter.ts';
import type { Window } from '../core/page.ts';
import { compareText } from '../core/text.ts';
import { kindOf } from '../core/visibility.ts';
import { SortedArtifacts } from './sorted-artifacts.ts';

/** The board as plain collections. Where two backends disagree, this one is right. */
export class MemoryBoard implements Board {
  readonly #byId = new Map<string, StoredArtifact>();
  readonly #all = new SortedArtifacts();
  readonly #byType = new Map<string, SortedArtifacts>();
  /** Per artifact id, by what makes a consumption the same as another. They stay when the artifact is replaced. */
  readonly #consumptions = new Map<string, Map<string, StoredConsumption>>();
  readonly #agents = new Map<string, StoredAgentSnapshot>();
  #sequence = 0;

  get sequence(): number {
    return this.#sequence;
  }

  hasArtifact(id: string): boolean {
    return this.#byId.has(id);
  }

  hasTypeName(name: string): boolean {
    return Boolean(this.#byType.get(name)?.length);
  }

  hasConsumption(consumption: StoredConsumption): boolean {
    return this.#consumptions.get(consumption.artifactId)?.has(consumptionKey(consumption)) ?? false;
  }

  countBefore(instant: number): number {
    return this.#all.countBefore(instant);
  }

  apply(facts: readonly Fact[]): void {
    for (const fact of facts) this.#applyOne(fact);
  }

  #applyOne(fact: Fact): void {
    switch (fact.kind) {
      case 'artifact':
        this.#put(fact.artifact);
        this.#sequence = fact.artifact.sequence;
        return;
      case 'consumption': {
        const { artifactId } = fact.consumption;
        const records = this.#consumptions.get(artifactId) ?? new Map<string, StoredConsumption>();
        this.#consumptions.set(artifactId, records.set(consumptionKey(fact.consumption), fact.consumption));
        this.#sequence = fact.sequence;
        return;
      }
      case 'agent':
        this.#agents.set(fact.snapshot.agentName, fact.snapshot);
        this.#sequence = fact.sequence;
        return;
      case 'agents-cleared':
        this.#agents.clear();
        return;
      case 'deletion':
        for (const { id } of this.#all.removeBefore(fact.before)) {
          this.#byId.delete(id);
          this.#consumptions.delete(id);
        }
        for (const ofType of this.#byType.values()) ofType.removeBefore(fact.before);
        this.#sequence = fact.sequence;
    }
  }

  #put(artifact: StoredArtifact): void {
    const replaced = this.#byId.get(artifact.id);
    if (replaced) {
      this.#all.remove(replaced);
      this.#byType.get(replaced.type)?.remove(replaced);
    }
    this.#byId.set(artifact.id, artifact);
    this.#all.add(artifact);
    const ofType = this.#byType.get(artifact.type) ?? new SortedArtifacts();
    ofType.add(artifact);
    this.#byType.set(artifact.type, ofType);
  }

  get(id: string): StoredArtifact | null {
    return this.#byId.get(id) ?? null;
  }

  page(selection: Selection, window: Window): Matches {
    const { after, order, offset, counted } = window;
    const end = offset + window.limit;
    // A page that goes on looks at nothing before the place where it does.
    const bounds =
      order === 'asc' ? { start: after?.createdAt ?? selection.start } : { end: after?.createdAt ?? selection.end };
    const candidates = this.#candidates({ ...selection, ...bounds });
    const direction = order === 'asc' ? 1 : -1;
    const isMatch = matcher(selection);
    const matching: StoredArtifact[] = [];
    for (const artifact of order === 'asc' ? candidates : candidates.toReversed()) {
      // Whether something follows is known with the first that does.
      if (!counted && matching.length > end) break;
      if (after !== null && compareArtifacts(artifact, after) * direction <= 0) continue;
      if (isMatch(artifact)) matching.push(artifact);
    }
    return {
      artifacts: matching.slice(offset, end),
      unreadable: [],
      more: matching.length > end,
      total: counted ? matching.length : null,
    };
  }

  consumptionsOf(ids: readonly string[]): Map<string, StoredConsumption[]> {
    return new Map(ids.map((id) => [id, this.#recordsOf(id).sort(compareConsumptions)]));
  }

  counts(selection: Selection): Counts {
    const artifacts = this.#matching(selection);
    return {
      total: artifacts.length,
      byType: countBy(artifacts.map(({ type }) => type)),
      byProducer: countBy(artifacts.map(({ producedBy }) => producedBy)),
      byVisibility: countBy(artifacts.map(({ visibility }) => kindOf(visibility))),
      byTag: countBy(artifacts.flatMap(({ tags }) => tags)),
      earliest: artifacts[0]?.createdAt ?? null,
      latest: artifacts.at(-1)?.createdAt ?? null,
    };
  }

  producedBy(agent: string, selection: Selection): Map<string, number> {
    return countBy(this.#matching(selection).flatMap(({ producedBy, type }) => (producedBy === agent ? [type] : [])));
  }

  consumedBy(agent: string, selection: Selection): Map<string, number> {
    return countBy(
      this.#matching(selection).flatMap(({ id, type }) =>
        this.#recordsOf(id).flatMap(({ consumer }) => (consumer === agent ? [type] : [])),
      ),
    );
  }

  #recordsOf(id: string): StoredConsumption[] {
    return [...(this.#consumptions.get(id)?.values() ?? [])];
  }

  hasAgents(): boolean {
    return this.#agents.size > 0;
  }

  agents(): StoredAgentSnapshot[] {
    return [...this.#agents.values()].sort((a, b) => compareText(a.agentName, b.agentName));
  }

  /** Nothing to give back: what is deleted is gone. */
  vacuum(): void {
    return;
  }

  size(): { artifacts: number; consumptions: number; agents: number; bytes: null } {
    let consumptions = 0;
    for (const records of this.#consumptions.values()) consumptions += records.size;
    return { artifacts: this.#byId.size, consumptions, agents: this.#agents.size, bytes: null };
  }

  /** In the board's order. */
  #matching(selection: Selection): StoredArtifact[] {
    return this.#candidates(selection).filter(matcher(selection));
  }

  /** All that can match, by the narrowest index that the selection allows; in the board's order. */
  #candidates({ ids, typeNames, start, end }: Selection): readonly StoredArtifact[] {
    if (ids !== undefined) return ids.flatMap((id) => this.#byId.get(id) ?? []).sort(compareArtifacts);
    if (typeNames === undefined) return this.#all.between(start, end);
    const ofTypes = typeNames.flatMap((name) => this.#byType.get(name)?.between(start, end) ?? []);
    return typeNames.length === 1 ? ofTypes : ofTypes.sort(compareArtifacts);
  }
}

function countBy(values: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}
