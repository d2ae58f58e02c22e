// @ts-check
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { root } from './fresh-clone.mjs';

/**
 * Runs the `main` of a module in TypeScript, which the oldest Node that is supported cannot by itself, with the arguments
 * of this process and in the project's folder.
 *
 * @param {URL} module
 * @returns {Promise<number>} what `main` returns
 */
export async function runBundled(module) {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(module)],
    bundle: true,
    write: false,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'node20',
    tsconfigRaw: {},
    logLevel: 'warning',
  });
  // Beside the module, so that it finds the packages installed there.
  const script = new URL('.build/main.mjs', module);
  mkdirSync(new URL('.', script), { recursive: true });
  writeFileSync(script, outputFiles[0]?.contents ?? '');
  process.chdir(root);
  const { main } = await import(script.href);
  return main(process.argv.slice(2));
}
