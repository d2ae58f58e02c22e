import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('demo/run.mjs', import.meta.url));

/** The demo as somebody starts it in a terminal. */
export interface Demo {
  /** Where the page is, such as `http://127.0.0.1:8000`. */
  readonly origin: string;
  /** Ends it as Ctrl-C in the terminal does, and tells how it ended and all it has written. */
  interrupt(): Promise<Ending>;
}

export interface Ending {
  readonly code: number | null;
  readonly output: string;
}

/** Runs what `npm run demo:web` runs. It resolves when the page is served, and rejects with the ending of a command that ends before. */
export async function startDemo(...args: readonly string[]): Promise<Demo> {
  // A group of its own, as a terminal gives to what is started in it: Ctrl-C goes to all of it.
  const demo = spawn(process.execPath, [script, ...args], { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const ended = new Promise<Ending>((resolve) => demo.once('close', (code) => resolve({ code, output })));
  const origin = await new Promise<string>((resolve, reject) => {
    for (const stream of [demo.stdout, demo.stderr]) {
      stream.on('data', (chunk) => {
        output += String(chunk);
        const [, found] = /^The demo is at (http:.*)\/ /m.exec(output) ?? [];
        if (found !== undefined) resolve(found);
      });
    }
    void ended.then(({ code }) => reject(new Error(`The demo has ended with ${String(code)}: ${output}`)));
  });
  return {
    origin,
    interrupt() {
      if (demo.pid !== undefined && demo.exitCode === null) process.kill(-demo.pid, 'SIGINT');
      return ended;
    },
  };
}
