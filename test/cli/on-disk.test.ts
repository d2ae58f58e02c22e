import { chmod, chown, lstat, mkdir, readdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { entry } from '../../src/contract/samples.ts';
import { idsOf, openBoardFile, visit } from '../original/boards.ts';
import { temporaryFolder } from '../persistence/temporary-folder.ts';
import { filesBeside, sampleBoard } from './boards.ts';
import { builtProgram } from './program.ts';

const program = builtProgram();
const isWindows = process.platform === 'win32';
const isRoot = process.getuid?.() === 0;
const NOBODY = 65_534;

const watching = { NODE_OPTIONS: `--import=${new URL('watch-files.mjs', import.meta.url).href}` };
const WITHOUT_LINKS = { ...watching, NO_LINKS: '1' };

/** What a command does to files, in order: names without what makes them unlike all others. */
async function traceOf(args: readonly string[], env: NodeJS.ProcessEnv = watching): Promise<string[]> {
  const file = join(await temporaryFolder(), 'trace');
  const { code, stderr } = await program.run(args, { env: { ...env, TRACE: file } });
  expect([code, stderr]).toEqual([0, expect.stringMatching(/^boardlite: (saved|exported|restored) /)]);
  const trace = await readFile(file, 'utf8');
  return trace
    .replace(/\.[\da-f-]{36}\.tmp/g, '.tmp')
    .replace(/\.before-[\dT.-]+Z/g, '.before')
    .split('\n');
}

/** Fails unless the lines come in this order, whatever comes between. */
function expectInOrder(lines: readonly string[], wanted: readonly string[]): void {
  let place = -1;
  for (const line of wanted) {
    const next = lines.indexOf(line, place + 1);
    expect(next, `${line}, after line ${String(place)} of\n${lines.join('\n')}`).toBeGreaterThan(place);
    place = next;
  }
}

/** A board with a log, and an older snapshot of it elsewhere. */
async function boardAndSnapshot() {
  const board = join(await temporaryFolder(), 'board.db');
  const snapshot = join(await temporaryFolder(), 'monday.db');
  const writer = await openBoardFile(board);
  const first = await writer.publish(entry(1));
  await program.run(['snapshot', board, snapshot]);
  const second = await writer.publish(entry(2));
  await writer.close({ checkpoint: false });
  return { board, snapshot, then: idsOf([first]), now: idsOf([first, second]) };
}

async function restore(board: string, snapshot: string, env: NodeJS.ProcessEnv = {}): Promise<string> {
  const { code, stderr } = await program.run(['restore', board, snapshot], { env });
  expect([code, stderr]).toEqual([0, expect.stringContaining(`to ${board}\n`)]);
  return /kept as (.*)\n/.exec(stderr)?.[1] ?? '';
}

async function idsIn(board: string): Promise<string[]> {
  return (await visit(board, async (store) => idsOf(await store.list()))).answer;
}

const modeOf = async (path: string) => (await stat(path)).mode & 0o777;

describe('restore', () => {
  it.runIf(!isWindows).each([
    ['', {}],
    [', and to what it keeps where the disk knows no links', WITHOUT_LINKS],
  ])('gives the board the permissions that it had%s', async (_, env) => {
    const { board, snapshot } = await boardAndSnapshot();
    for (const path of [board, `${board}.log`]) await chmod(path, 0o660);
    const kept = await restore(board, snapshot, env);
    for (const path of [board, kept, `${kept}.log`]) expect(await modeOf(path), path).toBe(0o660);
  });

  it.runIf(isRoot)('gives the board the owner that it had, where we are root', async () => {
    const { board, snapshot } = await boardAndSnapshot();
    await chown(board, NOBODY, NOBODY);
    await restore(board, snapshot);
    expect(await stat(board)).toMatchObject({ uid: NOBODY, gid: NOBODY });
  });

  it.runIf(!isWindows)('keeps a symbolic link, and exchanges the board that it points to, with its log', async () => {
    const { board, snapshot, then, now } = await boardAndSnapshot();
    const link = join(await temporaryFolder(), 'link.db');
    await symlink(board, link);
    const kept = await restore(link, snapshot);
    expect((await lstat(link)).isSymbolicLink()).toBe(true);
    expect(await readdir(dirname(link))).toEqual(['link.db']);
    expect((await readdir(dirname(board))).sort()).toEqual(['board.db', basename(kept), `${basename(kept)}.log`]);
    expect(dirname(kept)).toBe(dirname(board));
    expect([await idsIn(link), await idsIn(board), await idsIn(kept)]).toEqual([then, then, now]);
  });

  it.runIf(!isWindows)('makes the board that a symbolic link points to where there is none', async () => {
    const { snapshot, then } = await boardAndSnapshot();
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'real/links'), { recursive: true });
    await symlink('real/links', join(folder, 'links'));
    await symlink('../boards/board.db', join(folder, 'links/link.db'));
    await restore(join(folder, 'links/link.db'), snapshot);
    expect((await lstat(join(folder, 'real/links/link.db'))).isSymbolicLink()).toBe(true);
    expect(await idsIn(join(folder, 'real/boards/board.db'))).toEqual(then);
  });

  it.runIf(!isWindows)('refuses the board itself under another name', async () => {
    const board = await sampleBoard();
    await symlink(board, `${board}.link`);
    const before = await filesBeside(board);
    for (const [to, from] of [
      [board, `${board}.link`],
      [`${board}.link`, board],
    ] as const) {
      expect((await program.run(['restore', to, from])).code).toBe(2);
    }
    expect(await filesBeside(board)).toEqual(before);
  });

  it('keeps a log whose board is gone: put back, the board has all that was accepted', async () => {
    const { board, snapshot, now } = await boardAndSnapshot();
    await rename(board, `${board}.elsewhere`);
    const kept = await restore(board, snapshot);
    for (const name of [board, `${board}.log`]) await rm(name, { force: true });
    await rename(`${board}.elsewhere`, board);
    await rename(kept, `${board}.log`);
    expect(await idsIn(board)).toEqual(now);
  });

  it.runIf(!isWindows)(
    'is on the disk step by step: what is kept, the board, and then the end of its log',
    async () => {
      const { board, snapshot } = await boardAndSnapshot();
      const flush = `sync ${basename(dirname(board))}`;
      expectInOrder(await traceOf(['restore', board, snapshot]), [
        ...['link board.db.log board.db.before.log', flush, 'link board.db board.db.before', flush],
        ...['sync board.db.tmp', 'rename board.db.tmp board.db', flush, 'rm board.db.log', flush],
      ]);
    },
  );

  it('keeps the old board where the disk knows no links', async () => {
    const { board, snapshot, then, now } = await boardAndSnapshot();
    const kept = await restore(board, snapshot, WITHOUT_LINKS);
    expect((await readdir(dirname(board))).sort()).toEqual(['board.db', basename(kept), `${basename(kept)}.log`]);
    expect([await idsIn(board), await idsIn(kept)]).toEqual([then, now]);
  });
});

