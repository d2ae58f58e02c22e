import { copyFile, cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { build, type BuildOptions } from 'esbuild';

const WASM = 'node_modules/boardlite/dist/sqlite/sql-wasm.wasm';

/** Makes the programs of the suite, in the folder where the package is installed, and from what is installed there. */
export async function buildSuite(folder: string): Promise<void> {
  await cp(join(process.cwd(), 'test/runtimes/suite'), join(folder, 'suite'), { recursive: true });
  const make = (entries: readonly string[], options: BuildOptions) =>
    build({
      entryPoints: entries.map((name) => join(folder, 'suite', `${name}.ts`)),
      bundle: true,
      format: 'esm',
      target: 'es2022',
      absWorkingDir: folder,
      tsconfigRaw: {},
      logLevel: 'warning',
      ...options,
    });
  const site = { outdir: join(folder, 'site'), platform: 'browser' } as const;
  const classic = { format: 'iife', define: { 'import.meta.url': 'self.location.href' } } as const;
  await Promise.all([
    make(['process', 'process-start'], { outdir: folder, platform: 'node', packages: 'external' }),
    make(['browser', 'page-start', 'faults'], { ...site, splitting: true }),
    // Not every browser knows modules as service workers.
    make(['browser'], { ...site, ...classic, entryNames: 'service-worker' }),
    make(['workerd'], {
      outdir: join(folder, 'workerd'),
      splitting: true,
      conditions: ['workerd', 'worker'],
      external: ['*.wasm', 'cloudflare:*'],
    }),
  ]);
  // Of these bundlers each leaves the file where it was: what the README says to do.
  for (const target of ['site', 'workerd']) {
    await mkdir(join(folder, target), { recursive: true });
    await copyFile(join(folder, WASM), join(folder, target, 'sql-wasm.wasm'));
  }
  const theirs = 'node_modules/sql.js/dist/sql-wasm-browser.wasm';
  await copyFile(join(folder, theirs), join(folder, 'site', 'sql-wasm-browser.wasm'));
}
