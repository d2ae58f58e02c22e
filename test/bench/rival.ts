import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import type { Sample } from './work.ts';

/** What a rival says of itself when its board is filled. */
export interface Filled {
  /** Milliseconds from the start of the process to the first artifact published; null where that says nothing. */
  readonly coldStart: number | null;
  /** Milliseconds for all others, many at a time. */
  readonly load: number;
}

export interface Answer {
  readonly sample: Sample | null;
  /** Bytes handed to the system to write; null where that is not known. */
  readonly bytes: number | null;
}

/** Makes what a rival is told of the index of the first entry that is not on the board. */
export type ToInput = (what: string, first: number) => unknown;

/** A contestant in a process of its own, so that none pays for the memory or the compiled code of another. */
export class Rival {
  readonly name: string;
  readonly filled: Filled;
  readonly #process: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly #toInput: ToInput;

  private constructor(
    name: string,
    filled: Filled,
    process: ChildProcess,
    lines: AsyncIterator<string>,
    toInput: ToInput,
  ) {
    this.name = name;
    this.filled = filled;
    this.#process = process;
    this.#lines = lines;
    this.#toInput = toInput;
  }

  /** Starts it and waits until its board is filled. */
  static async start(
    name: string,
    command: string,
    args: readonly string[],
    toInput: ToInput = (_, first) => first,
  ): Promise<Rival> {
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    await once(child, 'spawn');
    const lines = linesOf(child)[Symbol.asyncIterator]();
    return new Rival(name, (await next(lines, name)) as Filled, child, lines, toInput);
  }

  async ask(what: string, first: number): Promise<Answer> {
    this.#process.stdin?.write(`${JSON.stringify({ what, first: this.#toInput(what, first) })}\n`);
    return (await next(this.#lines, this.name)) as Answer;
  }

  /** What a process answers that measures by itself. */
  async figures<T>(): Promise<T> {
    this.#process.stdin?.write(`${JSON.stringify({ what: 'figures' })}\n`);
    return (await next(this.#lines, this.name)) as T;
  }

  /** Ends it. Returns the most memory it held, in bytes, where that is known. */
  async end(): Promise<number | null> {
    const ended = once(this.#process, 'exit');
    this.#process.stdin?.write(`${JSON.stringify({ what: 'end', first: 0 })}\n`);
    const { peak } = (await next(this.#lines, this.name)) as { peak: number | null };
    this.#process.stdin?.end();
    await ended;
    return peak;
  }

  /** Ends it when something has gone wrong. */
  kill(): void {
    this.#process.kill('SIGKILL');
  }
}

function linesOf({ stdout }: ChildProcess): Interface {
  if (stdout === null) throw new Error('no output');
  return createInterface({ input: stdout });
}

async function next(lines: AsyncIterator<string>, name: string): Promise<unknown> {
  const line = await lines.next();
  if (line.done === true) throw new Error(`${name} has ended without an answer`);
  return JSON.parse(line.value) as unknown;
}
