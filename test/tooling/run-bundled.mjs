// @ts-check
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { root } from './fresh-clone.mjs';

/**
 * Runs the `main` of a module in TypeScript with the arguments of this process and in the project's folder.
 *
 * @param {URL} module
 * @returns {Promise<number>} what `main` returns
 */
export async function runBundled(module) {
  process.chdir(root);
  const { main } = await importBundled(module);
  return main(process.argv.slice(2));
}

/**
 * Imports a module in TypeScript, which the oldest Node that is supported cannot by itself.
 *
 * @param {URL} module
 */
export async function importBundled(module) {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(module)],
    bundle: true,
    write: false,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'node20',
    // Not the project's own settings: their path mapping would bundle the sources.
    tsconfigRaw: {},
    logLevel: 'warning',
  });
  // Beside the module: it finds the packages installed there, and `boardlite` means what is built here.
  const script = new URL('.build/main.mjs', module);
  // In one step: another process may be starting it as well.
  const temporary = new URL(`.build/${process.pid}.tmp`, module);
  mkdirSync(new URL('.', script), { recursive: true });
  writeFileSync(temporary, outputFiles[0]?.contents ?? '');
  renameSync(temporary, script);
  return import(script.href);
}
