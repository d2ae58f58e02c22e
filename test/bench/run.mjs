// @ts-check
// Runs on a fresh clone: what must be installed first is imported only after.
import { fileURLToPath } from 'node:url';
import { INSTALL, installAndBuild, isInstalled, prepare, root } from '../tooling/fresh-clone.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const [script = 'main', ...args] = process.argv.slice(2);

installAndBuild();
if (!isInstalled(here)) {
  prepare('Installing what boardlite is measured beside (npm ci, some minutes)', [...INSTALL, `--prefix=${here}`]);
}

const { bundle } = await import('./bundle.mjs');
const built = await bundle(script, { root, here });
process.argv.splice(2, Infinity, ...args);
await import(built);
