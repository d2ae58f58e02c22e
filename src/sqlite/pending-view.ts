import type { BoardView } from '../core/board.ts';
import { consumptionKey, type Fact, type StoredArtifact, type StoredConsumption } from '../core/fact.ts';
import type { SqliteBoard } from './sqlite-board.ts';

/**
 * The board as it will be when the facts of a group are accepted: calls of a group see those before them, while the board
 * itself shows nothing that is not accepted. A deletion is alone in its group, so none is ever pending when it is asked.
 */
export class PendingView implements BoardView {
  readonly #board: SqliteBoard;
  readonly #typeById = new Map<string, string>();
  /** How many of them are of each type. */
  readonly #countByType = new Map<string, number>();
  readonly #consumptions = new Set<string>();
  #agents: boolean | null = null;
  sequence: number;

  constructor(board: SqliteBoard) {
    this.#board = board;
    this.sequence = board.sequence;
  }

  add(facts: readonly Fact[]): void {
    for (const fact of facts) {
      if (fact.kind === 'artifact') this.#put(fact.artifact);
      else if (fact.kind === 'consumption') this.#consumptions.add(consumptionKey(fact.consumption));
      else if (fact.kind === 'agent') this.#agents = true;
      else if (fact.kind === 'agents-cleared') this.#agents = false;
      this.sequence = sequenceAfter(fact, this.sequence);
    }
  }

  #put({ id, type }: StoredArtifact): void {
    const replaced = this.#typeById.get(id);
    if (replaced !== undefined) this.#countByType.set(replaced, (this.#countByType.get(replaced) ?? 0) - 1);
    this.#typeById.set(id, type);
    this.#countByType.set(type, (this.#countByType.get(type) ?? 0) + 1);
  }

  hasArtifact(id: string): boolean {
    return this.#typeById.has(id) || this.#board.hasArtifact(id);
  }

  hasTypeName(name: string): boolean {
    if ((this.#countByType.get(name) ?? 0) > 0) return true;
    return this.#typeById.size === 0 ? this.#board.hasTypeName(name) : this.#board.hasTypeBeside(name, this.#typeById);
  }

  hasConsumption(consumption: StoredConsumption): boolean {
    return this.#consumptions.has(consumptionKey(consumption)) || this.#board.hasConsumption(consumption);
  }

  countBefore(instant: number): number {
    return this.#board.countBefore(instant);
  }

  hasAgents(): boolean {
    return this.#agents ?? this.#board.hasAgents();
  }
}

function sequenceAfter(fact: Fact, last: number): number {
  if (fact.kind === 'artifact') return fact.artifact.sequence;
  return fact.kind === 'agents-cleared' ? last : fact.sequence;
}
