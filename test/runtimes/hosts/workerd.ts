import { execFile } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Candidate, Program, Scope } from '../program.ts';
import type { ColdStart } from '../suite/cold-start.ts';
import type { Answer } from '../suite/host.ts';
import { missingFile } from './installed.ts';
import { WORKERD, WorkerdServer, type Worker } from './workerd-server.ts';

const run = promisify(execFile);

async function startProgram(worker: Worker, route: string): Promise<Program> {
  const server = await WorkerdServer.start(worker);
  return {
    perform: async (task) => JSON.parse(await server.ask(route, JSON.stringify(task))) as Answer,
    end: () => server.end(),
  };
}

export const workerd: Candidate = {
  name: 'workerd',
  missing: () => missingFile(WORKERD),
  async start(folder) {
    const { stdout } = await run(WORKERD, ['--version']);
    const newWorker = async () => ({
      folder: join(folder, 'workerd'),
      main: 'workerd.js',
      disk: await mkdtemp(join(folder, 'disk-')),
    });
    const [memory, objects] = [await newWorker(), await newWorker()];
    const scopes: Scope[] = [
      { name: 'worker', isDurable: false, suite: 'all', start: () => startProgram(memory, '/memory') },
      { name: 'Durable Object', isDurable: true, suite: 'durable', start: () => startProgram(objects, '/object') },
    ];
    return {
      version: stdout.trim().replace('workerd ', ''),
      scopes,
      async coldStart(subject) {
        // sql.js by itself asks its worker where it is, and there is no answer.
        if (subject === 'sql.js') return null;
        const server = await WorkerdServer.start(await newWorker());
        return server
          .ask('/start')
          .then((text) => JSON.parse(text) as ColdStart)
          .finally(() => server.end());
      },
      async close() {
        // Its servers have ended.
      },
    };
  },
};
