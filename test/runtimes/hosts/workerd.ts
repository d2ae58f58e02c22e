import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Candidate, Program, Scope } from '../program.ts';
import type { ColdStart } from '../suite/cold-start.ts';
import type { Answer, Task } from '../suite/host.ts';
import { freePort } from './free-port.ts';
import { installed, missingFile } from './installed.ts';

const run = promisify(execFile);
const path = installed('workerd/bin/workerd');

/** Every file of the worker is a module of the program, the WebAssembly among them. */
async function configOf(worker: string, port: number, disk: string): Promise<string> {
  const names = (await readdir(worker)).filter((name) => /\.(js|wasm)$/.test(name));
  const kindOf = (name: string) => (name.endsWith('.js') ? 'esModule' : 'wasm');
  names.sort((a) => (a === 'workerd.js' ? -1 : 1));
  const modules = names.map((name) => `(name = "${name}", ${kindOf(name)} = embed "${name}")`);
  return `using Workerd = import "/workerd/workerd.capnp";
    const config :Workerd.Config = (
      services = [(name = "main", worker = .worker), (name = "disk", disk = (path = "${disk}", writable = true))],
      sockets = [(name = "http", address = "127.0.0.1:${String(port)}", http = (), service = "main")],
    );
    const worker :Workerd.Worker = (
      modules = [${modules.join(', ')}],
      compatibilityDate = "2026-11-01",
      bindings = [(name = "BOARD", durableObjectNamespace = "Board")],
      durableObjectNamespaces = [(className = "Board", uniqueKey = "board", enableSql = true)],
      durableObjectStorage = (localDisk = "disk"),
    );`;
}

class Server implements Program {
  readonly #process: ChildProcess;
  readonly #origin: string;
  readonly #route: string;
  #errors = '';

  constructor(child: ChildProcess, port: number, route: string) {
    this.#process = child;
    this.#origin = `http://127.0.0.1:${String(port)}`;
    this.#route = route;
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.#errors += text));
  }

  /** @param disk where its objects keep what they keep */
  static async start(folder: string, disk: string, route: string): Promise<Server> {
    const port = await freePort();
    const config = join(folder, 'workerd', `${String(port)}.capnp`);
    await writeFile(config, await configOf(join(folder, 'workerd'), port, disk));
    const server = new Server(spawn(path, ['serve', config], { stdio: ['ignore', 'ignore', 'pipe'] }), port, route);
    while (!(await server.#answers())) await sleep(20);
    return server;
  }

  async #answers(): Promise<boolean> {
    if (this.#process.exitCode !== null) throw new Error(`workerd has ended: ${this.#errors}`);
    return fetch(`${this.#origin}/alive`).then(
      (response) => response.ok,
      () => false,
    );
  }

  async perform(task: Task): Promise<Answer> {
    return (await this.ask(this.#route, JSON.stringify(task))) as Answer;
  }

  async ask(route: string, body: string): Promise<unknown> {
    const response = await fetch(`${this.#origin}${route}`, { method: 'POST', body });
    const text = await response.text();
    if (!response.ok) throw new Error(`workerd answered with ${String(response.status)}: ${text} ${this.#errors}`);
    return JSON.parse(text);
  }

  async end(): Promise<void> {
    if (this.#process.exitCode !== null) return;
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await ended;
  }
}

export const workerd: Candidate = {
  name: 'workerd',
  missing: () => missingFile(path),
  async start(folder) {
    const { stdout } = await run(path, ['--version']);
    const newDisk = () => mkdtemp(join(folder, 'disk-'));
    const [memory, objects] = [await newDisk(), await newDisk()];
    const scopes: Scope[] = [
      { name: 'worker', isDurable: false, start: () => Server.start(folder, memory, '/memory') },
      { name: 'Durable Object', isDurable: true, start: () => Server.start(folder, objects, '/object') },
    ];
    return {
      version: stdout.trim().replace('workerd ', ''),
      scopes,
      async coldStart(subject) {
        // sql.js by itself asks its worker where it is, and there is no answer.
        if (subject === 'sql.js') return null;
        const server = await Server.start(folder, await newDisk(), '/memory');
        const times = (await server.ask('/start', subject)) as ColdStart;
        await server.end();
        return times;
      },
      async close() {
        // Its servers have ended.
      },
    };
  },
};
