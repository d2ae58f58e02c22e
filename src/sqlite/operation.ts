import { OperationLog } from '../core/operations.ts';
import { guarded } from './store-event.ts';

/** One call of a store that has ended. */
export interface StoreOperation {
  /** The method's name: `publish`, `queryArtifacts`, … */
  readonly name: string;
  /** Milliseconds from the call to its settlement. */
  readonly ms: number;
  /** How many rows it gave: the items of a list or a page, 1 for one artifact; 0 where it gives none, or failed. */
  readonly rows: number;
  /** What it failed with. */
  readonly error?: unknown;
}

export type OnOperation = (operation: StoreOperation) => void;

/** Tells of each call as it is counted. */
export class ToldOperations extends OperationLog {
  readonly #tell: OnOperation;

  constructor(onOperation: OnOperation | undefined) {
    super();
    this.#tell = guarded(onOperation);
  }

  override record(name: string, ms: number, failed: boolean, outcome?: unknown): void {
    super.record(name, ms, failed);
    this.#tell(failed ? { name, ms, rows: 0, error: outcome } : { name, ms, rows: rowsOf(outcome) });
  }
}

function rowsOf(outcome: unknown): number {
  if (Array.isArray(outcome)) return outcome.length;
  if (typeof outcome !== 'object' || outcome === null) return 0;
  if ('items' in outcome) return rowsOf(outcome.items);
  return 'sequence' in outcome && 'payload' in outcome ? 1 : 0;
}
