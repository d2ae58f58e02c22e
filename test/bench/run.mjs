// @ts-check
// Runs on a fresh clone: what must be installed first is imported only after.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isBuilt, isInstalled, npm, root } from '../tooling/fresh-clone.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const [script = 'main', ...args] = process.argv.slice(2);

/**
 * @param {string} what
 * @param {string[]} command
 */
function prepare(what, command) {
  console.log(`${what} ...`);
  if (!npm(command)) process.exit(1);
}

if (!isInstalled()) prepare('Installing the project (npm ci)', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
if (!existsSync(`${here}node_modules/.package-lock.json`)) {
  const command = ['ci', `--prefix=${here}`, '--no-audit', '--no-fund', '--loglevel=error'];
  prepare('Installing what boardlite is measured beside (npm ci, some minutes)', command);
}
if (!isBuilt()) prepare('Building boardlite (npm run build)', ['run', '--silent', 'build', '--', '--silent']);

const { bundle } = await import('./bundle.mjs');
const built = await bundle(script, { root, here });
process.argv.splice(2, Infinity, ...args);
await import(built);
