import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ConflictError, CorruptError, NotFoundError } from '../index.ts';
import { fileMedium } from '../file.ts';
import { openSqliteStore, verifyBoard } from '../sqlite.ts';
import { checkApart, exists, reading } from './board.ts';
import { addCommand, type AddCommands } from './command.ts';
import { bytesMedium } from './bytes-medium.ts';
import { followLinks, makeFolder, syncFolder } from './disk.ts';
import { keepAs, writeNewFile } from './new-file.ts';
import type { Session } from './session.ts';
import { count } from './text.ts';

export const addCopyCommands: AddCommands = (program, session) => {
  addCommand(program, {
    usage: 'snapshot <board> <file>',
    summary: 'write a board as one SQLite file',
    description: 'Write the present state of a board, its log included, as one plain SQLite file.',
    examples: [['snapshot board.db backups/monday.db', 'while agents write to it']],
  })
    .option('--force', 'replace the file if there is one')
    .action((path: string, file: string, options: { force?: true }) =>
      snapshot(session, path, file, options.force === true),
    );

  addCommand(program, {
    usage: 'restore <board> <snapshot>',
    summary: 'put a snapshot in the place of a board',
    description: 'Put a snapshot in the place of a board. The board that was there is kept beside it.',
    examples: [
      ['restore board.db backups/monday.db', 'the board as it was on Monday'],
      ['restore board.db backups/monday.db --force', 'although a row of it cannot be read, say'],
    ],
  })
    .option('--force', 'restore all that can be opened, whatever faults "verify" finds')
    .action((path: string, file: string, options: { force?: true }) =>
      restore(session, path, file, options.force === true),
    );
};

async function snapshot(session: Session, path: string, file: string, force: boolean): Promise<void> {
  await checkApart(path, file, 'snapshot');
  await checkNoBoard(file);
  const artifacts = await reading(session, path, async (store) => {
    const { signal } = session;
    const [bytes, stats] = await Promise.all([store.exportBytes({ signal }), store.stats({ signal })]);
    await writeNewFile(file, force, [bytes]);
    return stats.artifacts;
  });
  session.note(`saved ${count(artifacts, 'artifact')} to ${file}`);
}

/** @throws ConflictError when there is what belongs to a board: beside it, a snapshot would pass for a damaged one */
async function checkNoBoard(file: string): Promise<void> {
  const target = await followLinks(file);
  for (const part of [`${target}.log`, `${target}.lock`]) {
    if (!(await exists(part))) continue;
    throw new ConflictError(
      `There is ${JSON.stringify(part)}, which belongs to a board at ${JSON.stringify(file)}; choose another name`,
    );
  }
}

async function restore(session: Session, path: string, file: string, force: boolean): Promise<void> {
  await checkApart(path, file, 'snapshot');
  if (!(await exists(file))) throw new NotFoundError(`There is no snapshot at ${JSON.stringify(file)}`);
  const { findings } = await verifyBoard({ medium: fileMedium(file), signal: session.signal });
  const faults = findings.filter(({ kind }) => kind === 'fault');
  for (const { message } of faults) session.note(`fault: ${message}`);
  if (faults.length > 0 && !force) {
    throw new CorruptError(
      `${JSON.stringify(file)} has ${count(faults.length, 'fault')}, and was not restored; --force restores what can be opened`,
    );
  }
  const bytes = await reading(session, file, (store) => store.exportBytes({ signal: session.signal }));
  // Opened as bytes that somebody else put there, the board begins a new epoch: its numbers are not those of the old one.
  const store = await openSqliteStore({ medium: bytesMedium(file, bytes), readOnly: true, signal: session.signal });
  const { artifacts } = await store.stats();
  const restored = await store.exportBytes();
  await store.close();
  const kept = await replace(path, restored);
  session.note(`restored ${count(artifacts, 'artifact')} to ${path}`);
  if (kept !== null) session.note(`what was there is kept as ${kept}`);
}

/** Returns where what was there is kept; null when there was nothing. */
async function replace(path: string, bytes: Uint8Array): Promise<string | null> {
  const board = await followLinks(path);
  const log = `${board}.log`;
  await makeFolder(dirname(board));
  // Takes the lock: nobody writes to the board while it is exchanged.
  const lock = await fileMedium(board).open({ readOnly: false });
  try {
    const kept = await keepBeside(board, log);
    // The board before its log: with an old log, a new board is refused, whereas an old board without its log would pass for whole.
    await writeNewFile(board, true, [bytes]);
    await rm(log, { force: true });
    await syncFolder(dirname(board));
    return kept;
  } finally {
    await lock.close();
  }
}

async function keepBeside(board: string, log: string): Promise<string | null> {
  const name = `${board}.before-${new Date().toISOString().replaceAll(':', '-')}`;
  const hasLog = await exists(log);
  // The log first, for the same reason.
  if (hasLog) await keepAs(log, `${name}.log`);
  if (!(await exists(board))) return hasLog ? `${name}.log` : null;
  await keepAs(board, name);
  return name;
}
