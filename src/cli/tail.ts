import { stat } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { ConflictError, type Artifact } from '../index.ts';
import type { SqliteStore } from '../sqlite.ts';
import { reading } from './board.ts';
import { addCommand, type AddCommands } from './command.ts';
import { followLinks } from './disk.ts';
import { addFilterOptions, filterOf, type FilterOptions } from './filter.ts';
import { artifactCells } from './query.ts';
import { Interrupted, type Session } from './session.ts';
import { clip, toJson, visible } from './text.ts';
import { wholeNumber } from './values.ts';

interface TailOptions extends FilterOptions {
  readonly lines: number;
  readonly jsonl?: true;
}

export const addTailCommand: AddCommands = (program, session) => {
  addFilterOptions(
    addCommand(program, {
      usage: 'tail <board>',
      summary: 'print artifacts as they are accepted',
      description: 'Print the last artifacts, and each new one as it is accepted, until Ctrl-C.',
      examples: [
        ['tail board.db', 'while agents write to it'],
        ['tail board.db --lines 0 --type films.Movie --jsonl', 'new movies only, for another program'],
      ],
    }),
  )
    .option('--lines <number>', 'how many to begin with', wholeNumber, 10)
    .option('--jsonl', 'print a line of JSON for each artifact')
    .action(async (path: string, options: TailOptions) => {
      await reading(session, path, (store) => follow(session, store, path, options)).catch((error: unknown) => {
        // Ctrl-C is how it ends.
        if (!(session.signal.reason instanceof Interrupted)) throw error;
      });
    });
};

const INTERVAL_MS = 200;

async function follow(session: Session, store: SqliteStore, path: string, options: TailOptions): Promise<void> {
  const { signal } = session;
  const filter = filterOf(options);
  let { epoch, sequence } = await store.stats({ signal });
  const print = async (artifact: Artifact) => session.print(lineOf(session, artifact, options));
  // Asked also where none is printed: a filter that makes no sense is refused at once.
  const page = { order: 'desc', limit: Math.max(options.lines, 1), total: false, signal } as const;
  const { items } = await store.queryArtifacts(filter, page);
  for (const artifact of items.slice(0, options.lines).reverse()) await print(artifact);
  const board = await followLinks(path);
  let state = '';
  for (;;) {
    const now = await stateOf(board);
    if (now !== state && (await refresh(store, signal))) {
      state = now;
      const stats = await store.stats({ signal });
      if (stats.epoch !== epoch) {
        session.note('the board was replaced, or has lost its last records; going on from what is there now');
        sequence = Math.min(sequence, stats.sequence);
      }
      for (const artifact of await matching(store, sequence, filter, signal)) await print(artifact);
      ({ epoch, sequence } = stats);
    }
    await delay(INTERVAL_MS, undefined, { signal });
  }
}

/** In the order in which they were accepted. */
async function matching(
  store: SqliteStore,
  since: number,
  filter: ReturnType<typeof filterOf>,
  signal: AbortSignal,
): Promise<Artifact[]> {
  const fresh = await store.publishedSince(since, { signal });
  if (fresh.length === 0) return [];
  const asked = new Set(filter.ids?.map((id) => id.toLowerCase()));
  const ids = fresh.map(({ id }) => id).filter((id) => filter.ids === undefined || asked.has(id));
  const { items } = await store.queryArtifacts({ ...filter, ids }, { limit: Infinity, total: false, signal });
  return items.sort((a, b) => a.sequence - b.sequence);
}

/** Tells whether anything can have happened without reading the board, which can be large. */
async function stateOf(board: string): Promise<string> {
  const states = await Promise.all(
    [board, `${board}.log`].map((file) => stat(file, { bigint: true }).catch(() => null)),
  );
  return states.map((state) => (state === null ? '-' : `${state.ino} ${state.size} ${state.mtimeNs}`)).join(' ');
}

/** False when the files were never at rest: then it is tried again soon. */
async function refresh(store: SqliteStore, signal: AbortSignal): Promise<boolean> {
  try {
    await store.refresh({ signal });
    return true;
  } catch (error) {
    if (error instanceof ConflictError) return false;
    throw error;
  }
}

function lineOf(session: Session, artifact: Artifact, { jsonl }: TailOptions): string {
  if (jsonl === true || !session.isTerminal) return toJson(artifact);
  const [id = '', createdAt = '', ...rest] = artifactCells(artifact).map(visible);
  return clip(
    [createdAt, ...rest.filter((cell) => cell !== ''), id, toJson(artifact.payload)].join('  '),
    session.width,
  );
}
