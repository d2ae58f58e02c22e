import { callback, signal } from '../core/checks.ts';

/** How far an export or import is, in artifacts. An import checks the bundle first, and then writes. */
export interface BundleProgress {
  readonly phase: 'export' | 'check' | 'import';
  readonly done: number;
  readonly total: number;
}

/** How an export or import is watched and stopped. */
export interface BundleWork {
  /** Stops the work; it rejects with `signal.reason`. */
  readonly signal?: AbortSignal | undefined;
  /** Called after each page or batch, with `done` equal to `total` at the end of each phase. What it throws ends the work. */
  readonly onProgress?: ((progress: BundleProgress) => void) | undefined;
}

export const workFields = {
  signal,
  onProgress: callback<(progress: BundleProgress) => void>(),
};

/** How long work goes on before others get a turn, in milliseconds. */
const SLICE = 40;

/** Gives others a turn now and then: timers, signals, the page. A store in memory never waits by itself. */
export class Pauses {
  readonly #signal: AbortSignal | undefined;
  #start = performance.now();

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
  }

  /** @throws the reason of the signal */
  async pause(): Promise<void> {
    this.#signal?.throwIfAborted();
    if (performance.now() - this.#start < SLICE) return;
    await new Promise((resolve) => setTimeout(resolve));
    this.#signal?.throwIfAborted();
    this.#start = performance.now();
  }
}
