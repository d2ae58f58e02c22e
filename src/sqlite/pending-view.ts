import type { BoardView } from '../core/board.ts';
import { consumptionKey, type Fact, type StoredConsumption } from '../core/fact.ts';
import type { SqliteBoard } from './sqlite-board.ts';

/**
 * The board as it will be when the facts of a group are accepted: calls of a group see those before them, while the board
 * itself shows nothing that is not accepted. A deletion is alone in its group, so none is ever pending when it is asked.
 */
export class PendingView implements BoardView {
  readonly #board: SqliteBoard;
  readonly #typeById = new Map<string, string>();
  readonly #consumptions = new Set<string>();
  #agents: boolean | null = null;
  sequence: number;

  constructor(board: SqliteBoard) {
    this.#board = board;
    this.sequence = board.sequence;
  }

  add(facts: readonly Fact[]): void {
    for (const fact of facts) {
      if (fact.kind === 'artifact') this.#typeById.set(fact.artifact.id, fact.artifact.type);
      else if (fact.kind === 'consumption') this.#consumptions.add(consumptionKey(fact.consumption));
      else if (fact.kind === 'agent') this.#agents = true;
      else if (fact.kind === 'agents-cleared') this.#agents = false;
      this.sequence = sequenceAfter(fact, this.sequence);
    }
  }

  hasArtifact(id: string): boolean {
    return this.#typeById.has(id) || this.#board.hasArtifact(id);
  }

  hasTypeName(name: string): boolean {
    if ([...this.#typeById.values()].includes(name)) return true;
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
