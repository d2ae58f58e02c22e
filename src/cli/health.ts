import type { PageOptions } from '../index.ts';
import { fileMedium } from '../file.ts';
import { verifyBoard, type BoardReport, type QueryPlan } from '../sqlite.ts';
import { checkExists, reading } from './board.ts';
import { addCommand, type AddCommands } from './command.ts';
import { printTable } from './counts.ts';
import { EXIT } from './errors.ts';
import { addFilterOptions, filterOf, type FilterOptions } from './filter.ts';
import type { Session } from './session.ts';
import { count, toJson, visible } from './text.ts';
import { limit, orderOption, wholeNumber } from './values.ts';

interface ExplainOptions extends FilterOptions, Pick<PageOptions, 'order' | 'limit' | 'offset'> {
  readonly json?: true;
}

export const addHealthCommands: AddCommands = (program, session) => {
  addCommand(program, {
    usage: 'verify <board>',
    summary: 'look for damage',
    description: 'Look for damage: the bytes of the file and of its log, the tables, indexes and rows.',
    examples: [['verify board.db && boardlite snapshot board.db backup.db', 'copy it only when it is sound']],
  })
    .option('--json', 'print JSON')
    .action(async (path: string, options: { json?: true }) => {
      await checkExists(path);
      const progress = session.progress();
      const report = await verifyBoard({
        medium: fileMedium(path),
        signal: session.signal,
        onProgress: ({ done, total }) => progress.show('reading the board', done, total),
      }).finally(() => progress.end());
      // Before it is printed: nobody may want to read all of it.
      if (report.findings.some(({ kind }) => kind === 'fault')) session.exitCode = EXIT.faults;
      await printReport(session, report, options.json === true);
    });

  addFilterOptions(
    addCommand(program, {
      usage: 'explain <board>',
      summary: 'show how a query would be answered',
      description: 'Show how a query would be answered: the statements, and the indexes they use.',
      examples: [['explain board.db --type films.Movie --tag urgent', 'which index drives it']],
    }),
  )
    .addOption(orderOption())
    .option('--limit <number>', 'at most so many, or "all"', limit)
    .option('--offset <number>', 'leave out the first ones', wholeNumber)
    .option('--json', 'print JSON')
    .action((path: string, { json, order, limit: most, offset, ...options }: ExplainOptions) =>
      reading(session, path, async (store) => {
        const plan = await store.explain(filterOf(options), { order, limit: most, offset });
        await printPlan(session, plan, json === true);
      }),
    );

  addCommand(program, {
    usage: 'indexes <board>',
    summary: 'list the indexes of the database',
    description: 'List the indexes of the database.',
    examples: [['indexes board.db', 'by table']],
  })
    .option('--json', 'print JSON')
    .action(async (path: string, options: { json?: true }) => {
      const indexes = await reading(session, path, (store) => store.indexes({ signal: session.signal }));
      if (options.json === true || !session.isTerminal) return session.print(toJson(indexes, 2));
      const rows = indexes.map(({ name, table, columns, isUnique, isPartial }) => {
        const kind = [...(isUnique ? ['unique'] : []), ...(isPartial ? ['partial'] : [])].join(' ');
        return [table, name, columns.join(', '), kind];
      });
      await printTable(session, ['TABLE', 'INDEX', 'COLUMNS', 'KIND'], rows);
    });
};

async function printReport(session: Session, report: BoardReport, isJson: boolean): Promise<void> {
  if (isJson) return session.print(toJson(report, 2));
  for (const { kind, message } of report.findings) {
    await session.print(`${session.paint(kind === 'fault' ? 'bad' : 'warning', `${kind}:`)} ${visible(message)}`);
  }
  const { counts, findings } = report;
  if (counts !== null) {
    const { artifacts, consumptions, agents, logRecords } = counts;
    await session.print(
      `looked at ${count(artifacts, 'artifact')}, ${count(consumptions, 'consumption')}, ${count(agents, 'agent')} and ` +
        count(logRecords, 'log record'),
    );
  }
  const faults = findings.filter(({ kind }) => kind === 'fault').length;
  const verdict = faults === 0 ? session.paint('good', 'no faults') : session.paint('bad', count(faults, 'fault'));
  await session.print(verdict);
}

async function printPlan(session: Session, plan: QueryPlan, isJson: boolean): Promise<void> {
  const indexes = [...new Set(plan.statements.flatMap(({ plan: lines }) => lines.flatMap(indexOf)))];
  if (isJson) return session.print(toJson({ indexes, ...plan }, 2));
  await session.print(`${session.paint('heading', 'indexes:')} ${indexes.join(', ') || 'none'}`);
  for (const { text, plan: lines } of plan.statements) {
    await session.print(`\n${visible(text.replace(/\s+/g, ' '))}`);
    for (const line of lines) await session.print(session.paint('quiet', `  ${visible(line)}`));
  }
}

/** The index that a line of a plan names: https://sqlite.org/eqp.html */
function indexOf(line: string): string[] {
  // Of our tables, that of the tags alone is kept in the order of its key; no index stands beside it.
  if (line.includes('USING PRIMARY KEY')) return ['artifact_tags'];
  const name = /USING (?:COVERING )?INDEX (\S+)/.exec(line)?.[1];
  return name === undefined ? [] : [name];
}
