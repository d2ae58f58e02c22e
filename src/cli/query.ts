import type { Artifact, ArtifactEnvelope, PageOptions } from '../index.ts';
import { NotFoundError } from '../index.ts';
import type { SqliteStore } from '../sqlite.ts';
import { reading } from './board.ts';
import { addCommand, type AddCommands } from './command.ts';
import { printTable } from './counts.ts';
import { addFilterOptions, filterOf, type FilterOptions } from './filter.ts';
import type { Session } from './session.ts';
import { moment, pairs, toJson, visible } from './text.ts';
import { limit, orderOption, wholeNumber } from './values.ts';

interface QueryOptions extends FilterOptions {
  readonly order?: 'asc' | 'desc';
  readonly limit?: number;
  readonly offset?: number;
  readonly cursor?: string;
  readonly consumptions?: true;
  readonly json?: true;
  readonly jsonl?: true;
}

export const addQueryCommands: AddCommands = (program, session) => {
  addFilterOptions(
    addCommand(program, {
      usage: 'query <board>',
      summary: 'list artifacts',
      description: 'List artifacts, the oldest first.',
      examples: [
        ['query board.db --type films.Movie --order desc --limit 5', 'the five newest movies'],
        ['query board.db --tag urgent --limit all --jsonl | jq .payload', 'all that is urgent, for another program'],
        ['query board.db --cursor …', 'what follows the page that gave this cursor'],
      ],
    }),
  )
    .addOption(orderOption())
    .option('--limit <number>', 'at most so many, or "all"', limit, 50)
    .option('--offset <number>', 'leave out the first ones', wholeNumber)
    .option('--cursor <text>', 'go on where an earlier page ended')
    .option('--consumptions', 'with the consumptions of each artifact')
    .option('--json', 'print one JSON object: items, total and nextCursor')
    .option('--jsonl', 'print a line of JSON for each artifact')
    .action((path: string, options: QueryOptions) => reading(session, path, (store) => query(session, store, options)));

  addCommand(program, {
    usage: 'show <board> <id>',
    summary: 'show an artifact and who consumed it',
    description: 'Show an artifact, and who consumed it.',
    examples: [['show board.db 019a2b3c-0000-7000-8000-000000000001', 'all of its fields']],
  })
    .option('--json', 'print JSON')
    .action((path: string, id: string, options: { json?: true }) =>
      reading(session, path, (store) => show(session, store, id, options.json === true)),
    );
};

type Item = Artifact | ArtifactEnvelope;

/** What is asked for at once, however much is wanted. */
const PAGE_LENGTH = 500;

async function query(session: Session, store: SqliteStore, options: QueryOptions): Promise<void> {
  const isWhole = options.json === true;
  const isTable = !isWhole && options.jsonl !== true && session.isTerminal;
  const kept: Item[] = [];
  let total: number | null = null;
  let cursor: string | null = null;
  for await (const page of pages(session, store, options)) {
    total ??= page.total;
    cursor = page.nextCursor;
    if (isWhole || isTable) kept.push(...page.items);
    else for (const item of page.items) await session.print(toJson(item));
  }
  if (isWhole) return session.print(toJson({ items: kept, total, nextCursor: cursor }, 2));
  if (isTable) await printArtifacts(session, kept);
  if (isTable && total !== null) session.note(`${String(kept.length)} of ${String(total)} artifacts`);
  if (cursor !== null) session.note(`there is more: --cursor ${cursor}`);
}

async function* pages(session: Session, store: SqliteStore, options: QueryOptions) {
  const { order, limit: all = 50, consumptions: embedMeta = false } = options;
  // The cursor of a page is behind what was left out.
  let { cursor, offset } = options;
  let left = all;
  do {
    const page: PageOptions = {
      ...{ order, cursor, offset, signal: session.signal },
      limit: Math.min(left, PAGE_LENGTH),
    };
    const found = embedMeta
      ? await store.queryArtifacts(filterOf(options), { ...page, embedMeta })
      : await store.queryArtifacts(filterOf(options), { ...page, embedMeta });
    yield found;
    left -= found.items.length;
    cursor = found.nextCursor ?? undefined;
    offset = undefined;
  } while (cursor !== undefined && left > 0);
}

async function printArtifacts(session: Session, items: readonly Item[]): Promise<void> {
  const rows = items.map((item) => {
    const { artifact, consumptions } = 'artifact' in item ? item : { artifact: item, consumptions: [] };
    const consumers = [...new Set(consumptions.map(({ consumer }) => consumer))];
    return [...artifactCells(artifact), ...('artifact' in item ? [consumers.join(' ')] : []), toJson(artifact.payload)];
  });
  const hasConsumers = items.some((item) => 'artifact' in item);
  await printTable(session, [...HEADINGS, ...(hasConsumers ? ['CONSUMED BY'] : []), 'PAYLOAD'], rows);
}

const HEADINGS = ['ID', 'CREATED', 'TYPE', 'PRODUCER', 'TAGS'] as const;

/** The cells that stand before the payload. */
export function artifactCells({ id, createdAt, type, producedBy, tags }: Artifact): string[] {
  return [id, moment(createdAt), type, producedBy, tags.join(' ')];
}

async function show(session: Session, store: SqliteStore, id: string, isJson: boolean): Promise<void> {
  const { signal } = session;
  const page = await store.queryArtifacts({ ids: id }, { embedMeta: true, signal });
  // One that cannot be read is left out of a page; asked for by its id, it says why.
  const envelope = page.items[0] ?? (await store.get(id, { signal }));
  if (envelope === null || !('artifact' in envelope)) {
    throw new NotFoundError(`There is no artifact ${JSON.stringify(id)} on the board`);
  }
  if (isJson || !session.isTerminal) return session.print(toJson(envelope, 2));
  const { artifact, consumptions } = envelope;
  const { payload, tags, visibility, createdAt, ...rest } = artifact;
  const fields = { ...rest, createdAt: createdAt.toISOString(), tags: tags.join(' '), visibility: toJson(visibility) };
  const entries = Object.entries(fields).map(([name, value]): [string, string] => [name, String(value ?? '-')]);
  for (const line of pairs(entries)) await session.print(line);
  await session.print(`${session.paint('heading', 'payload')}\n${toJson(payload, 2)}`);
  if (consumptions.length === 0) return session.print('not consumed');
  const rows = consumptions.map(({ consumer, runId, correlationId, consumedAt }) =>
    [moment(consumedAt), consumer, runId ?? '-', correlationId ?? '-'].map(visible),
  );
  await printTable(session, ['CONSUMED', 'BY', 'RUN', 'CORRELATION'], rows);
}
