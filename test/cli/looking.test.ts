import { describe, expect, it } from 'vitest';
import { entry, idOf } from '../../src/contract/samples.ts';
import { openBoardFile, visit } from '../original/boards.ts';
import { fill, filesBeside, sampleBoard } from './boards.ts';
import { builtProgram } from './program.ts';
import { temporaryFolder } from '../persistence/temporary-folder.ts';
import { join } from 'node:path';

const program = builtProgram();

function numbersIn(jsonl: string): number[] {
  return jsonl
    .trim()
    .split('\n')
    .filter(Boolean)
    .map((line) => Number((JSON.parse(line) as { id: string }).id.slice(-1)));
}

describe('query', () => {
  it('prints a line of JSON for each artifact, complete', async () => {
    const board = await sampleBoard();
    const lines = (await program.ask('query', board)).trim().split('\n');
    expect(lines).toHaveLength(4);
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      ...{ id: idOf(1), type: 'films.Movie', payload: { text: 'hello' }, producedBy: 'scribe', correlationId: 'run-1' },
      ...{ partitionKey: 'eu', tags: ['space', 'urgent'], visibility: { kind: 'Public' }, version: 1, sequence: 1 },
      createdAt: '2025-01-01T09:00:00.001Z',
    });
  });

  it('takes every field of a filter', async () => {
    const board = await sampleBoard();
    const cases: readonly (readonly [readonly string[], readonly number[]])[] = [
      [
        ['--id', idOf(2), '--id', idOf(4)],
        [2, 4],
      ],
      [
        ['--type', 'films.Movie'],
        [1, 2],
      ],
      [
        ['--type', 'films.Review', '--type', 'Note'],
        [3, 4],
      ],
      [['--producer', 'critic'], [3]],
      [['--tag', 'space', '--tag', 'urgent'], [1]],
      [['--visibility', 'Private'], [2]],
      [
        ['--correlation', 'run-1'],
        [1, 4],
      ],
      [['--without-correlation'], [2, 3]],
      [['--partition', 'eu'], [1]],
      [['--without-partition', '--type', 'films.Movie'], [2]],
      [
        ['--start', '2025-01-01T09:00:00.002', '--end', '2025-01-01T10:00:00.003+01:00'],
        [2, 3],
      ],
    ];
    for (const [args, found] of cases) {
      expect(numbersIn(await program.ask('query', board, ...args)), args.join(' ')).toEqual(found);
    }
  });

  it('pages: limit, offset, order, and a cursor that goes on', async () => {
    const board = await sampleBoard();
    const last = await program.run(['query', board, '--order', 'desc', '--limit', '2', '--offset', '1']);
    expect(numbersIn(last.stdout)).toEqual([3, 2]);
    const cursor = /--cursor (\S+)/.exec(last.stderr)?.[1] ?? '';
    expect(numbersIn(await program.ask('query', board, '--order', 'desc', '--cursor', cursor))).toEqual([1]);
    const page = await program.run(['query', board, '--json', '--limit', '3', '--consumptions']);
    expect(JSON.parse(page.stdout)).toMatchObject({
      items: [{ consumptions: [{ consumer: 'reader', runId: 'r1' }] }, {}, {}],
      total: 4,
      nextCursor: expect.any(String) as string,
    });
  });
});

it('query prints all that is behind an offset, however much it is', async () => {
  const board = join(await temporaryFolder(), 'board.db');
  await visit(board, (store) => store.publishMany(Array.from({ length: 1010 }, (_, i) => entry(i))));
  const lines = (await program.ask('query', board, '--limit', 'all', '--offset', '5', '--jsonl')).trim().split('\n');
  expect(lines).toHaveLength(1005);
  expect(lines[0]).toContain(idOf(5));
});

describe('the other commands that look at a board', () => {
  it('show: an artifact with its consumptions, or that there is none', async () => {
    const board = await sampleBoard();
    expect(await program.askJson('show', board, idOf(1).toUpperCase())).toMatchObject({
      artifact: { id: idOf(1) },
      consumptions: [{ consumer: 'reader', runId: 'r1', consumedAt: '2025-01-01T09:00:00.000Z' }],
    });
    const missing = await program.run(['show', board, idOf(9)]);
    expect([missing.code, missing.stderr]).toEqual([1, `boardlite: There is no artifact "${idOf(9)}" on the board\n`]);
  });

  it('stats, summary, history, agents', async () => {
    const board = await sampleBoard({ checkpoint: false });
    expect(await program.askJson('stats', board)).toMatchObject({
      ...{ artifacts: 4, consumptions: 3, agents: 1, sequence: 8, logRecords: 3 },
    });
    expect(await program.askJson('summary', board, '--tag', 'space')).toMatchObject({
      ...{ total: 2, byType: { 'films.Movie': 2 }, tagCounts: { space: 2, urgent: 1 } },
    });
    expect(await program.askJson('history', board, 'reader')).toEqual({
      produced: { total: 0, byType: {} },
      consumed: { total: 3, byType: { 'films.Movie': 2, 'films.Review': 1 } },
    });
    expect(await program.askJson('agents', board)).toMatchObject({ agentName: 'scribe', subscriptions: ['Note'] });
  });

  it('explain and indexes', async () => {
    const board = await sampleBoard();
    const byProducer = await program.ask('explain', board, '--producer', 'critic');
    expect(byProducer).toMatch(/^indexes: artifacts_by_producer/);
    expect(await program.askJson('explain', board, '--json', '--id', idOf(1))).toMatchObject({
      indexes: ['sqlite_autoindex_artifacts_1'],
      statements: [{ text: expect.any(String) as string, plan: expect.any(Array) as string[] }, {}],
    });
    expect(await program.ask('explain', board, '--tag', 'space')).toMatch(/^indexes: .*artifact_tags/);
    const indexes = (await program.askJson('indexes', board)) as { name: string }[];
    expect(indexes.map(({ name }) => name)).toContain('artifacts_by_time');
  });

  it('read a board that another process writes, its log included, and change no file', async () => {
    const board = join(await temporaryFolder(), 'board.db');
    const writer = await openBoardFile(board);
    await fill(writer);
    const before = await filesBeside(board);
    expect(Object.keys(before)).toEqual(['board.db', 'board.db.lock', 'board.db.log']);
    expect(await program.askJson('stats', board)).toMatchObject({ artifacts: 4, logRecords: 3 });
    expect(numbersIn(await program.ask('query', board))).toEqual([1, 2, 3, 4]);
    expect((await program.run(['verify', board])).code).toBe(0);
    expect(await program.ask('export', board)).toContain('"artifacts":4');
    expect(await filesBeside(board)).toEqual(before);
    const refused = await program.run(['sqlite-maintenance', board, '--vacuum']);
    expect([refused.code, refused.stdout]).toEqual([1, '']);
    expect(refused.stderr).toMatch(/^boardlite: .*process \d+.*; commands that only read work meanwhile\n$/);
    await writer.publish({ type: 'Note', payload: {}, producedBy: 'us' });
    await writer.close();
  });
});
