import { statSync } from 'node:fs';
import { relative } from 'node:path';
import { fileMedium } from 'boardlite/file';
import { openSqliteStore } from 'boardlite/sqlite';
import type { AgentProfile, Assignment } from './agent.ts';
import { audit, auditorProfile } from './auditor.ts';
import { edit, editorProfile } from './editor.ts';
import { describeAudit, describeEdit, describeScouting } from './outcomes.ts';
import { scout, scoutProfile } from './scout.ts';
import { summarize } from './summary.ts';
import { WIDTH, cut } from './terminal.ts';
import type { Terminal } from './terminal.ts';
import { Finding, Package, Report } from './types.ts';

export interface Run {
  readonly boardPath: string;
  /** The folder whose node_modules is audited. */
  readonly folder: string;
  /** Where the user is: paths below it are shown relative to it. */
  readonly base: string;
}

/**
 * Lets the three agents work on the board file, one after the other, and shows what came of it.
 * Once the signal is aborted it rejects with the signal's reason; the board is saved and closed all the same.
 */
export async function runAgents(
  { boardPath, folder, base }: Run,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  const start = performance.now();
  const shown = (path: string) => {
    const way = relative(base, path);
    return way.startsWith('..') ? path : way || '.';
  };
  {
    await using board = await openSqliteStore({ medium: fileMedium(boardPath), types: [Package, Finding, Report] });
    const { artifacts } = await board.stats({ signal });
    terminal.lines([
      'Three agents audit the packages in node_modules. They meet only on the board.',
      '',
      `Folder  ${shown(folder)}`,
      `Board   ${shown(boardPath)}, ${artifacts === 0 ? 'new' : `with ${String(artifacts)} artifacts of earlier runs`}`,
      '',
    ]);

    const runId = new Date().toISOString();
    const perform = async <Outcome>(
      { name }: AgentProfile,
      work: (assignment: Assignment) => Promise<Outcome>,
      describe: (outcome: Outcome) => readonly string[],
    ) => {
      const started = performance.now();
      const heading = `  ${name.padEnd(9)} `;
      const onProgress = (text: string) => terminal.progress(`${heading}${text}`);
      onProgress('...');
      const outcome = await work({ board, folder, runId, signal, onProgress });
      const [first = '', ...rest] = describe(outcome);
      terminal.lines([
        `${heading}${first.padEnd(59)}${seconds(started).padStart(9)}`,
        ...rest.map((line) => cut(' '.repeat(heading.length) + line, WIDTH)),
      ]);
      return outcome;
    };
    await perform(scoutProfile, scout, describeScouting);
    await perform(auditorProfile, audit, describeAudit);
    const { isPublished } = await perform(editorProfile, edit, describeEdit);
    const agents = [scoutProfile, auditorProfile, editorProfile];
    terminal.lines(['', ...(await summarize({ board, folder, signal }, agents, isPublished))]);
  }
  const size = (statSync(boardPath).size / 1000).toFixed(0);
  terminal.lines([
    '',
    `Took ${seconds(start)}. Another run publishes only what changed.`,
    `The board (${size} kB): ${shown(boardPath)}`,
  ]);
}

function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(2)} s`;
}
