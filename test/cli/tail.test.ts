import { spawnSync } from 'node:child_process';
import { appendFile, readFile, symlink, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { at, entry, idOf } from '../../src/contract/samples.ts';
import { openBoardFile, visit } from '../original/boards.ts';
import { openDriver } from '../original/databases.ts';
import { sampleBoard } from './boards.ts';
import { builtProgram } from './program.ts';

const program = builtProgram();

/** A tail, and the ids that it prints, one by one. */
function follow(...args: readonly string[]) {
  const child = program.start(['tail', ...args]);
  const lines = createInterface({ input: child.stdout ?? process.stdin })[Symbol.asyncIterator]();
  const next = async () => {
    const read: IteratorResult<string, unknown> = await lines.next();
    return read.done === true ? null : (JSON.parse(read.value) as { id: string }).id;
  };
  const end = new Promise((resolve) => child.on('close', (code) => resolve(code)));
  return { child, next, end };
}

describe('tail', () => {
  it('prints the last artifacts, then each new one as it is accepted, checkpoints or not, and ends well', async () => {
    const board = await sampleBoard();
    const tail = follow(board, '--lines', '2');
    expect([await tail.next(), await tail.next()]).toEqual([idOf(3), idOf(4)]);
    const writer = await openBoardFile(board);
    await writer.publish(entry(5));
    expect(await tail.next()).toBe(idOf(5));
    await writer.checkpoint();
    // What comes with a time of the past is as new as any other.
    await writer.publish(entry(6, { createdAt: at(-1000) }));
    expect(await tail.next()).toBe(idOf(6));
    await writer.publishMany([entry(8), entry(7)]);
    expect([await tail.next(), await tail.next()]).toEqual([idOf(8), idOf(7)]);
    await writer.publish(entry(1, { payload: { text: 'replaced' } }));
    expect(await tail.next()).toBe(idOf(1));
    await writer.close();
    tail.child.kill('SIGINT');
    expect([await tail.next(), await tail.end]).toEqual([null, 0]);
  });

  it.runIf(process.platform !== 'win32')('follows a link to a board', async () => {
    const board = await sampleBoard();
    await symlink(board, `${board}.link`);
    const tail = follow(`${board}.link`, '--lines', '1');
    expect(await tail.next()).toBe(idOf(4));
    const writer = await openBoardFile(board);
    await writer.publish(entry(5));
    expect(await tail.next()).toBe(idOf(5));
    await writer.close();
    tail.child.kill('SIGINT');
    expect(await tail.end).toBe(0);
  });

  it('prints only what the filter lets through', async () => {
    const board = await sampleBoard();
    const tail = follow(board, '--lines', '1', '--type', 'films.Movie');
    expect(await tail.next()).toBe(idOf(2));
    await visit(board, (store) => store.publishMany([entry(5), entry(6, { type: 'films.Movie' })]));
    expect(await tail.next()).toBe(idOf(6));
    tail.child.kill('SIGTERM');
    expect(await tail.end).toBe(0);
  });
});

it('tail finds an id in upper case, and refuses a filter that makes no sense, also where it begins with nothing', async () => {
  const board = await sampleBoard();
  const tail = follow(board, '--lines', '1', '--id', idOf(0xa).toUpperCase(), '--id', idOf(4).toUpperCase());
  expect(await tail.next()).toBe(idOf(4));
  await visit(board, (store) => store.publishMany([entry(5), entry(0xa)]));
  expect(await tail.next()).toBe(idOf(0xa));
  tail.child.kill('SIGTERM');
  expect(await tail.end).toBe(0);
  const refused = await program.run(['tail', board, '--lines', '0', '--id', 'nonsense']);
  expect([refused.code, refused.stdout]).toEqual([2, '']);
});

it('tail begins with nothing when it is told so', async () => {
  const board = await sampleBoard();
  const tail = follow(board, '--lines', '0');
  const writer = await openBoardFile(board);
  // It may not have begun yet: then what is published now is there already.
  const printed: (string | null)[] = [];
  void tail.next().then((id) => printed.push(id));
  const published: string[] = [];
  while (printed.length === 0) {
    published.push((await writer.publish(entry(5 + published.length))).id);
    await delay(100);
  }
  expect(published).toContain(printed[0]);
  await writer.close();
  tail.child.kill('SIGTERM');
  expect(await tail.end).toBe(0);
});

describe('verify', () => {
  it('ends with 0 and counts when nothing is wrong, with 3 and names it when something is', async () => {
    const board = await sampleBoard({ checkpoint: false });
    expect(await program.ask('verify', board)).toBe(
      'looked at 4 artifacts, 3 consumptions, 1 agent and 3 log records\nno faults\n',
    );
    const log = await readFile(`${board}.log`);
    await writeFile(`${board}.log`, log.fill(0xff, 300, 301));
    const damaged = await program.run(['verify', board]);
    expect([damaged.code, damaged.stderr]).toEqual([3, '']);
    expect(damaged.stdout).toMatch(/^fault: .*record 1 at byte \d+ of ".*board\.db\.log": it is damaged/);
    expect(damaged.stdout).toMatch(/\n1 fault\n$/);
  });

  it.runIf(process.platform !== 'win32')(
    'ends with 3 when something is wrong, also where nobody reads it',
    async () => {
      const board = await sampleBoard({ checkpoint: false });
      const log = await readFile(`${board}.log`);
      await writeFile(`${board}.log`, log.fill(0xff, 300, 301));
      const script = `"${process.execPath}" "${program.path}" verify "${board}" | true; echo "\${PIPESTATUS[0]}"`;
      const { stdout, stderr } = spawnSync('bash', ['-c', script], { encoding: 'utf8' });
      expect([stdout, stderr]).toEqual(['3\n', '']);
    },
  );

  it('finds a flipped byte, a missing index, an orphan consumption and invalid JSON, and names each', async () => {
    const board = await sampleBoard();
    const driver = await openDriver(await readFile(board));
    driver.script(`DROP INDEX artifacts_by_time;
      UPDATE artifact_consumptions SET artifact_id = '${idOf(9)}' WHERE artifact_id = '${idOf(3)}';
      UPDATE artifacts SET payload = '{' WHERE artifact_id = '${idOf(4)}'`);
    await writeFile(board, driver.exportBytes());
    const { code, stdout } = await program.run(['verify', board, '--json']);
    const { findings } = JSON.parse(stdout) as { findings: { message: string }[] };
    expect(code).toBe(3);
    expect(findings.map(({ message }) => message).join('\n')).toMatch(
      new RegExp(`index "artifacts_by_time" is missing[^]*artifact "${idOf(4)}": its payload[^]*artifact "${idOf(9)}"`),
    );
    const sound = await sampleBoard();
    const bytes = await readFile(sound);
    await writeFile(sound, bytes.fill(0x55, bytes.length - 100, bytes.length - 99));
    expect((await program.run(['verify', sound])).stdout).toMatch(
      /^fault: the bytes are not those that were saved last/,
    );
    await appendFile(sound, 'x');
    expect((await program.run(['verify', sound])).code).toBe(3);
  });
});
