import 'fake-indexeddb/auto';

/** At which operations something can go wrong: the beginning of a transaction, a write in it, its commit. */
type Operation = 'transaction' | 'write' | 'commit';

/** What the operation is part of. */
interface Scene {
  readonly database: IDBDatabase;
  readonly transaction: IDBTransaction | null;
  /** Of the transaction. */
  readonly lastWrite: IDBRequest | null;
}

interface FaultKind {
  readonly operation: Operation;
  /** Throws in place of the operation, or arranges for what comes of it. Returns whether it takes the operation's place. */
  readonly strike: (scene: Scene) => boolean;
  /** Whether whoever calls the store hears of it. */
  readonly isTold?: boolean;
}

const thrown = (name: string) => (): boolean => {
  throw new DOMException('as planned', name);
};

/** Ends the transaction when all that was asked for has succeeded. */
const abortedWith =
  (error: DOMException | null) =>
  ({ transaction, lastWrite }: Scene): boolean => {
    const abort = () => {
      if (error !== null) Object.defineProperty(transaction, 'error', { value: error, writable: true });
      transaction?.abort();
    };
    if (lastWrite === null) abort();
    else lastWrite.addEventListener('success', abort);
    return true;
  };

/** How one operation of IndexedDB goes wrong, as it does in browsers. */
export const FAULTS: Readonly<Record<string, FaultKind>> = {
  'the connection is lost, and nobody was told': {
    operation: 'transaction',
    strike: ({ database }) => {
      database.close();
      return false;
    },
  },
  'the connection is lost, and it was told': {
    operation: 'transaction',
    strike: ({ database }) => {
      database.onclose?.call(database, new Event('close'));
      return false;
    },
  },
  'a transaction cannot begin': { operation: 'transaction', strike: thrown('UnknownError') },
  'a write throws a DataCloneError': { operation: 'write', strike: thrown('DataCloneError'), isTold: true },
  'a write throws an InvalidStateError': { operation: 'write', strike: thrown('InvalidStateError') },
  'a transaction is aborted after its writes succeeded, without a reason': {
    operation: 'commit',
    strike: abortedWith(null),
  },
  'a transaction is aborted after its writes succeeded, for want of room': {
    operation: 'commit',
    strike: abortedWith(new DOMException('full', 'QuotaExceededError')),
    isTold: true,
  },
  'a transaction is carried out, and told to be aborted': {
    operation: 'commit',
    strike: ({ transaction }) => {
      Object.defineProperty(transaction, 'oncomplete', {
        get: () => (event: Event) => {
          transaction?.onabort?.call(transaction, event);
        },
        set: () => undefined,
      });
      return false;
    },
  },
};

type Write = (this: IDBObjectStore, value: unknown, key?: IDBValidKey) => IDBRequest<IDBValidKey>;

const lastWrites = new WeakMap<IDBTransaction, IDBRequest>();

/** Has the operation with this number go wrong. Returns what tells whether there was one, and what makes all well again. */
export function plan({ operation, strike }: FaultKind, at: number): { struck(): boolean; end(): void } {
  const begin: IDBDatabase['transaction'] = Reflect.get(IDBDatabase.prototype, 'transaction');
  const add = Reflect.get(IDBObjectStore.prototype, 'add') as Write;
  const put = Reflect.get(IDBObjectStore.prototype, 'put') as Write;
  const commit: IDBTransaction['commit'] = Reflect.get(IDBTransaction.prototype, 'commit');
  let count = 0;
  let hasStruck = false;
  const meets = (met: Operation, scene: Scene): boolean => {
    if (met !== operation || count++ !== at) return false;
    hasStruck = true;
    return strike(scene);
  };
  IDBDatabase.prototype.transaction = function (...args) {
    // One that makes a database begins here as well.
    if (String(args[1]) !== 'versionchange')
      meets('transaction', { database: this, transaction: null, lastWrite: null });
    return begin.apply(this, args);
  };
  const watched = (write: Write): Write =>
    function (...args) {
      const { transaction } = this;
      meets('write', { database: transaction.db, transaction, lastWrite: lastWrites.get(transaction) ?? null });
      const request = write.apply(this, args);
      lastWrites.set(transaction, request);
      return request;
    };
  IDBObjectStore.prototype.add = watched(add);
  IDBObjectStore.prototype.put = watched(put);
  IDBTransaction.prototype.commit = function () {
    const lastWrite = lastWrites.get(this) ?? null;
    if (!meets('commit', { database: this.db, transaction: this, lastWrite })) commit.call(this);
  };
  return {
    struck: () => hasStruck,
    end: () => {
      IDBDatabase.prototype.transaction = begin;
      Object.assign(IDBObjectStore.prototype, { add, put });
      IDBTransaction.prototype.commit = commit;
    },
  };
}
