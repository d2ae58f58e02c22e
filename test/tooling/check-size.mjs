// @ts-check
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What a user's bundler makes of an import, zod included, and how many bytes it may come to after gzip. */
const bundles = {
  'a program with the memory store': {
    contents: `export { BlackboardError, createMemoryStore, defineType, isVisibleTo, uuidFrom } from './dist/index.js';`,
    limit: 15_000,
  },
  'the same, and every class of error': { contents: `export * from './dist/index.js';`, limit: 15_360 },
  'a program with SQLite': { contents: `export { openSqliteStore } from './dist/sqlite.js';`, limit: 50_000 },
  'a program with SQLite in a page': {
    contents: `export * from './dist/sqlite.js'; export * from './dist/indexeddb.js';`,
    limit: 58_000,
  },
  'a program with SQLite on a file': {
    contents: `export * from './dist/sqlite.js'; export * from './dist/file.js';`,
    limit: 58_000,
  },
  'the engine inline': { contents: `export * from './dist/inline.js';`, limit: 365_000 },
  'spans for OpenTelemetry': { contents: `export * from './dist/opentelemetry.js';`, limit: 1_000 },
};

for (const [name, { contents, limit }] of Object.entries(bundles)) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: root },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    external: ['#wasm', 'node:*'],
  });
  const code = outputFiles[0]?.contents ?? new Uint8Array();
  const bytes = gzipSync(code, { level: 9 }).length;
  const isGood = bytes > 0 && bytes < limit;
  console.log(
    `${name}: ${code.length} bytes minified, ${bytes} gzipped (limit ${limit}) ${isGood ? 'ok' : 'TOO LARGE'}`,
  );
  if (!isGood) process.exitCode = 1;
}
