import { spawnSync } from 'node:child_process';

/**
 * Whether a program that tests need is there: found, or installed by apt where the user is root. Where a missing program must
 * not pass unnoticed (`CI=true`) it is an error.
 *
 * @param aptPackage the package that brings it
 * @param isFound tries it
 */
export function isProvided(name: string, aptPackage: string, isFound: () => boolean): boolean {
  if (isFound()) return true;
  if (process.getuid?.() === 0) {
    for (const args of [['update'], ['install', '-y', aptPackage]]) {
      spawnSync('apt-get', ['-qq', ...args], {
        stdio: 'ignore',
        env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      });
    }
    if (isFound()) return true;
  }
  const problem = `${name} is missing: apt-get install ${aptPackage} brings it`;
  if (process.env['CI'] === 'true') throw new Error(problem);
  console.log(`left out: ${problem}`);
  return false;
}
