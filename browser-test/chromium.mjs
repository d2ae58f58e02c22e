// @ts-check
// Runs on a fresh clone: imports nothing that must be installed first.
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

export const WAYS_OUT =
  'install it (Debian: apt-get install chromium), or say where one is: CHROMIUM=/path/to/chromium npm test';

/** @returns {string | null} the path of a Chromium, or of a Chrome, that is installed */
export function findChromium() {
  const told = process.env['CHROMIUM'];
  if (told !== undefined) return isExecutable(told) ? told : null;
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const places = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  const apps = ['Google Chrome', 'Chromium'].map((app) => `/Applications/${app}.app/Contents/MacOS/${app}`);
  return [...places, ...apps].find(isExecutable) ?? null;
}

/** Installs Chromium where that needs no password, and returns its path; null where there is none then. */
export function findOrInstallChromium() {
  const found = findChromium();
  if (found !== null || process.env['CHROMIUM'] !== undefined || process.getuid?.() !== 0) return found;
  for (const args of [['update'], ['install', '--yes', '--no-install-recommends', 'chromium']]) {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    if (spawnSync('apt-get', args, { stdio: ['ignore', 'inherit', 'inherit'], env }).status !== 0) return null;
  }
  return findChromium();
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
