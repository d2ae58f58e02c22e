import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import process from 'node:process';

/** How to start a browser, without a driver, whose profile lies in a folder and stays. */
export interface Command {
  readonly path: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export type CommandOf = (profile: string, url: string) => Promise<Command>;

/** A browser that nobody drives: its pages do what their addresses ask, and tell the site. */
export class Undriven {
  readonly #process: ChildProcess;

  private constructor(browser: ChildProcess) {
    this.#process = browser;
  }

  static async start(commandOf: CommandOf, profile: string, url: string): Promise<Undriven> {
    const { path, args, env } = await commandOf(profile, url);
    const browser = spawn(path, args, { stdio: 'ignore', env: { ...process.env, HOME: profile, ...env } });
    await once(browser, 'spawn');
    return new Undriven(browser);
  }

  /** Asks it to end, as a desktop does that ends. */
  async quit(): Promise<void> {
    if (this.#hasEnded) return;
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGTERM');
    await ended;
    await this.kill();
  }

  /** Ends all of its processes at once. */
  async kill(): Promise<void> {
    const family = await familyOf(this.#process.pid ?? 0);
    const ended = this.#hasEnded ? null : once(this.#process, 'exit');
    for (const pid of family) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
      }
    }
    await ended;
  }

  get #hasEnded(): boolean {
    return this.#process.exitCode !== null || this.#process.signalCode !== null;
  }
}

/** A process and all that came from it. */
async function familyOf(pid: number): Promise<number[]> {
  const parents = new Map<number, number>();
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    // Some end meanwhile.
    const status = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
    // The name in it is in brackets, and may hold any.
    const [, parent] = status.slice(status.lastIndexOf(')') + 2).split(' ');
    parents.set(Number(name), Number(parent));
  }
  const family = [pid];
  for (const member of family) for (const [child, parent] of parents) if (parent === member) family.push(child);
  return family;
}
