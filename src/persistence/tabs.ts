/** Those who use the same board in other tabs and workers, and in this one. What they tell each other are hints. */
export class Tabs {
  readonly #channel: BroadcastChannel | null;
  readonly #timer: Timer;

  /**
   * @param pollInterval milliseconds until the next look, for a hint that never came: whoever should have sent it was killed
   * @param onHint called when somebody else may have written
   */
  constructor(name: string, pollInterval: number, onHint: () => void) {
    this.#channel = openChannel(name);
    this.#channel?.addEventListener('message', onHint);
    this.#timer = setInterval(onHint, pollInterval);
    for (const each of [this.#channel, this.#timer]) letEnd(each);
  }

  /** Tells the others that something was written. */
  tell(): void {
    this.#channel?.postMessage(null);
  }

  close(): void {
    this.#channel?.close();
    clearInterval(this.#timer);
  }
}

type Timer = ReturnType<typeof setInterval>;

/** Null where there is none to be had: the next look finds then what a hint would have told of. */
function openChannel(name: string): BroadcastChannel | null {
  if (typeof BroadcastChannel === 'undefined') return null;
  try {
    return new BroadcastChannel(name);
  } catch {
    // Firefox refuses it to a site whose cookies its user blocks. Whether the site may store anything is not for it to tell.
    return null;
  }
}

/** Node stays alive for what waits, unless it is told not to. */
function letEnd(waiting: { readonly unref?: () => unknown } | Timer | BroadcastChannel | null): void {
  if (typeof waiting === 'object' && waiting !== null && 'unref' in waiting) waiting.unref();
}
