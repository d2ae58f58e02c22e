import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { commandLineIn } from '../command-line.ts';
import type { Candidate, Program } from '../program.ts';
import type { ColdStart } from '../suite/cold-start.ts';
import type { Answer, Task } from '../suite/host.ts';
import { installed, missingFile } from './installed.ts';

const run = promisify(execFile);

/** Programs in files, which Node, Deno and Bun run each in a process. */
interface Command {
  readonly name: string;
  readonly path: string;
  /** @param folder the only one that it may read and write */
  args(folder: string): readonly string[];
  readonly briefSuite: 'durable' | 'place';
  /** What the command line needs beside that. */
  readonly moreForCommands?: readonly string[];
}

const node = (version: number): Command => ({
  name: `Node ${String(version)}`,
  path: installed(`node${String(version)}/bin/node`),
  args: () => [],
  // The engine is that of Chromium, and the whole contracts run in Node from the source.
  briefSuite: 'place',
});

/**
 * What boardlite needs for files: to read and write them, to name the host in the lock, to know whose they are, and to
 * ask whether the process that has left a lock is still there.
 */
const denoPermissions = (folder: string) => [
  `--allow-read=${folder}`,
  `--allow-write=${folder}`,
  '--allow-sys=hostname,uid',
  // Deno has no part of this permission that allows a signal alone.
  '--allow-run',
];

const commands: readonly Command[] = [
  ...[20, 22, 24, 26].map(node),
  {
    name: 'Deno',
    path: installed('deno/deno'),
    args: (folder) => [
      ...['run', '--no-remote', '--cached-only', '--node-modules-dir=manual', '--no-prompt', '--quiet'],
      ...denoPermissions(folder),
    ],
    briefSuite: 'durable',
    // Where it says how wide a terminal is, and whether there are to be colours.
    moreForCommands: ['--allow-env'],
  },
  { name: 'Bun', path: installed('bun/bin/bun'), args: () => ['run'], briefSuite: 'durable' },
];

/** Whether somebody is to be told how slow a start of Deno is: it looks for news of itself otherwise. */
const env = { ...process.env, DENO_NO_UPDATE_CHECK: '1', NO_COLOR: '1' };

class ProcessProgram implements Program {
  readonly #command: Command;
  readonly #folder: string;
  readonly #boards: string;
  readonly #running = new Set<ChildProcess>();

  constructor(command: Command, folder: string, boards: string) {
    this.#command = command;
    this.#folder = folder;
    this.#boards = boards;
  }

  async perform(task: Task): Promise<Answer> {
    const args = [...this.#command.args(this.#folder), 'process.js', this.#boards, JSON.stringify(task)];
    const child = spawn(this.#command.path, args, { cwd: this.#folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#running.add(child);
    let errors = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
    for await (const line of createInterface({ input: child.stdout })) {
      if (line.startsWith('{')) return JSON.parse(line) as Answer;
      errors += `${line}\n`;
    }
    throw new Error(`no answer: ${errors}`);
  }

  async end(): Promise<void> {
    const living = [...this.#running].filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
    await Promise.all(
      living.map((child) => {
        const ended = once(child, 'exit');
        child.kill('SIGKILL');
        return ended;
      }),
    );
    this.#running.clear();
  }
}

export const processes: readonly Candidate[] = commands.map((command) => ({
  name: command.name,
  missing: () => missingFile(command.path),
  async start(folder) {
    const { stdout } = await run(command.path, ['--version'], { env });
    const boards = await mkdtemp(join(folder, 'boards-'));
    return {
      version: /\d+\.\d+\.\d+/.exec(stdout)?.[0] ?? stdout.trim(),
      scopes: [
        {
          name: 'process',
          isDurable: true,
          suite: 'all',
          briefSuite: command.briefSuite,
          start: async () => new ProcessProgram(command, folder, boards),
        },
      ],
      checks: commandLineIn({
        path: command.path,
        args: [...command.args(folder), ...(command.moreForCommands ?? [])],
        env,
        folder,
        boards,
      }),
      async coldStart(subject) {
        const args = [...command.args(folder), 'process-start.js', subject];
        const printed = await run(command.path, args, { cwd: folder, env });
        return JSON.parse(printed.stdout) as ColdStart;
      },
      async close() {
        // Its processes have ended.
      },
    };
  },
}));
