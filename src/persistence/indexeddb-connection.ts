import { NotABoardError, StorageLostError } from '../core/errors.ts';
import { isConnectionLoss } from './indexeddb-failure.ts';
import { get, type UseStore } from './indexeddb-keyval.ts';
import { IDENTITY, STORE } from './indexeddb-layout.ts';
import { openDatabase } from './indexeddb-open.ts';
import type { Durability } from './medium.ts';
import { transact } from './indexeddb-transaction.ts';

const REOPENINGS = 3;
const PAUSE = 30;

export interface ConnectionOptions {
  readonly name: string;
  readonly database: string;
  readonly mayCreate: boolean;
  readonly timeout: number;
  /** Told when the browser or another page ends the connection. */
  readonly onLoss: () => void;
}

/**
 * A connection to one database, which comes back when it is lost, as browsers lose them: a few times, and only to the same
 * database. One that was deleted, or deleted and made again, is not written to.
 */
export class Connection {
  readonly #options: ConnectionOptions;
  #handle: IDBDatabase | null = null;
  #connecting: Promise<IDBDatabase | null> | null = null;
  #identity: string | null = null;

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  /** Connects. False when there is no database, and none may be made. */
  async open(signal?: AbortSignal): Promise<boolean> {
    const handle = await this.#retry(async () => this.#handle ?? (await this.#connect(signal)), signal);
    return handle !== null;
  }

  /**
   * The object store in transactions of a durability. While there is a connection, the callback runs before the call returns.
   * It runs again when the connection was lost meanwhile, although it may have taken effect.
   */
  using(durability: Durability): UseStore {
    return (mode, callback) =>
      this.#retry(async () => {
        const handle = this.#handle ?? (await this.#connect());
        if (handle === null) throw this.#lost('there is no database');
        return transact(handle, { mode, durability }, callback);
      });
  }

  close(): void {
    this.#handle?.close();
    this.#handle = null;
  }

  async #retry<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    for (let reopenings = 0; ; reopenings++) {
      try {
        return await work();
      } catch (error) {
        if (reopenings === REOPENINGS || signal?.aborted === true || !isConnectionLoss(error)) throw error;
        this.close();
        await new Promise((resolve) => setTimeout(resolve, reopenings * PAUSE));
      }
    }
  }

  #connect(signal?: AbortSignal): Promise<IDBDatabase | null> {
    this.#connecting ??= this.#connectOnce(signal).finally(() => {
      this.#connecting = null;
    });
    return this.#connecting;
  }

  async #connectOnce(signal?: AbortSignal): Promise<IDBDatabase | null> {
    const { name, database, mayCreate, timeout } = this.#options;
    const isFirst = this.#identity === null;
    const action = `${isFirst ? 'open' : 'reach'} the board ${JSON.stringify(name)}`;
    const handle = await openDatabase({ database, action, mayCreate: mayCreate && isFirst, timeout, signal });
    if (handle === null) {
      if (isFirst) return null;
      throw this.#lost('its database is gone');
    }
    const lose = () => {
      this.#lose(handle);
    };
    // It may be told once, before it is known whose database this is. Whoever uses what is lost by then connects again.
    handle.onversionchange = lose;
    handle.onclose = lose;
    try {
      this.#check(await identityOf(handle), action);
    } catch (error) {
      handle.close();
      throw error;
    }
    this.#handle = handle;
    return handle;
  }

  #check(identity: unknown, action: string): void {
    if (typeof identity !== 'string')
      throw new NotABoardError(`Cannot ${action}: somebody else's database has its name`);
    this.#identity ??= identity;
    if (this.#identity !== identity) throw this.#lost('its database was deleted, and another one made');
  }

  /** Transactions that are under way end well, if the browser lets them. */
  #lose(handle: IDBDatabase): void {
    handle.close();
    if (this.#handle !== handle) return;
    this.#handle = null;
    this.#options.onLoss();
  }

  #lost(problem: string): StorageLostError {
    return new StorageLostError(`Cannot reach the board ${JSON.stringify(this.#options.name)}: ${problem}`);
  }
}

async function identityOf(handle: IDBDatabase): Promise<unknown> {
  if (!handle.objectStoreNames.contains(STORE)) return undefined;
  return get(IDENTITY, (mode, callback) => transact(handle, { mode, durability: 'relaxed' }, callback));
}
