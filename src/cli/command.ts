import type { Command } from 'commander';
import type { Session } from './session.ts';

/** What a command is called, and what its help says. */
export interface CommandTexts {
  /** With its arguments: `show <board> <id>`. */
  readonly usage: string;
  readonly description: string;
  /** What the list of all commands says, in a few words. */
  readonly summary: string;
  /** Command lines without the program's name, each with what it does. */
  readonly examples: readonly (readonly [line: string, effect: string])[];
}

/** Adds a command to the program. Its options are added by the caller. */
export function addCommand(program: Command, { usage, summary, description, examples }: CommandTexts): Command {
  const width = Math.max(...examples.map(([line]) => line.length));
  const lines = examples.map(([line, effect]) => `  boardlite ${line.padEnd(width)}  # ${effect}`);
  return program
    .command(usage)
    .summary(summary)
    .description(description)
    .option('--debug', 'print the stack of an error')
    .addHelpText('after', `\nExamples:\n${lines.join('\n')}`);
}

/** Whether a command line asks for stacks, wherever the option stands. */
export function isDebugging(args: readonly string[]): boolean {
  return args.includes('--debug');
}

/** Adds the commands of one group. */
export type AddCommands = (program: Command, session: Session) => void;
