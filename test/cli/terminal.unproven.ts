import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { hasPython, needsPython } from '../original/python.ts';
import { sampleBoard } from './boards.ts';
import { builtProgram } from './program.ts';

const program = builtProgram();

/** Runs a command on a terminal of its own, and gives what that shows. */
function onTerminal(args: readonly string[], env: NodeJS.ProcessEnv = {}): string {
  const script = 'import pty, sys; sys.exit(pty.spawn(sys.argv[1:]) >> 8)';
  const { stdout } = spawnSync('python3', ['-c', script, process.execPath, program.path, ...args], {
    encoding: 'utf8',
    env: { ...process.env, ...env },
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