describe.each(['export', 'snapshot'])('%s', (command) => {
  it('writes a file to a disk that knows no links, and never in place of another', async () => {
    const board = await sampleBoard();
    const disk = await temporaryFolder();
    const [file, other] = [join(disk, 'file'), join(disk, 'other')];
    expect((await program.run([command, board, file], { env: WITHOUT_LINKS })).code).toBe(0);
    await program.run([command, board, other]);
    const bytes = await readFile(file);
    expect(Buffer.compare(bytes, await readFile(other))).toBe(0);
    const again = await program.run([command, board, file], { env: WITHOUT_LINKS });
    expect([again.code, again.stderr]).toEqual([
      1,
      `boardlite: There is a file at "${file}" already; choose another name, or add --force\n`,
    ]);
    expect(Buffer.compare(bytes, await readFile(file))).toBe(0);
    expect((await readdir(disk)).sort()).toEqual(['file', 'other']);
  });

  it.runIf(!isWindows)('has the file, its name and new folders on the disk when it ends', async () => {
    const board = await sampleBoard();
    const folder = await temporaryFolder();
    const file = join(folder, 'new/er/file');
    const [name, flushed] = [basename(folder), ['sync file.tmp', 'link file.tmp file', 'sync er']];
    expectInOrder(await traceOf([command, board, file]), [`sync ${name}`, 'sync new', ...flushed]);
    const moved = ['sync file.tmp', 'rename file.tmp file', 'sync er'];
    expectInOrder(await traceOf([command, board, file, '--force']), moved);
    await rm(file);
    expectInOrder(await traceOf([command, board, file], WITHOUT_LINKS), moved);
  });

  it.runIf(!isWindows)('keeps the permissions of a file that it is told to replace', async () => {
    const board = await sampleBoard();
    const file = `${board}.file`;
    await program.run([command, board, file]);
    await chmod(file, 0o600);
    expect((await program.run([command, board, file, '--force'])).code).toBe(0);
    expect(await modeOf(file)).toBe(0o600);
  });
});
