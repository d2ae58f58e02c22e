import type { HistoryCounts } from '../index.ts';
import { reading } from './board.ts';
import { addCommand, type AddCommands } from './command.ts';
import { addFilterOptions, filterOf, type FilterOptions } from './filter.ts';
import type { Session } from './session.ts';
import { moment, pairs, table, toJson } from './text.ts';

interface JsonOption {
  readonly json?: true;
}

export const addCountCommands: AddCommands = (program, session) => {
  addCommand(program, {
    usage: 'stats <board>',
    summary: 'show a board in figures',
    description: 'Show a board in figures: how much is on it, its position, and how long its log is.',
    examples: [['stats board.db', 'artifacts, bytes, epoch, sequence, log']],
  })
    .option('--json', 'print JSON')
    .action(async (path: string, { json }: JsonOption) => {
      const { signal } = session;
      const stats = await reading(session, path, (store) => store.stats({ signal }));
      const { artifacts, consumptions, agents, bytes, epoch, sequence, log } = stats;
      const logRecords = log?.records ?? 0;
      const logBytes = log?.bytes ?? 0;
      const all = { artifacts, consumptions, agents, bytes, epoch, sequence, logRecords, logBytes };
      await printEntries(
        session,
        json,
        all,
        Object.entries(all).map(([name, value]) => [inWords(name), value]),
      );
    });

  addFilterOptions(
    addCommand(program, {
      usage: 'summary <board>',
      summary: 'count artifacts by type, producer, …',
      description: 'Count artifacts by type, producer, visibility and tag.',
      examples: [['summary board.db --start 2025-10-01', 'what came since October']],
    }),
  )
    .option('--json', 'print JSON')
    .action(async (path: string, { json, ...options }: FilterOptions & JsonOption) => {
      const { signal } = session;
      const summary = await reading(session, path, (store) => store.summarizeArtifacts(filterOf(options), { signal }));
      await printEntries(session, json, summary, [
        ['artifacts', summary.total],
        ['earliest', summary.earliestCreatedAt?.toISOString() ?? 'none'],
        ['latest', summary.latestCreatedAt?.toISOString() ?? 'none'],
        ['window', summary.windowSpanLabel],
        ...counts('type', summary.byType),
        ...counts('producer', summary.byProducer),
        ...counts('visibility', summary.byVisibility),
        ...counts('tag', summary.tagCounts),
      ]);
    });

  addFilterOptions(
    addCommand(program, {
      usage: 'history <board> <agent>',
      summary: 'count what an agent produced and consumed',
      description: 'Count what an agent produced and consumed.',
      examples: [['history board.db critic --type films.Movie', 'its dealings with movies']],
    }),
  )
    .option('--json', 'print JSON')
    .action(async (path: string, agent: string, { json, ...options }: FilterOptions & JsonOption) => {
      const { signal } = session;
      const history = await reading(session, path, (store) =>
        store.agentHistorySummary(agent, filterOf(options), { signal }),
      );
      const lines = (name: string, { total, byType }: HistoryCounts): Entry[] => [
        [name, total],
        ...counts(name, byType),
      ];
      const { produced, consumed } = history;
      await printEntries(session, json, history, [...lines('produced', produced), ...lines('consumed', consumed)]);
    });

  addCommand(program, {
    usage: 'agents <board>',
    summary: 'list what is known about agents',
    description: 'List what is known about the agents.',
    examples: [['agents board.db --jsonl', 'one agent per line, as JSON']],
  })
    .option('--json', 'print JSON')
    .option('--jsonl', 'print a line of JSON for each agent')
    .action(async (path: string, { json, jsonl }: JsonOption & { jsonl?: true }) => {
      const agents = await reading(session, path, (store) => store.loadAgentSnapshots({ signal: session.signal }));
      if (json === true) return session.print(toJson(agents, 2));
      if (jsonl === true || !session.isTerminal) {
        for (const agent of agents) await session.print(toJson(agent));
        return;
      }
      const rows = agents.map(({ agentName, lastSeen, subscriptions, outputTypes, labels, description }) => [
        agentName,
        moment(lastSeen),
        subscriptions.join(' '),
        outputTypes.join(' '),
        labels.join(' '),
        description,
      ]);
      const headings = ['AGENT', 'LAST SEEN', 'SUBSCRIBES TO', 'PRODUCES', 'LABELS', 'DESCRIPTION'];
      await printTable(session, headings, rows);
    });
};

/** `logBytes` as `log bytes`. */
function inWords(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

type Entry = readonly [name: string, value: string | number | null];

function counts(name: string, byKey: Readonly<Record<string, number>>): Entry[] {
  return Object.entries(byKey).map(([key, number]) => [`${name} ${key}`, number]);
}

async function printEntries(session: Session, json: true | undefined, value: unknown, entries: readonly Entry[]) {
  if (json === true || !session.isTerminal) return session.print(toJson(value, 2));
  for (const line of pairs(entries.map(([name, each]) => [name, String(each)]))) await session.print(line);
}

export async function printTable(
  session: Session,
  headings: readonly string[],
  rows: readonly (readonly string[])[],
): Promise<void> {
  const [heading = '', ...lines] = table(headings, rows, session.width);
  await session.print(session.paint('heading', heading));
  for (const line of lines) await session.print(line);
}
