import { spawn, spawnSync } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { entry } from '../../src/contract/samples.ts';
import { visit } from '../original/boards.ts';
import { hasPython, needsPython } from '../original/python.ts';
import { temporaryFolder } from '../persistence/temporary-folder.ts';
import { sampleBoard } from './boards.ts';
import { builtProgram, ended } from './program.ts';

const program = builtProgram();

const COMMANDS = [
  ...['init-sqlite-store', 'sqlite-maintenance', 'migrate', 'stats', 'summary', 'history', 'agents', 'query', 'show'],
  ...['tail', 'verify', 'explain', 'indexes', 'export', 'import', 'snapshot', 'restore'],
];

/** A board whose export does not fit into a pipe. */
async function largeBoard(): Promise<string> {
  const board = join(await temporaryFolder(), 'board.db');
  const text = 'x'.repeat(1000);
  await visit(board, (store) =>
    store.publishMany(Array.from({ length: 3000 }, (_, i) => entry(i, { payload: { text } }))),
  );
  return board;
}

describe('the command line', () => {
  it('lists every command, and tells of each what it does, with examples', async () => {
    const help = await program.ask('--help');
    const listed = [...help.matchAll(/^ {2}([a-z-]+) (?:<|\[)/gm)].map(([, name]) => name);
    expect(listed).toEqual([...COMMANDS, 'help']);
    expect(help).toContain('Exit codes:');
    const texts = await Promise.all(COMMANDS.map((name) => program.ask(name, '--help')));
    for (const [i, text] of texts.entries()) expect(text, COMMANDS[i]).toMatch(/Examples:\n {2}boardlite/);
  });

  it('tells its version', async () => {
    expect(await program.ask('--version')).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it.each([
    [[], /^Usage: boardlite/],
    [['qury', 'x'], /^boardlite: unknown command 'qury' \(Did you mean query\?\); add --help/],
    [['query'], /^boardlite: missing required argument 'board'/],
    [['query', 'x', '--colour'], /^boardlite: unknown option '--colour'/],
    [['query', 'x', '--limit', '0'], /^boardlite: .*positive integer or "all"/],
    [['query', 'x', '--order', 'up'], /^boardlite: .*Allowed choices are asc, desc/],
    [['show', '{board}', 'x'], /^boardlite: Cannot query artifacts: .* must be a UUID, got "x"/],
    [['query', '{board}', '--visibility', 'public'], /^boardlite: .*must be one of Public, Private,/],
  ] as const)('ends with 2 when it is used wrongly: %j', async (args, problem) => {
    const board = await sampleBoard();
    const { code, stdout, stderr } = await program.run(args.map((arg) => arg.replace('{board}', board)));
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(problem);
    if (args.length > 0) expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  it('says in one line what failed, and shows a stack only when asked', async () => {
    const { stderr } = await program.run(['stats', 'nowhere.db']);
    expect(stderr).toBe(
      'boardlite: There is no board at "nowhere.db"; create one with: boardlite init-sqlite-store nowhere.db\n',
    );
    const debugged = await program.run(['stats', 'nowhere.db', '--debug']);
    expect([debugged.code, debugged.stderr]).toEqual([1, expect.stringMatching(/\n\s+at /)]);
  });

  it.runIf(process.platform !== 'win32')('ends well when nobody reads on', async () => {
    const board = await largeBoard();
    const script = `"${process.execPath}" "${program.path}" "$1" "${board}" --limit all | head -n 1; echo "\${PIPESTATUS[0]}"`;
    const query = spawnSync('bash', ['-c', script, 'bash', 'query'], { encoding: 'utf8' });
    expect([query.stderr, query.stdout.split('\n').length, query.stdout.trim().endsWith('}\n0')]).toEqual([
      '',
      3,
      true,
    ]);
  });

  it.runIf(process.platform !== 'win32')('leaves nothing half done when it is interrupted, and says so', async () => {
    const folder = await temporaryFolder();
    const child = program.start(['import', join(folder, 'board.db')], { env: { TMPDIR: folder } });
    child.stdin?.on('error', () => {});
    const ending = ended(child);
    child.stdin?.write('{"boardlite":');
    // All that was written is read, and nothing follows: whoever looks for a signal only when more comes waits for ever.
    await vi.waitFor(async () => {
      const [kept = ''] = await readdir(folder);
      expect(await readFile(join(folder, kept, 'bundle'), 'utf8')).toBe('{"boardlite":');
    }, 60_000);
    child.kill('SIGINT');
    expect(await ending).toMatchObject({ code: 130, stdout: '' });
    expect(await readdir(folder)).toEqual([]);
  });

  it.runIf(process.platform !== 'win32').each([
    ['to which nobody writes', 'sleep 60'],
    ['whose writer does not go on', 'printf "{" > pipe; sleep 60 > pipe'],
  ])('gives up a pipe %s', async (_, writing) => {
    const folder = await temporaryFolder();
    spawnSync('mkfifo', [join(folder, 'pipe')]);
    const writer = spawn('bash', ['-c', writing], { cwd: folder, detached: true });
    onTestFinished(() => void process.kill(-Number(writer.pid), 'SIGKILL'));
    const child = program.start(['import', join(folder, 'board.db'), join(folder, 'pipe')], {
      env: { TMPDIR: folder },
    });
    const ending = ended(child);
    await vi.waitFor(async () => expect(await readdir(folder)).toHaveLength(2), 60_000);
    child.kill('SIGINT');
    expect(await ending).toEqual({ code: 130, stdout: '', stderr: '' });
    expect(await readdir(folder)).toEqual(['pipe']);
  });
});

/** Runs a command on a terminal of its own, and gives what that shows. */
function onTerminal(args: readonly string[], env: NodeJS.ProcessEnv = {}): string {
  const script = 'import pty, sys; sys.exit(pty.spawn(sys.argv[1:]) >> 8)';
  const { stdout } = spawnSync('python3', ['-c', script, process.execPath, program.path, ...args], {
    encoding: 'utf8',
    // Whoever runs the tests may want no colours.
    env: { ...process.env, NO_COLOR: '', ...env },
  });
  // What shows progress erases itself.
  return stdout
    .split('\r\u001b[K')
    .filter((part) => !part.endsWith(' %'))
    .join('');
}

describe.runIf(hasPython && process.platform !== 'win32')(`on a terminal, ${needsPython},`, () => {
  it('prints tables in colour, and what is on the board cannot command the terminal', async () => {
    const board = await sampleBoard();
    const screen = onTerminal(['query', board]);
    expect(screen).toContain('\u001b[1mID  ');
    expect(screen).toContain('4 of 4 artifacts');
    expect(screen.replaceAll('\u001b[1m', '').replaceAll('\u001b[0m', '')).not.toContain('\u001b');
    expect(onTerminal(['query', board, '--jsonl'])).toMatch(/^\{"id":/);
    expect(onTerminal(['verify', board])).toContain('\u001b[32mno faults\u001b[0m');
  });

  it('prints no colours when NO_COLOR says so', async () => {
    const board = await sampleBoard();
    expect(onTerminal(['summary', board], { NO_COLOR: '1' })).not.toContain('\u001b');
    expect(onTerminal(['query', board], { NO_COLOR: '1' })).toMatch(/^ID {2}/);
  });
});
