import { existsSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { installed } from '../runtimes/hosts/installed.ts';

/** Something that runs programs written for Node. */
interface Host {
  readonly name: string;
  readonly path: string;
  readonly args: readonly string[];
}

const others: readonly Host[] = [
  {
    name: 'Bun',
    path: installed('bun/bin/bun'),
    args: ['run', `--tsconfig-override=${fileURLToPath(new URL('tsconfig.json', import.meta.url))}`],
  },
  {
    name: 'Deno',
    path: installed('deno/deno'),
    args: ['run', '--allow-all', '--cached-only', '--no-remote', '--node-modules-dir=manual', '--quiet'],
  },
];

/** Who is measured in other runtimes too, at the sizes up to this one. */
const ELSEWHERE = ['sql.js bare loop', 'boardlite memory', 'boardlite sqlite', 'boardlite file'];
const MOST_ELSEWHERE = 1000;

/** Where a contestant is measured: the runtimes that `npm ci --prefix test/runtimes` brings are used when they are there. */
export function hostsOf(contestant: string, size: number): readonly Host[] {
  const isElsewhere = ELSEWHERE.includes(contestant) && size <= MOST_ELSEWHERE;
  const here = { name: '', path: process.execPath, args: [] };
  return [here, ...(isElsewhere ? others.filter(({ path }) => existsSync(path)) : [])];
}
