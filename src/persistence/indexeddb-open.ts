import { LockedError, StorageDeniedError } from '../core/errors.ts';
import { promisifyRequest } from './indexeddb-keyval.ts';
import { IDENTITY, newId, STORE } from './indexeddb-layout.ts';

const VERSION = 1;

export interface Opening {
  readonly database: string;
  /** What messages call it. */
  readonly action: string;
  readonly mayCreate: boolean;
  /** Milliseconds. */
  readonly timeout: number;
  readonly signal?: AbortSignal | undefined;
}

/** Opens a database; null when there is none and none may be made. */
export async function openDatabase(options: Opening): Promise<IDBDatabase | null> {
  options.signal?.throwIfAborted();
  const request = factoryOf(options.action).open(options.database, VERSION);
  const found = { isMissing: false };
  request.onupgradeneeded = () => {
    found.isMissing = !options.mayCreate;
    if (found.isMissing) request.transaction?.abort();
    else request.result.createObjectStore(STORE).add(newId(), IDENTITY);
  };
  const opening = promisifyRequest(request);
  try {
    return await inTime(opening, options);
  } catch (error) {
    if (found.isMissing) return null;
    opening.then(
      (late) => {
        late.close();
      },
      () => {
        // It has been told already.
      },
    );
    throw error;
  }
}

function factoryOf(action: string): IDBFactory {
  const host: { readonly indexedDB?: IDBFactory | null } = globalThis;
  if (host.indexedDB) return host.indexedDB;
  throw new StorageDeniedError(`Cannot ${action}: there is no IndexedDB here`);
}

async function inTime<T>(opening: Promise<T>, { action, timeout, signal }: Opening): Promise<T> {
  let stop = () => {
    // Nothing to stop yet.
  };
  const stopped = new Promise<never>((_, reject) => {
    const abort = () => {
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      reject(
        new LockedError(
          `Cannot ${action}: IndexedDB has not answered for ${timeout} ms; another page may hold the database open while ` +
            `it is to be deleted`,
        ),
      );
    }, timeout);
    signal?.addEventListener('abort', abort);
    stop = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    };
  });
  return Promise.race([opening, stopped]).finally(stop);
}
