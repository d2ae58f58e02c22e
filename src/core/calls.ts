import { checkCallOptions } from './call.ts';
import { ClosedError } from './errors.ts';
import { OperationLog, type OperationStats } from './operations.ts';
import type { CallOptions } from './store.ts';
import { Turns } from './turns.ts';

/** The calls of one store: each has its turn, is counted and timed, and is refused once the store is closed. */
export class Calls {
  readonly #turns: Turns;
  readonly #operations: OperationLog;
  /** Those that wait, and those that ended well. */
  #closings = 0;
  #released = false;

  constructor(turns = new Turns(), operations = new OperationLog()) {
    this.#turns = turns;
    this.#operations = operations;
  }

  /** Carries out one public call; `body` runs at once, inside the call. */
  async carryOut<T>(name: string, options: unknown, body: (options: CallOptions) => T | Promise<T>): Promise<T> {
    const start = performance.now();
    const end = (failed: boolean, outcome: unknown) => {
      this.#operations.record(name, performance.now() - start, failed, outcome);
    };
    try {
      if (this.#closings > 0) throw new ClosedError(`Cannot call ${name}: the store is closed`);
      const result = await body(checkCallOptions(options, name));
      end(false, result);
      return result;
    } catch (error) {
      end(true, error);
      throw error;
    }
  }

  /** Carries out the step of a call in its turn; see {@link Turns.take}. */
  take<T>(signal: AbortSignal | undefined, step: () => T | Promise<T>, preparation?: Promise<unknown>): Promise<T> {
    return this.#turns.take(step, preparation, signal);
  }

  /**
   * Ends the calls with one last turn. While that lasts and after it, calls are refused; when it fails or is aborted, they
   * are welcome again. Whoever closes waits for a turn of their own, and what the first did right is not done again.
   */
  async close(signal: AbortSignal | undefined, release: () => Promise<void>): Promise<void> {
    this.#closings++;
    try {
      await this.#turns.take(() => (this.#released ? undefined : release()), undefined, signal);
      this.#released = true;
    } catch (error) {
      this.#closings--;
      throw error;
    }
  }

  stats(): Record<string, OperationStats> {
    return this.#operations.stats();
  }
}
