import { once } from 'node:events';
import process from 'node:process';
import { Progress } from './progress.ts';
import { visible } from './text.ts';

/** Ends a command that nobody reads any longer, as `| head` does: quietly, and as it would have ended. */
export class NobodyReads extends Error {
  override readonly name = 'NobodyReads';
}

/** Ends a command that was told to stop. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
  /** As a shell reports the death by this signal. */
  readonly exitCode: number;
  constructor(signal: 'SIGINT' | 'SIGTERM') {
    super('interrupted');
    this.exitCode = signal === 'SIGINT' ? 130 : 143;
  }
}

/** Colours of the terminal, by what they say. */
const STYLES = { heading: 1, quiet: 2, good: 32, warning: 33, bad: 31 } as const;

/** One run of the command line: what it prints to, and what stops it. */
export class Session {
  readonly #controller = new AbortController();
  /** What the process ends with when nothing fails. */
  exitCode = 0;

  /** Listens to Ctrl-C, to a request to end, and to the end of whoever reads the output. */
  begin(): void {
    for (const name of ['SIGINT', 'SIGTERM'] as const) {
      process.on(name, () => {
        const reason = new Interrupted(name);
        // Told twice, whoever waits does not want to wait.
        if (this.signal.aborted) process.exit(reason.exitCode);
        this.#controller.abort(reason);
      });
    }
    process.stdout.on('error', (error: NodeJS.ErrnoException) => {
      this.#controller.abort(error.code === 'EPIPE' ? new NobodyReads() : error);
    });
    process.stderr.on('error', () => undefined);
  }

  /** Aborted when the command is to stop; commands that take long hand it on. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Whether people read the output: then it is tables and colours, and otherwise it is for programs. */
  get isTerminal(): boolean {
    return process.stdout.isTTY;
  }

  /** Characters in a line of the terminal. */
  get width(): number {
    return process.stdout.columns || 80;
  }

  paint(style: keyof typeof STYLES, text: string): string {
    // https://no-color.org
    if (!this.isTerminal || process.env['NO_COLOR']) return text;
    return `\u001b[${String(STYLES[style])}m${text}\u001b[0m`;
  }

  /** Prints a line of data. Resolves when there is room for the next one. */
  async print(line: string): Promise<void> {
    await this.write(`${line}\n`);
  }

  async write(text: string): Promise<void> {
    this.signal.throwIfAborted();
    if (!process.stdout.write(text)) await once(process.stdout, 'drain', { signal: this.signal }).catch(this.#rethrow);
  }

  /** Says something beside the data. */
  note(text: string): void {
    process.stderr.write(`boardlite: ${visible(text)}\n`);
  }

  /** Says all there is to say about an error, in as many lines as it takes. */
  debug(text: string): void {
    process.stderr.write(`${text}\n`);
  }

  /** Shows how far long work is, where people can see it. */
  progress(): Progress {
    return new Progress(process.stderr);
  }

  /** Node wraps the reason of a signal. */
  readonly #rethrow = (error: unknown): never => {
    this.signal.throwIfAborted();
    throw error;
  };
}
