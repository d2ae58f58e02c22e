import { constants, createReadStream, createWriteStream, openSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Option } from 'commander';
import { exportBundle, importBundle, type ImportCounts, type ImportReport, type OnConflict } from '../bundle.ts';
import { NotFoundError, type BlackboardStore } from '../index.ts';
import { openSqliteStore } from '../sqlite.ts';
import { checkApart, exists, reading, writing } from './board.ts';
import { addCommand, type AddCommands } from './command.ts';
import { stateOf } from './disk.ts';
import { EXIT } from './errors.ts';
import { writeNewFile } from './new-file.ts';
import type { Session } from './session.ts';
import { count, visible } from './text.ts';

interface ImportOptions {
  readonly onConflict: OnConflict;
  readonly dryRun?: boolean;
}

export const addMoveCommands: AddCommands = (program, session) => {
  addCommand(program, {
    usage: 'export <board> [bundle]',
    summary: 'write a board as a bundle',
    description: 'Write all of a board as a bundle: text, a line of JSON for each record.',
    examples: [
      ['export board.db board.jsonl', 'to a file'],
      ['export board.db | gzip > board.jsonl.gz', 'to another program'],
    ],
  })
    .option('--force', 'replace the file if there is one')
    .action((path: string, bundle: string | undefined, options: { force?: true }) => {
      const file = bundle === '-' ? undefined : bundle;
      return reading(session, path, (store) => exportBoard(session, store, path, file, options.force === true));
    });

  addCommand(program, {
    usage: 'import <board> [bundle]',
    summary: 'bring a bundle onto a board',
    description: 'Bring a bundle onto a board; a new board where there is none. What is there already is left alone.',
    examples: [
      ['import board.db board.jsonl --dry-run', 'say what would be done'],
      ['gunzip -c board.jsonl.gz | boardlite import board.db', 'from another program'],
      ['import board.db other.jsonl --on-conflict skip', 'keep what the board has under the same id'],
    ],
  })
    .addOption(
      new Option('--on-conflict <what>', 'when the board has something else: write nothing, keep it, or replace it')
        .choices(['fail', 'skip', 'replace'])
        .default('fail'),
    )
    .option('--dry-run', 'write nothing, and say what would be done')
    .action((path: string, bundle: string | undefined, options: ImportOptions) =>
      withBundle(session, bundle, (file) => importBoard(session, path, file, options)),
    );
};

async function exportBoard(
  session: Session,
  store: BlackboardStore,
  path: string,
  bundle: string | undefined,
  force: boolean,
): Promise<void> {
  if (bundle !== undefined) await checkApart(path, bundle, 'bundle');
  const progress = session.progress();
  const lines = exportBundle(store, {
    signal: session.signal,
    onProgress: ({ done, total }) => progress.show('exporting', done, total),
  });
  try {
    if (bundle === undefined) {
      for await (const piece of inPieces(lines)) await session.write(piece);
    } else {
      await writeNewFile(bundle, force, inPieces(lines));
    }
  } finally {
    progress.end();
  }
  if (bundle === undefined) return;
  const { artifacts } = await store.stats({ signal: session.signal });
  session.note(`exported ${count(artifacts, 'artifact')} to ${bundle}`);
}

const PIECE_SIZE = 1 << 16;

/** Lines joined, because writing each of them by itself takes longer than making it. */
async function* inPieces(lines: AsyncIterable<string>): AsyncGenerator<string, void> {
  let piece = '';
  for await (const line of lines) {
    piece += line;
    if (piece.length < PIECE_SIZE) continue;
    yield piece;
    piece = '';
  }
  yield piece;
}

async function importBoard(
  session: Session,
  path: string,
  bundle: string,
  { onConflict, dryRun = false }: ImportOptions,
): Promise<void> {
  const progress = session.progress();
  const carryOut = (store: BlackboardStore) =>
    importBundle(store, () => createReadStream(bundle), {
      ...{ onConflict, dryRun, signal: session.signal },
      onProgress: ({ phase, done, total }) =>
        progress.show(phase === 'check' ? 'checking the bundle' : 'importing', done, total),
    }).finally(() => progress.end());
  const report = dryRun ? await rehearse(session, path, carryOut) : await writing(session, path, carryOut);
  const isRefused = report.conflicts > 0 && onConflict === 'fail';
  // Before it is printed: nobody may want to read all of it.
  if (isRefused) session.exitCode = EXIT.failed;
  for (const line of describe(report, dryRun)) await session.print(line);
  if (isRefused)
    session.note('nothing would be written, because of the conflicts; choose --on-conflict skip or replace');
}

async function rehearse<T>(session: Session, path: string, work: (store: BlackboardStore) => Promise<T>): Promise<T> {
  if (await exists(path)) return reading(session, path, work);
  const store = await openSqliteStore();
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/** A bundle is read twice, and what another program writes comes once: so it is kept in a file meanwhile. */
async function withBundle(
  session: Session,
  bundle: string | undefined,
  work: (file: string) => Promise<void>,
): Promise<void> {
  const source = bundle === undefined || bundle === '-' ? process.stdin : await openOnce(bundle);
  if (typeof source === 'string') return work(source);
  const folder = await mkdtemp(join(tmpdir(), 'boardlite-import-'));
  try {
    const file = join(folder, 'bundle');
    await pipeline(source, createWriteStream(file, { mode: 0o600 }), { signal: session.signal });
    await work(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What can be read once only; of a file its path. */
async function openOnce(path: string): Promise<Readable | string> {
  const state = await stateOf(path);
  if (state === null) throw new NotFoundError(`There is no bundle at ${JSON.stringify(path)}`);
  if (state.isFile()) return path;
  if (!state.isFIFO()) return createReadStream(path);
  // A stream of a file could not be given up while nobody writes to the pipe.
  return new Socket({ fd: openSync(path, constants.O_RDONLY | constants.O_NONBLOCK), writable: false });
}

function describe(report: ImportReport, isDryRun: boolean): string[] {
  const would = isDryRun ? 'would be ' : '';
  const line = (noun: string, { added, replaced, skipped, unchanged }: ImportCounts) =>
    `${noun}: ${String(added)} ${would}added, ${String(replaced)} ${would}replaced, ${String(skipped)} ${would}skipped, ` +
    `${String(unchanged)} there already`;
  const conflicts = report.firstConflicts.map((conflict) => `conflict: ${visible(conflict)}`);
  const more = report.conflicts - conflicts.length;
  return [
    line('artifacts', report.artifacts),
    line('consumptions', report.consumptions),
    line('agents', report.agents),
    ...conflicts,
    ...(more > 0 ? [`and ${count(more, 'conflict')} more`] : []),
  ];
}
