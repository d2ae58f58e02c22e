import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { entry } from '../../src/contract/samples.ts';
import { fixturePath, visit } from '../original/boards.ts';
import { hasPython, needsPython, original } from '../original/python.ts';
import { temporaryFolder } from '../persistence/temporary-folder.ts';
import { filesBeside, sampleBoard } from './boards.ts';
import { builtProgram } from './program.ts';

const program = builtProgram();

describe('init-sqlite-store', () => {
  it('creates folders and a board, says so, and leaves one that is there as it is', async () => {
    const board = join(await temporaryFolder(), 'deep/er/board.db');
    for (let i = 0; i < 2; i++) {
      expect(await program.ask('init-sqlite-store', board)).toBe(`Initialised SQLite blackboard at ${board}\n`);
    }
    expect((await program.run(['verify', board])).code).toBe(0);
    const full = await sampleBoard();
    const before = await filesBeside(full);
    await program.ask('init-sqlite-store', full);
    expect(await filesBeside(full)).toEqual(before);
  });

  it('leaves a board of the original as it is, too', async () => {
    const board = join(await temporaryFolder(), 'board.db');
    await copyFile(fixturePath('original-v3.db'), board);
    const before = await filesBeside(board);
    await program.ask('init-sqlite-store', board);
    expect(await filesBeside(board)).toEqual(before);
  });

  it('leaves what is no board, and says so', async () => {
    const board = join(await temporaryFolder(), 'board.db');
    await writeFile(board, 'a text');
    const { code, stderr } = await program.run(['init-sqlite-store', board]);
    expect([code, stderr]).toEqual([1, expect.stringContaining('is not a SQLite database')]);
    expect(await readFile(board, 'utf8')).toBe('a text');
  });

  it.runIf(hasPython)(`makes what the original opens and reads, ${needsPython}`, async () => {
    const board = join(await temporaryFolder(), 'board.db');
    await program.ask('init-sqlite-store', board);
    expect(original(board, ['init', { version: 3 }], ['artifacts', {}], ['sql', 'PRAGMA integrity_check'])).toEqual([
      3,
      [],
      [['ok']],
    ]);
  });
});

describe('sqlite-maintenance', () => {
  const hours = ['2025-10-05T23:59:59.999Z', '2025-10-06T00:00:00.000Z', '2025-10-06T12:00:00.000Z'];
  async function boardOfHours(): Promise<string> {
    const board = join(await temporaryFolder(), 'board.db');
    await visit(board, (store) =>
      store.publishMany(hours.map((time, i) => entry(i, { createdAt: new Date(time), tags: ['t'] }))),
    );
    return board;
  }

  it('does nothing unless told', async () => {
    const board = await boardOfHours();
    expect(await program.ask('sqlite-maintenance', board)).toBe('No deletions requested\n');
    expect(await program.ask('sqlite-maintenance', board, '--vacuum')).toBe(
      'No deletions requested\nVACUUM completed\n',
    );
  });

  it.each([
    ['2025-10-06', 1],
    ['2025-10-06T00:00:00', 1],
    ['2025-10-06T12:00:00.001', 3],
    ['2025-10-06 00:00:00.000001+00:00', 1],
    ['2025-10-06T02:00:00+02:00', 1],
    ['2025-10-06T14:00:01+0200', 3],
    ['2025-10-05T23:59:59.999Z', 0],
  ])('deletes what was created before %s', async (time, count) => {
    const board = await boardOfHours();
    const output = await program.ask('sqlite-maintenance', board, '--delete-before', time, '--vacuum');
    expect(output).toBe(`Deleted ${String(count)} artifacts\nVACUUM completed\n`);
    const { answer } = await visit(board, (store) => store.stats());
    expect(answer.artifacts).toBe(3 - count);
  });

  it('refuses a timestamp that is none, and a board that is not there, before anything is touched', async () => {
    const board = await boardOfHours();
    const before = await filesBeside(board);
    for (const time of ['yesterday', '2025-02-30', '2025-13-01', '2025-10-06T25:00', '20251006', '']) {
      const { code, stdout, stderr } = await program.run(['sqlite-maintenance', board, '--delete-before', time]);
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toContain(`Invalid ISO timestamp: ${time};`);
    }
    const missing = await program.run(['sqlite-maintenance', `${board}x`, '--delete-before', '2025-10-06']);
    expect([missing.code, missing.stderr]).toEqual([
      1,
      `boardlite: There is no board at "${board}x"; create one with: boardlite init-sqlite-store ${board}x\n`,
    ]);
    expect(await filesBeside(board)).toEqual(before);
  });
});

describe('migrate', () => {
  async function originalBoard(): Promise<string> {
    const board = join(await temporaryFolder(), 'board.db');
    await copyFile(fixturePath('original-v3.db'), board);
    return board;
  }
  const change =
    'a board of the original, version 3: 60 artifacts, 68 consumptions and 4 agents, all kept; ' +
    '0 consumptions merged with an equal one.\n';

  it('says with --dry-run what would change, and changes no byte', async () => {
    const board = await originalBoard();
    expect(await program.ask('migrate', board, '--dry-run')).toBe(`Would migrate ${change}`);
    expect(Object.keys(await filesBeside(board))).toEqual(['board.db']);
    expect(Buffer.compare(await readFile(board), await readFile(fixturePath('original-v3.db')))).toBe(0);
  });

  it('migrates, keeps everything, and is done then', async () => {
    const board = await originalBoard();
    expect(await program.ask('migrate', board)).toBe(`Migrated ${change}`);
    expect(await program.ask('migrate', board)).toBe('There is nothing to migrate.\n');
    const wanted = JSON.parse(await readFile(fixturePath('original-v3.json'), 'utf8')) as {
      artifacts: { id: string; type: string; payload: unknown; createdAtMs: number }[];
    };
    const found = (await program.ask('query', board, '--limit', 'all')).trim().split('\n');
    expect(
      found.map((line) => {
        const { id, type, payload, createdAt } = JSON.parse(line) as Record<string, string>;
        return { id, type, payload, createdAtMs: Date.parse(createdAt ?? '') };
      }),
    ).toEqual(wanted.artifacts.map(({ id, type, payload, createdAtMs }) => ({ id, type, payload, createdAtMs })));
  });

  it.runIf(hasPython)(`leaves what the original's own SELECTs find, ${needsPython}`, async () => {
    const board = await originalBoard();
    const reads = [['artifacts', {}], ['consumptions'], ['agents']] as const;
    const before = original(board, ...reads);
    await program.ask('migrate', board);
    const ids = (answers: unknown[]) =>
      (answers[0] as { id: string; payload: unknown; tags: unknown }[]).map(({ id, payload, tags }) => ({
        id,
        payload,
        tags,
      }));
    const after = original(board, ...reads);
    expect(new Set(ids(after))).toEqual(new Set(ids(before)));
    expect(after.slice(1).map((rows) => (rows as []).length)).toEqual(
      before.slice(1).map((rows) => (rows as []).length),
    );
  });
});
