// @ts-check
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const LIMIT = 15_000;
const root = fileURLToPath(new URL('../..', import.meta.url));

/** What a user's bundler makes of an import, zod and every other dependency included. */
const bundles = {
  'createMemoryStore alone': `export { createMemoryStore } from './dist/index.js';`,
  'all that boardlite exports': `export * from './dist/index.js';`,
};

for (const [name, contents] of Object.entries(bundles)) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: root },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
  });
  const code = outputFiles[0]?.contents ?? new Uint8Array();
  const bytes = gzipSync(code, { level: 9 }).length;
  const isGood = bytes > 0 && bytes < LIMIT;
  console.log(
    `${name}: ${code.length} bytes minified, ${bytes} gzipped (limit ${LIMIT}) ${isGood ? 'ok' : 'TOO LARGE'}`,
  );
  if (!isGood) process.exitCode = 1;
}
