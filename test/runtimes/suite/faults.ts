import { indexedDBMedium } from 'boardlite/indexeddb';
import { openSqliteStore, type SqliteStore, type SqliteStoreOptions } from 'boardlite/sqlite';
import { callInVain, callsOf, digestOf, writeWhile, type WriterFound } from './writing.ts';

/** What is on a board, and what was told when it was opened. */
export interface BoardFound {
  readonly events: readonly string[];
  readonly writers: readonly WriterFound[];
  readonly artifacts: number;
  readonly sequence: number;
  /** Equal when everything is that a user can see. */
  readonly digest: string;
}

/** What a page tells its server. */
export type Told =
  | { readonly accepted: number; readonly writer: string }
  | { readonly found: BoardFound }
  | { readonly hasEnded: true }
  | { readonly error: string };

let store: SqliteStore | null = null;
let writing: Promise<void> = Promise.resolve();

function openStore(board: string, options: SqliteStoreOptions = {}): Promise<SqliteStore> {
  return openSqliteStore({ medium: indexedDBMedium(board), ...options });
}

function opened(): SqliteStore {
  if (store === null) throw new Error('no board is open here');
  return store;
}

async function describe(it: SqliteStore, writers: readonly string[], events: readonly string[]): Promise<BoardFound> {
  // Called in one go, they are answered from one and the same board.
  const [{ artifacts, sequence }, digest, ...found] = await Promise.all([
    it.stats(),
    digestOf(it),
    ...writers.map((writer) => callsOf(it, writer)),
  ]);
  return { events, writers: found, artifacts, sequence, digest };
}

/** What tests call in a page. */
const calls = {
  async openBoard(board: string, withLocks = true): Promise<void> {
    if (!withLocks) Object.defineProperty(navigator, 'locks', { value: undefined });
    store = await openStore(board);
  },

  /** Starts to write so many calls to the board that is open, and waits for none. */
  async begin(writer: string, count: number): Promise<void> {
    writing = writeWhile(opened(), writer, { mayCall: (call) => call < count, onAccepted: () => undefined });
    writing.catch(() => undefined);
  },

  /** Waits until everything is written, and looks at the board that is open. */
  async finish(writers: readonly string[]): Promise<BoardFound> {
    await writing;
    await opened().refresh();
    return describe(opened(), writers, []);
  },

  /** Makes so many calls, and tells when the page has ended. */
  async leave(writer: string, count: number): Promise<void> {
    callInVain(opened(), writer, count);
    const told: Told = { hasEnded: true };
    addEventListener('pagehide', () => navigator.sendBeacon('/told', JSON.stringify(told)));
  },

  /** Opens a board, looks at it, and closes it. */
  async look(board: string, writers: readonly string[]): Promise<BoardFound> {
    const events: string[] = [];
    const it = await openStore(board, {
      onEvent: (event) =>
        events.push(event.type === 'orphan-adopted' ? `${event.type} ${String(event.writes)}` : event.type),
    });
    const found = await describe(it, writers, events);
    await it.close();
    return found;
  },

  /** What a write to the board that is open is refused with, and whether the board can still be read and taken away. */
  async tryToWrite(): Promise<{ code: unknown; artifacts: number; bytes: number }> {
    const draft = { type: 'Note', producedBy: 'late', payload: {} };
    const code: unknown = await opened()
      .publish(draft)
      .then(
        () => 'written',
        (error: unknown) => (error instanceof Error && 'code' in error ? error.code : String(error)),
      );
    return { code, artifacts: (await opened().list()).length, bytes: (await opened().exportBytes()).length };
  },

  remove(board: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const request = indexedDB.deleteDatabase(`boardlite:${board}`);
      request.onsuccess = () => resolve();
      request.onblocked = () => reject(new Error('somebody keeps the database open'));
      request.onerror = () => reject(request.error ?? new Error('the database was not deleted'));
    });
  },
};

Object.assign(globalThis, calls);
export type Calls = typeof calls;

async function tell(told: Told): Promise<void> {
  await fetch('/told', { method: 'POST', body: JSON.stringify(told) });
}

/** What its address asks of a page that nobody drives: to write to a board for ever, or to look at it. */
async function obey(asked: URLSearchParams): Promise<void> {
  const [board, writers] = [asked.get('board'), asked.getAll('writer')];
  if (board === null) return;
  if (asked.has('look')) {
    await tell({ found: await calls.look(board, writers) });
    return;
  }
  const it = await openStore(board, { durability: asked.get('durability') === 'strict' ? 'strict' : 'relaxed' });
  const [writer = ''] = writers;
  await writeWhile(it, writer, {
    mayCall: () => true,
    // Some are too large for a browser to keep among the small ones.
    textOf: (call) => (call % 10 === 9 ? 'long '.repeat(4_000) : ''),
    onAccepted: (accepted) => void tell({ accepted, writer }),
    // Who never rests keeps others from writing.
    rest: () => new Promise((goOn) => setTimeout(goOn, 20)),
  });
}

obey(new URLSearchParams(location.search)).catch((error: unknown) =>
  tell({ error: String(error instanceof Error ? error.stack : error) }),
);
