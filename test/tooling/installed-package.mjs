// @ts-check
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Packs what was built in the folder of this process and installs it into a new folder, as a user does.
 *
 * @param {Record<string, string>} beside what else is installed there, and in which version
 * @returns {Promise<{ folder: string, remove(): Promise<void> }>}
 */
export async function installPackage(beside = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'boardlite-installed-'));
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder], { cwd: process.cwd() });
  const [{ filename }] = JSON.parse(stdout);
  const manifest = { private: true, type: 'module', dependencies: { boardlite: `file:./${filename}`, ...beside } };
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
  await run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline'], { cwd: folder });
  return { folder, remove: () => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 }) };
}
