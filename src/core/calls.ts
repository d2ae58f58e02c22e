import { checkCallOptions } from './call.ts';
import { ClosedError } from './errors.ts';
import { OperationLog, type OperationStats } from './operations.ts';
import type { CallOptions } from './store.ts';
import { Turns } from './turns.ts';

/** Told of each call that has ended: the method's name, how long it took, and what it came to. */
export type Observe = (name: string, ms: number, failed: boolean, outcome: unknown) => void;

/** The calls of one store: each has its turn, is counted and timed, and is refused once the store is closed. */
export class Calls {
  readonly #turns: Turns;
  readonly #observe: Observe | undefined;
  readonly #operations = new OperationLog();
  /** Those that wait, and those that ended well. */
  #closings = 0;
  #released = false;

  constructor(turns = new Turns(), observe?: Observe) {
    this.#turns = turns;
    this.#observe = observe;
  }

  /** Carries out one public call; `body` runs at once, inside the call. */
  async carryOut<T>(name: string, options: unknown, body: (options: CallOptions) => T | Promise<T>): Promise<T> {
    const start = performance.now();
    let failed = true;
    let outcome: unknown;
    try {
      if (this.#closings > 0) throw new ClosedError(`Cannot call ${name}: the store is closed`);
      const result = await body(checkCallOptions(options, name));
      failed = false;
      outcome = result;
      return result;
    } catch (error) {
      outcome = error;
      throw error;
    } finally {
      const ms = performance.now() - start;
      this.#operations.record(name, ms, failed);
      this.#observe?.(name, ms, failed, outcome);
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
