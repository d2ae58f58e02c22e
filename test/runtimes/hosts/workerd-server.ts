import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.ts';
import { installed } from './installed.ts';

export const WORKERD = installed('workerd/bin/workerd');

/** A worker that was built into a folder. */
export interface Worker {
  readonly folder: string;
  /** The name of its main module. */
  readonly main: string;
  /** Where its Durable Objects, of class `Board`, keep what they keep, if it has any. */
  readonly disk?: string;
}

/** Every file of the worker is a module of the program, the WebAssembly among them. */
async function configOf({ folder, main, disk }: Worker, port: number): Promise<string> {
  const names = (await readdir(folder)).filter((name) => /\.(js|wasm)$/.test(name) && name !== main);
  const kindOf = (name: string) => (name.endsWith('.js') ? 'esModule' : 'wasm');
  const modules = [main, ...names].map((name) => `(name = "${name}", ${kindOf(name)} = embed "${name}")`);
  const objects = `
      bindings = [(name = "BOARD", durableObjectNamespace = "Board")],
      durableObjectNamespaces = [(className = "Board", uniqueKey = "board", enableSql = true)],
      durableObjectStorage = (localDisk = "disk"),`;
  const diskService = `(name = "disk", disk = (path = "${String(disk)}", writable = true)),`;
  return `using Workerd = import "/workerd/workerd.capnp";
    const config :Workerd.Config = (
      services = [(name = "main", worker = .worker), ${disk === undefined ? '' : diskService}],
      sockets = [(name = "http", address = "127.0.0.1:${String(port)}", http = (), service = "main")],
    );
    const worker :Workerd.Worker = (
      modules = [${modules.join(', ')}],
      compatibilityDate = "2026-10-01",${disk === undefined ? '' : objects}
    );`;
}

/** A process of workerd that serves one worker. */
export class WorkerdServer {
  readonly #process: ChildProcess;
  readonly #origin: string;
  #errors = '';

  private constructor(child: ChildProcess, port: number) {
    this.#process = child;
    this.#origin = `http://127.0.0.1:${String(port)}`;
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.#errors += text));
  }

  static async start(worker: Worker): Promise<WorkerdServer> {
    const port = await freePort();
    const config = join(worker.folder, `${String(port)}.capnp`);
    await writeFile(config, await configOf(worker, port));
    const child = spawn(WORKERD, ['serve', config], { stdio: ['ignore', 'ignore', 'pipe'] });
    const server = new WorkerdServer(child, port);
    while (!(await server.#listens())) await sleep(20);
    return server;
  }

  async #listens(): Promise<boolean> {
    if (this.#process.exitCode !== null) throw new Error(`workerd has ended: ${this.#errors}`);
    return fetch(`${this.#origin}/alive`).then(
      () => true,
      () => false,
    );
  }

  async ask(route: string, body = ''): Promise<string> {
    const response = await fetch(`${this.#origin}${route}`, { method: 'POST', body });
    const text = await response.text();
    if (!response.ok) throw new Error(`workerd answered with ${String(response.status)}: ${text} ${this.#errors}`);
    return text;
  }

  /** At once: told to stop, it would wait for those who are still connected. */
  async end(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await ended;
  }
}
