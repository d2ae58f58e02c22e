// @ts-check
// Runs on a fresh clone: what must be installed first is imported only after.
import { fileURLToPath } from 'node:url';
import { installAndBuild } from '../../test/tooling/fresh-clone.mjs';

const [given] = process.argv.slice(2);
const port = given === undefined ? undefined : Number(given);
if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65_536)) {
  console.error(`Cannot serve the demo on port "${given}": a port is a number from 1 to 65535`);
  process.exit(2);
}

installAndBuild();

const { context } = await import('esbuild');
const folder = fileURLToPath(new URL('.', import.meta.url));
const demo = await context({
  entryPoints: [
    { in: `${folder}main.ts`, out: 'main' },
    { in: 'sql.js/dist/sql-wasm.wasm', out: 'sql-wasm' },
  ],
  loader: { '.wasm': 'copy' },
  bundle: true,
  outdir: folder,
  write: false,
  format: 'esm',
  target: 'es2022',
  // Not the project's own settings: their path mapping would bundle the sources, and not what was built from them.
  tsconfigRaw: {},
  logLevel: 'warning',
});

// Each request is answered with what the sources give then. The port is esbuild's first, 8000, or the next that is free.
const serving = demo.serve({ servedir: folder, host: '127.0.0.1', ...(port && { port }) });
const { port: taken } = await serving.catch((error) => {
  console.error(`Cannot serve the demo on port "${given}": ${error.message}`);
  process.exit(1);
});
console.log(`The demo is at http://127.0.0.1:${String(taken)}/ (Ctrl-C ends it)`);
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.once(signal, () => void demo.dispose());
