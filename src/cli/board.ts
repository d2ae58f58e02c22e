import { InvalidArgumentError, NotFoundError } from '../index.ts';
import { fileMedium } from '../file.ts';
import { openSqliteStore, type SqliteStore, type SqliteStoreOptions, type StoreEvent } from '../sqlite.ts';
import { isOneFile, placeOf, stateOf } from './disk.ts';
import type { Session } from './session.ts';

/** Does something with a board that is only read, which takes no lock and changes no file. */
export async function reading<T>(session: Session, path: string, work: (store: SqliteStore) => Promise<T>): Promise<T> {
  await checkExists(path);
  return using(session, path, { readOnly: true }, work);
}

/** Does something with a board that may be written; a new one where there is none. */
export function writing<T>(session: Session, path: string, work: (store: SqliteStore) => Promise<T>): Promise<T> {
  return using(session, path, {}, work);
}

/** @throws NotFoundError that says how to make a board */
export async function checkExists(path: string): Promise<void> {
  if (await exists(path)) return;
  throw new NotFoundError(
    `There is no board at ${JSON.stringify(path)}; create one with: boardlite init-sqlite-store ${path}`,
  );
}

/** @throws InvalidArgumentError when a file that is to be written or read beside a board is one of its own */
export async function checkApart(path: string, file: string, noun: string): Promise<void> {
  const [board, other] = [await placeOf(path), await placeOf(file)];
  const isSame = await Promise.all(['', '.log', '.lock'].map((suffix) => isOneFile(`${board}${suffix}`, other)));
  if (!isSame.includes(true)) return;
  throw new InvalidArgumentError(
    `The ${noun} cannot be ${JSON.stringify(file)}, which is the board itself; name another file`,
  );
}

export async function exists(path: string): Promise<boolean> {
  return (await stateOf(path)) !== null;
}

async function using<T>(
  session: Session,
  path: string,
  options: SqliteStoreOptions,
  work: (store: SqliteStore) => Promise<T>,
): Promise<T> {
  const progress = session.progress();
  const store = await openSqliteStore({
    medium: fileMedium(path),
    signal: session.signal,
    onProgress: ({ phase, done, total }) => progress.show(WORK[phase], done, total),
    onEvent: (event) => {
      const text = describe(event);
      if (text === null) return;
      progress.end();
      session.note(text);
    },
    ...options,
  }).finally(() => progress.end());
  let isDone = false;
  try {
    const result = await work(store);
    isDone = true;
    return result;
  } finally {
    // What was accepted is in the log already; where nothing was, a new board is not to appear.
    await store.close({ checkpoint: isDone }).finally(() => progress.end());
  }
}

const WORK = { load: 'reading the board', replay: 'replaying the log', save: 'saving the board' } as const;

/** What an operator has to know of what happens beside the commands. */
function describe(event: StoreEvent): string | null {
  switch (event.type) {
    case 'unreadable':
      return `left out: ${event.error.message}`;
    case 'recovered':
      return 'the end of the log was incomplete, as a crash leaves it, and was left out';
    case 'lock-taken-over':
      return `took over the lock of ${event.holder}, which is gone`;
    case 'checkpoint-failed':
      return `could not save the board yet: ${String(event.error)}`;
    default:
      return null;
  }
}
