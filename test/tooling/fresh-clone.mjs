// @ts-check
// Runs on a fresh clone: imports nothing that must be installed first.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** Arguments for npm: the lock file's packages, and no more words than that takes. */
export const INSTALL = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];

export function isInstalled(folder = root) {
  // npm writes this file last, so it is also missing after an installation that was interrupted.
  const record = `${folder}/node_modules/.package-lock.json`;
  return existsSync(record) && statSync(record).mtimeMs >= statSync(`${folder}/package-lock.json`).mtimeMs;
}

/** Whether every entry has been built, and nothing it is built from is younger. */
export function isBuilt() {
  const entries = readdirSync(`${root}/src`).filter((name) => name.endsWith('.ts'));
  const built = entries.map((name) => `${root}/dist/${name.replace(/ts$/, 'js')}`);
  if (!built.every((path) => existsSync(path))) return false;
  const sources = readdirSync(`${root}/src`, { recursive: true }).map((name) => `${root}/src/${String(name)}`);
  const inputs = [...sources, `${root}/src`, `${root}/package-lock.json`, `${root}/tsup.config.ts`];
  const youngest = Math.max(...inputs.map((path) => statSync(path).mtimeMs));
  return built.every((path) => statSync(path).mtimeMs >= youngest);
}

/**
 * @param {string[]} args
 * @returns {boolean} whether npm ended well
 */
export function npm(args) {
  // The npm that runs this script, when there is one: found without a shell on every system.
  const cli = process.env['npm_execpath'];
  // Escape codes in a file or a CI log only hide the words.
  const env = process.stdout.isTTY || process.env['FORCE_COLOR'] ? process.env : { ...process.env, NO_COLOR: '1' };
  const options = /** @type {const} */ ({ cwd: root, stdio: 'inherit', env });
  const result = cli?.endsWith('.js')
    ? spawnSync(process.execPath, [cli, ...args], options)
    : spawnSync('npm', args, { ...options, shell: process.platform === 'win32' });
  if (result.error) console.error(result.error);
  return result.status === 0;
}

/** Installs what the project needs and builds the library, where that is not done. Ends the process when it fails. */
export function installAndBuild() {
  if (!isInstalled()) prepare('Installing what the project needs (npm ci)', INSTALL);
  if (!isBuilt()) prepare('Building boardlite (npm run build)', ['run', '--silent', 'build', '--', '--silent']);
}

/**
 * Runs npm, and says what for. Ends the process when it fails.
 *
 * @param {string} what
 * @param {string[]} args
 */
export function prepare(what, args) {
  console.log(`${what} ...`);
  if (!npm(args)) process.exit(1);
}
