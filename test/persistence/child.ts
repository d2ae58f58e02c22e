import { spawn } from 'node:child_process';
import type { ChildProcess, SpawnOptions } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll } from 'vitest';
import { sqlJs } from '../../tsup.config.ts';

/** Makes a script, of this folder unless a URL says where, ready for processes of its own, with the source that it imports. */
export function childScript(name: string, url = new URL(`${name}.ts`, import.meta.url)): () => string {
  let folder = '';
  let script = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'boardlite-child-'));
    await chmod(folder, 0o755);
    script = join(folder, `${name}.mjs`);
    await build({
      entryPoints: [fileURLToPath(url)],
      outfile: script,
      bundle: true,
      format: 'esm',
      platform: 'node',
      plugins: [sqlJs],
    });
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return () => script;
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** What it printed to its standard output and its error output. */
  readonly output: string;
}

export function start(command: string, args: readonly string[], options: SpawnOptions = {}): ChildProcess {
  return spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], ...options });
}

export async function ended(child: ChildProcess): Promise<Ended> {
  let output = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (output += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, output }));
  });
}
