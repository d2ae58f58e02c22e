// @ts-check
import { build } from 'esbuild';
import { writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

/**
 * Bundles a script of this folder, and the programs it starts, beside each other in `.build`. Packages stay
 * outside, and so does boardlite: it is measured as it is built.
 *
 * @param {string} script
 * @param {{ root: string, here: string, programs?: string[] }} folders
 * @returns {Promise<string>} the URL of the script
 */
export async function bundle(script, { root, here, programs = ['child', 'large-child'] }) {
  await build({
    entryPoints: [script, ...programs].map((name) => `${here}${name}.ts`),
    outdir: `${here}.build`,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    tsconfigRaw: {},
    logLevel: 'warning',
    plugins: [
      {
        name: 'boardlite as built',
        setup({ onResolve }) {
          onResolve({ filter: /^boardlite(\/|$)/ }, ({ path }) => ({
            path: `${pathToFileURL(root)}/dist/${path.slice('boardlite/'.length) || 'index'}.js`,
            external: true,
          }));
        },
      },
    ],
  });
  // Bun would take the paths of the project's own, and with them the source for what is built.
  writeFileSync(`${here}.build/tsconfig.json`, '{}');
  return String(pathToFileURL(`${here}.build/${script}.mjs`));
}
