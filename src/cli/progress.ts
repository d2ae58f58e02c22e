/** Where progress is shown. */
interface Screen {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** What is quicker than this shows nothing. */
const PATIENCE_MS = 400;
const INTERVAL_MS = 100;
const ERASE_LINE = '\r\u001b[K';

/** A line that says how far work is, and goes when all of it is done. Only on a terminal. */
export class Progress {
  readonly #screen: Screen;
  readonly #start = performance.now();
  #last = 0;
  #isShown = false;

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  show(what: string, done: number, total: number): void {
    if (done >= total) {
      this.end();
      return;
    }
    const now = performance.now();
    if (this.#screen.isTTY !== true || now - this.#start < PATIENCE_MS || now - this.#last < INTERVAL_MS) return;
    this.#last = now;
    this.#isShown = true;
    this.#screen.write(`${ERASE_LINE}${what}: ${String(Math.floor((done / total) * 100))} %`);
  }

  end(): void {
    if (this.#isShown) this.#screen.write(ERASE_LINE);
    this.#isShown = false;
  }
}
