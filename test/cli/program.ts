import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, onTestFinished } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly input?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** The command line as it is built, in a folder of its own below the package, from where it finds what it depends on. */
export class Program {
  #folder = '';

  get path(): string {
    return join(this.#folder, 'cli/main.js');
  }

  async build(): Promise<void> {
    await mkdir(join(root, 'reports'), { recursive: true });
    this.#folder = await mkdtemp(join(root, 'reports/cli-'));
    const tsup = join(root, 'node_modules/tsup/dist/cli-default.js');
    const args = [tsup, '--no-dts', '--no-clean', '--silent', '--out-dir', this.#folder];
    await promisify(execFile)(process.execPath, args, { cwd: root });
  }

  async remove(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }

  start(args: readonly string[], { cwd, env }: RunOptions = {}): ChildProcess {
    const child = spawn(process.execPath, [this.path, ...args], { cwd, env: { ...process.env, ...env } });
    onTestFinished(() => {
      child.kill('SIGKILL');
    });
    return child;
  }

  async run(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
    const child = this.start(args, options);
    child.stdin?.on('error', () => {});
    child.stdin?.end(options.input ?? '');
    return ended(child);
  }

  /** What a command prints that succeeds and says nothing beside. */
  async ask(...args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await this.run(args);
    if (code !== 0 || stderr !== '') throw new Error(`${args.join(' ')} ended with ${String(code)}: ${stderr}`);
    return stdout;
  }

  async askJson(...args: readonly string[]): Promise<unknown> {
    return JSON.parse(await this.ask(...args)) as unknown;
  }
}

export async function ended(child: ChildProcess): Promise<Ended> {
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** Builds the program once for the tests of a file. */
export function builtProgram(): Program {
  const program = new Program();
  beforeAll(() => program.build());
  afterAll(() => program.remove());
  return program;
}
