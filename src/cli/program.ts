import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { addCopyCommands } from './copies.ts';
import { addCountCommands } from './counts.ts';
import { addHealthCommands } from './health.ts';
import { addMaintenanceCommands } from './maintenance.ts';
import { addMoveCommands } from './move.ts';
import { addQueryCommands } from './query.ts';
import type { Session } from './session.ts';
import { addTailCommand } from './tail.ts';
import { visible } from './text.ts';

const EPILOGUE = `
A board is a file, such as board.db, and its log beside it. Commands that look
at a board change nothing, and work while another process writes to it. On a
terminal they print tables, and otherwise JSON.

Exit codes:
  0  done
  1  failed
  2  wrong usage
  3  verify found a fault
  130, 143  stopped by Ctrl-C, or by a request to end; tail ends with 0 then`;

/** The whole command line. */
export function createProgram(session: Session): Command {
  const program = new Command('boardlite')
    .description('Look at boards, move them, and keep them in order.')
    .version(version(), '-V, --version')
    .addHelpText('after', EPILOGUE)
    .configureHelp({ subcommandTerm: (command) => `${command.name()} ${command.usage().replace('[options] ', '')}` })
    .helpCommand('help [command]', 'tell more about a command')
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(oneLine(text)) });
  addMaintenanceCommands(program, session);
  addCountCommands(program, session);
  addQueryCommands(program, session);
  addTailCommand(program, session);
  addHealthCommands(program, session);
  addMoveCommands(program, session);
  addCopyCommands(program, session);
  return program;
}

function oneLine(text: string): string {
  const problem = text
    .trim()
    .replace(/^error: /, '')
    .replace(/\.$/, '')
    .replaceAll('\n', ' ');
  return `boardlite: ${visible(problem)}; add --help to see what it takes\n`;
}

function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL(import.meta.resolve('boardlite/package.json')), 'utf8'));
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : '';
}
