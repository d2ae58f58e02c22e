import { spawnSync } from 'node:child_process';
import { chmod, mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execPath, getuid, platform } from 'node:process';
import { describe, expect, it } from 'vitest';
import { childScript, ended, start } from './child.ts';
import { temporaryFolder } from './temporary-folder.ts';

const script = childScript('save-once');
const isRoot = getuid?.() === 0;
const NOBODY = 65_534;
const unshare = isRoot ? ['-m'] : ['-rm'];
const mayMount = spawnSync('unshare', [...unshare, 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0;
const hasShell = spawnSync('sh', ['-c', 'ulimit -f 1']).status === 0;

/** A disk of its own, mounted on a folder, that nobody outside the process sees and that goes with it. */
async function onDisk(options: string, folder: string, script: string): Promise<string> {
  const mount = `mount -t tmpfs -o ${options} none "$1" && cd "$1" && node="$2" && file="$3" && ${script}`;
  const child = start('unshare', [...unshare, 'sh', '-c', mount, 'sh', folder, execPath, ...[scriptPath()]]);
  return (await ended(child)).output;
}

function scriptPath(): string {
  return script();
}

describe.runIf(mayMount)(
  'on a full disk (a tmpfs of 256 kB, where the system lets us mount one)',
  { timeout: 60_000 },
  () => {
    it('a save fails with quota, keeps the old board and leaves nothing else', async () => {
      const folder = await temporaryFolder();
      const output = await onDisk(
        'size=256k',
        folder,
        '"$node" "$file" board.db 100000; echo; "$node" "$file" board.db 200000; echo; ls -A; wc -c < board.db',
      );
      expect(output.split('\n')).toEqual([
        'loaded nothing;saved',
        'loaded 100000;quota ENOSPC',
        'board.db',
        'board.db.log',
        '100000',
        '',
      ]);
    });

    it('the very first save leaves nothing when it fails', async () => {
      const folder = await temporaryFolder();
      const output = await onDisk('size=256k', folder, '"$node" "$file" board.db 300000; ls -A');
      expect(output).toBe('loaded nothing;quota ENOSPC');
    });
  },
);

describe.runIf(mayMount)(
  'on a disk mounted to be read (where the system lets us mount one)',
  { timeout: 60_000 },
  () => {
    it('a board opens to read alone', async () => {
      const folder = await temporaryFolder();
      const output = await onDisk(
        'size=256k',
        folder,
        'printf abc > board.db && mount -o remount,ro "$PWD" && "$node" "$file" "$PWD/board.db" 1; echo; "$node" "$file" "$PWD/board.db" 1 read',
      );
      expect(output.split('\n')).toEqual(['storage-denied EROFS', 'loaded 3;read-only ']);
    });
  },
);

describe.runIf(hasShell && platform !== 'win32')(
  'under a limit of the file size (ulimit -f, where there is a shell)',
  { timeout: 60_000 },
  () => {
    it('a save fails with quota, keeps the old board and leaves nothing else', async () => {
      const folder = await temporaryFolder();
      const path = join(folder, 'board.db');
      await writeFile(path, 'old');
      const child = start('sh', ['-c', 'ulimit -f 100; "$1" "$2" "$3" 1000000', 'sh', execPath, script(), path]);
      expect((await ended(child)).output).toBe('loaded 3;quota EFBIG');
      expect(await readFile(path, 'utf8')).toBe('old');
      expect(await readdir(folder)).toEqual(['board.db']);
    });
  },
);

describe.runIf(platform !== 'win32')(
  'without the right to write (where permissions have bits)',
  { timeout: 60_000 },
  () => {
    /** Root may write anywhere, so for the time of a run it is nobody. */
    const asUser = isRoot ? { uid: NOBODY, gid: NOBODY } : {};
    const run = async (path: string, mode = 'write') =>
      (await ended(start(execPath, [script(), path, '3', mode], asUser))).output;

    it('to the folder, a board opens to read alone', async () => {
      const folder = await temporaryFolder();
      await writeFile(join(folder, 'board.db'), 'old', { mode: 0o666 });
      await chmod(folder, 0o555);
      expect(await run(join(folder, 'board.db'))).toBe('storage-denied EACCES');
      expect(await run(join(folder, 'board.db'), 'read')).toBe('loaded 3;read-only ');
      expect(await run(join(folder, 'new.db'))).toBe('storage-denied EACCES');
      expect(await readdir(folder)).toEqual(['board.db']);
      await chmod(folder, 0o755);
    });

    it('to the file, it is not replaced either', async () => {
      const folder = await temporaryFolder();
      await chmod(folder, 0o777);
      await writeFile(join(folder, 'board.db'), 'old', { mode: 0o444 });
      expect(await run(join(folder, 'board.db'))).toBe('storage-denied EACCES');
      expect(await readFile(join(folder, 'board.db'), 'utf8')).toBe('old');
    });

    it('to the folder above missing ones, no board opens in them', async () => {
      const folder = await temporaryFolder();
      await chmod(folder, 0o555);
      expect(await run(join(folder, 'a', 'board.db'))).toBe('storage-denied EACCES');
      expect(await run(join(folder, 'a', 'b', 'board.db'))).toBe('storage-denied EACCES');
      await chmod(folder, 0o755);
    });

    it('and without the right to read, it does not open at all', async () => {
      const folder = await temporaryFolder();
      await chmod(folder, 0o777);
      await mkdir(join(folder, 'closed'), { mode: 0o700 });
      await writeFile(join(folder, 'board.db'), 'old', { mode: 0o000 });
      await chmod(join(folder, 'closed'), isRoot ? 0o700 : 0o000);
      expect(await run(join(folder, 'closed', 'board.db'), 'read')).toBe('storage-denied EACCES');
      expect(await run(join(folder, 'board.db'), 'read')).toBe('storage-denied EACCES');
      await chmod(join(folder, 'closed'), 0o700);
    });
  },
);

describe.runIf(isRoot)('a file of somebody else (when the tests run as root)', { timeout: 60_000 }, () => {
  it('stays theirs when root saves it', async () => {
    const folder = await temporaryFolder();
    const path = join(folder, 'board.db');
    await writeFile(path, 'old');
    expect(spawnSync('chown', [`${NOBODY}:${NOBODY}`, path]).status).toBe(0);
    const child = start(execPath, [script(), path, '3']);
    expect((await ended(child)).output).toBe('loaded 3;saved');
    expect(spawnSync('stat', ['-c', '%u:%g', path], { encoding: 'utf8' }).stdout).toBe(`${NOBODY}:${NOBODY}\n`);
  });

  it('becomes the file of a user who saves it, with its permissions', async () => {
    const folder = await temporaryFolder();
    const path = join(folder, 'board.db');
    await chmod(folder, 0o777);
    await writeFile(path, 'old');
    await chmod(path, 0o666);
    const child = start(execPath, [script(), path, '3'], { uid: NOBODY, gid: NOBODY });
    expect((await ended(child)).output).toBe('loaded 3;saved');
    expect(spawnSync('stat', ['-c', '%u:%g:%a', path], { encoding: 'utf8' }).stdout).toBe(`${NOBODY}:${NOBODY}:666\n`);
  });
});
