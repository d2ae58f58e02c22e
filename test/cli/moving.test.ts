import { spawnSync } from 'node:child_process';
import { appendFile, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { entry, idOf } from '../../src/contract/samples.ts';
import { openBoardFile, visit } from '../original/boards.ts';
import { openDriver } from '../original/databases.ts';
import { temporaryFolder } from '../persistence/temporary-folder.ts';
import { filesBeside, sampleBoard } from './boards.ts';
import { builtProgram } from './program.ts';

const program = builtProgram();

describe('export and import', () => {
  it('make another board equal, through a file and through a pipe, and do nothing the second time', async () => {
    const board = await sampleBoard({ checkpoint: false });
    const bundle = `${board}.jsonl`;
    const exporting = await program.run(['export', board, bundle]);
    expect([exporting.code, exporting.stdout]).toEqual([0, '']);
    const text = await program.ask('export', board);
    expect(await readFile(bundle, 'utf8')).toBe(text);

    const other = join(await temporaryFolder(), 'other.db');
    const importing = await program.run(['import', other], { input: text });
    expect(importing).toEqual({
      code: 0,
      stderr: '',
      stdout:
        'artifacts: 4 added, 0 replaced, 0 skipped, 0 there already\n' +
        'consumptions: 3 added, 0 replaced, 0 skipped, 0 there already\n' +
        'agents: 1 added, 0 replaced, 0 skipped, 0 there already\n',
    });
    expect(await program.ask('export', other)).toBe(text);
    expect(await program.ask('import', other, bundle)).toMatch(/^artifacts: 0 added, .* 4 there already\n/);
  });

  it.runIf(process.platform !== 'win32')('read a bundle that comes once, as from another program', async () => {
    const board = await sampleBoard();
    const bundle = `${board}.jsonl`;
    await program.run(['export', board, bundle]);
    for (const script of ['"$1" "$2" import "$3" <(cat "$4")', 'cat "$4" | "$1" "$2" import "$3" /dev/stdin']) {
      const other = join(await temporaryFolder(), 'other.db');
      const { stdout, stderr } = spawnSync(
        'bash',
        ['-c', script, 'bash', process.execPath, program.path, other, bundle],
        {
          encoding: 'utf8',
        },
      );
      expect([stderr, stdout.split(',')[0]], script).toEqual(['', 'artifacts: 4 added']);
      expect(await program.ask('export', other)).toBe(await readFile(bundle, 'utf8'));
    }
  });

  it('never replace a file without being told', async () => {
    const board = await sampleBoard();
    const bundle = `${board}.jsonl`;
    await writeFile(bundle, 'mine');
    const refused = await program.run(['export', board, bundle]);
    expect([refused.code, refused.stderr]).toEqual([
      1,
      `boardlite: There is a file at "${bundle}" already; choose another name, or add --force\n`,
    ]);
    expect(await readFile(bundle, 'utf8')).toBe('mine');
    expect((await program.run(['export', board, bundle, '--force'])).code).toBe(0);
    expect(await readdir(dirname(board))).toEqual(['board.db', 'board.db.jsonl', 'board.db.log']);
  });

  it('write to another program where the bundle is called "-"', async () => {
    const board = await sampleBoard();
    expect(await program.run(['export', board, '-'], { cwd: dirname(board) })).toMatchObject({
      stdout: await program.ask('export', board),
      stderr: '',
    });
    expect(await readdir(dirname(board))).toEqual(['board.db', 'board.db.log']);
  });

  it('tell conflicts and what a dry run would do, and write only what was asked for', async () => {
    const board = await sampleBoard();
    const bundle = `${board}.jsonl`;
    await writeFile(bundle, await program.ask('export', board));
    const other = join(await temporaryFolder(), 'other.db');
    await visit(other, (store) => store.publish(entry(1, { payload: { text: 'ours' } })));
    const before = await filesBeside(other);

    const rehearsal = await program.run(['import', other, bundle, '--dry-run']);
    expect([rehearsal.code, rehearsal.stdout.split('\n')[3]]).toEqual([1, `conflict: artifact "${idOf(1)}"`]);
    const failing = await program.run(['import', other, bundle]);
    expect([failing.code, failing.stdout]).toEqual([1, '']);
    expect(failing.stderr).toMatch(/^boardlite: Cannot import .*nothing was written; .*\n$/);
    expect(await filesBeside(other)).toEqual(before);

    expect(await program.ask('import', other, bundle, '--dry-run', '--on-conflict', 'replace')).toMatch(
      /^artifacts: 3 would be added, 1 would be replaced, 0 would be skipped, 0 there already\n/,
    );
    expect(await filesBeside(other)).toEqual(before);
    await program.ask('import', other, bundle, '--on-conflict', 'skip');
    expect(await program.ask('show', other, idOf(1))).toContain('ours');
    await program.ask('import', other, bundle, '--on-conflict', 'replace');
    expect(await program.ask('export', other)).toBe(await readFile(bundle, 'utf8'));
  });

  it('refuse a bundle that was cut off, and make no board of it', async () => {
    const board = await sampleBoard();
    const text = await program.ask('export', board);
    const other = join(await temporaryFolder(), 'other.db');
    const { code, stderr } = await program.run(['import', other], { input: text.slice(0, text.lastIndexOf('{')) });
    expect([code, stderr]).toEqual([
      1,
      'boardlite: Cannot import the bundle: it is cut off after line 9: it holds 4 artifacts, 3 consumptions and 1 agents ' +
        'of 4 artifacts, 3 consumptions and 1 agents, and no last line\n',
    ]);
    expect(await readdir(dirname(other))).toEqual([]);
  });
});

describe('snapshot and restore', () => {
  it('save a board that is being written, and bring it back without losing the one that was there', async () => {
    const board = join(await temporaryFolder(), 'board.db');
    const snapshot = join(await temporaryFolder(), 'deep/monday.db');
    const writer = await openBoardFile(board);
    await writer.publish(entry(1));
    const saving = await program.run(['snapshot', board, snapshot]);
    expect([saving.code, saving.stderr]).toEqual([0, `boardlite: saved 1 artifact to ${snapshot}\n`]);
    await writer.publish(entry(2));
    const { epoch } = await writer.stats();
    const locked = await program.run(['restore', board, snapshot]);
    expect([locked.code, locked.stderr.includes('has it open to write')]).toEqual([1, true]);
    await writer.close({ checkpoint: false });

    const restoring = await program.run(['restore', board, snapshot]);
    expect(restoring.code).toBe(0);
    const kept = /kept as (.*)\n/.exec(restoring.stderr)?.[1] ?? '';
    const restored = await visit(board, async (store) => [(await store.list()).length, (await store.stats()).epoch]);
    expect(restored.answer[0]).toBe(1);
    expect(restored.answer[1]).not.toBe(epoch);
    const old = await visit(kept, async (store) => (await store.list()).map(({ id }) => id));
    expect(old.answer).toEqual([idOf(1), idOf(2)]);
    expect((await program.run(['restore', board, kept])).code).toBe(0);
    expect((await visit(board, (store) => store.list())).answer).toHaveLength(2);
  });

  it.runIf(process.platform !== 'win32')('refuse the board itself behind a link', async () => {
    const board = await sampleBoard();
    await symlink(board, `${board}.link`);
    expect((await program.run(['snapshot', board, `${board}.link`, '--force'])).code).toBe(2);
    expect((await program.run(['export', `${board}.link`, board, '--force'])).code).toBe(2);
    expect((await visit(board, (store) => store.list())).answer).toHaveLength(4);
  });

  it('say what is wrong with a snapshot, and restore all the same what can be opened when they are told to', async () => {
    const board = await sampleBoard({ checkpoint: false });
    const snapshot = join(await temporaryFolder(), 'monday.db');
    await program.run(['snapshot', board, snapshot]);
    const driver = await openDriver(await readFile(snapshot));
    driver.script(`UPDATE artifacts SET payload = '{' WHERE artifact_id = '${idOf(4)}'`);
    await writeFile(snapshot, driver.exportBytes());
    const before = await filesBeside(board);
    const fault = `boardlite: fault: Cannot read artifact "${idOf(4)}"`;
    const refused = await program.run(['restore', board, snapshot]);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain(fault);
    expect(refused.stderr).toContain(`"${snapshot}" has 1 fault, and was not restored; --force`);
    expect(await filesBeside(board)).toEqual(before);
    const forced = await program.run(['restore', board, snapshot, '--force']);
    expect(forced.code).toBe(0);
    expect(forced.stderr).toContain(fault);
    expect((await visit(board, (store) => store.list())).answer).toHaveLength(3);
    expect((await program.run(['verify', board])).stdout).toContain(idOf(4));
    // As a crash leaves one, kept by an earlier restore.
    const kept = /kept as (.*)\n/.exec(forced.stderr)?.[1] ?? '';
    await appendFile(`${kept}.log`, 'bl');
    expect((await program.run(['restore', board, kept])).code).toBe(1);
    expect((await program.run(['restore', board, kept, '--force'])).code).toBe(0);
    expect((await visit(board, (store) => store.list())).answer).toHaveLength(4);
  });

  it('write no snapshot beside the log or the lock of another board, not even when forced', async () => {
    const board = await sampleBoard();
    const other = await sampleBoard({ checkpoint: false });
    const before = await filesBeside(other);
    const { code, stderr } = await program.run(['snapshot', board, other, '--force']);
    expect([code, stderr]).toEqual([
      1,
      `boardlite: There is "${other}.log", which belongs to a board at "${other}"; choose another name\n`,
    ]);
    expect(await filesBeside(other)).toEqual(before);
  });

  it.runIf(process.platform !== 'win32')('refuse the board itself in a folder that a link leads to', async () => {
    const board = await sampleBoard();
    const folder = join(await temporaryFolder(), 'boards');
    await symlink(dirname(board), folder);
    const before = await filesBeside(board);
    for (const command of ['snapshot', 'export']) {
      for (const name of ['board.db', 'board.db.log']) {
        expect((await program.run([command, board, join(folder, name), '--force'])).code).toBe(2);
      }
    }
    expect(await filesBeside(board)).toEqual(before);
  });

  it('refuse what is damaged, the board itself, and a file that is there', async () => {
    const board = await sampleBoard();
    const snapshot = join(await temporaryFolder(), 'monday.db');
    await program.run(['snapshot', board, snapshot]);
    const bytes = await readFile(snapshot);
    await writeFile(snapshot, bytes.subarray(0, 20_000));
    const before = await filesBeside(board);
    for (const options of [[], ['--force']]) {
      const damaged = await program.run(['restore', board, snapshot, ...options]);
      expect([damaged.code, damaged.stderr]).toEqual([1, expect.stringContaining('malformed')]);
    }
    for (const target of [board, `${board}.log`, `${board}.lock`]) {
      for (const command of ['snapshot', 'export']) {
        const { code, stderr } = await program.run([command, board, target, '--force']);
        expect([code, stderr], `${command} ${target}`).toEqual([2, expect.stringContaining('name another file')]);
      }
    }
    expect((await program.run(['snapshot', board, snapshot])).stderr).toContain('add --force');
    expect(await filesBeside(board)).toEqual(before);
  });
});
