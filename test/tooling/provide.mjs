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

const isMachineForTests = () => process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');

/**
 * Installs the packages of `test/NAME`. The runtimes are a gigabyte: nobody gets them who did not ask for them.
 *
 * @param {string} name
 * @returns {Promise<boolean>} whether the part can be tried
 */
export async function provide(name) {
  const folder = `${root}/test/${name}`;
  if (isInstalled(folder)) return true;
  if (name === 'runtimes' && !isMachineForTests() && process.env['CI'] !== 'true') return true;
  return run('npm', INSTALL, folder);
}

/** Installs the browsers of the matrix, where that needs no password. */
export async function provideBrowsers() {
  const missing = Object.entries(SYSTEM_PACKAGES).flatMap(([name, file]) => (existsSync(file) ? [] : [name]));
  if (missing.length === 0 || !isMachineForTests()) return;
  await run('apt-get', ['-qq', 'update'], root);
  await run('apt-get', ['-qq', 'install', '--yes', '--no-install-recommends', ...missing], root);
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {string} cwd
 * @returns {Promise<boolean>} whether it ended well
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
    child.on('error', () => resolve(false));
    child.on('exit', (code) => resolve(code === 0));
  });
}
