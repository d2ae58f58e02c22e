// @ts-check
// Runs on a fresh clone: imports nothing that must be installed first.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import process from 'node:process';
import { INSTALL, isInstalled, root } from './fresh-clone.mjs';

/** What the runtimes of the matrix need of the system, by the file that tells whether it is there. */
const SYSTEM_PACKAGES = {
  'firefox-esr': '/usr/bin/firefox-esr',
  'webkit2gtk-driver': '/usr/bin/WebKitWebDriver',
  xvfb: '/usr/bin/Xvfb',
  xauth: '/usr/bin/xauth',
};

/** What each part installs beside the project. The runtimes and the bundlers are a gigabyte: only machines for tests get them. */
const PARTS = { package: { isLarge: false }, runtimes: { isLarge: true }, bundlers: { isLarge: true } };

/** @typedef {keyof typeof PARTS} Part */

const isRootWithApt = () => process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
const isMachineForTests = () => isRootWithApt() || process.env['CI'] === 'true';

/** @param {string} name @returns {name is Part} */
export function isProvided(name) {
  return name in PARTS;
}

/**
 * Installs what parts need that have packages of their own, where that is to be done. Who runs them sees what is missing.
 *
 * @param {Part[]} names
 */
export async function provide(names) {
  const wanted = names.filter((name) => !isInstalled(folderOf(name)) && (!PARTS[name].isLarge || isMachineForTests()));
  const packages = wanted.map((name) => run('npm', INSTALL, folderOf(name)));
  const browsers = names.includes('runtimes') && isRootWithApt() ? provideBrowsers() : null;
  await Promise.all([browsers, ...packages]);
}

/** Whether a part can be run. The runtimes say by themselves what they have left out. @param {Part} name */
export function canRun(name) {
  return name === 'runtimes' || isInstalled(folderOf(name));
}

/** @param {Part} name */
function folderOf(name) {
  return `${root}/test/${name}`;
}

async function provideBrowsers() {
  const missing = Object.entries(SYSTEM_PACKAGES).flatMap(([name, file]) => (existsSync(file) ? [] : [name]));
  if (missing.length === 0) return;
  const install = `apt-get -qq install --yes --no-install-recommends ${missing.join(' ')}`;
  // One command: whoever began it may have no time for a second one before the first part is done.
  await run('sh', ['-c', `apt-get -qq update && ${install}`], root);
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {string} cwd
 * @returns {Promise<void>} when it has ended, well or not
 */
function run(command, args, cwd) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const child = spawn(command, args, {
    cwd,
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
  return new Promise((resolve) => {
    child.on('error', () => resolve());
    child.on('exit', () => resolve());
  });
}
