import { STORE } from './indexeddb-layout.ts';

/**
 * Runs a callback in a transaction of its own, as `UseStore` of idb-keyval does, but with a durability, and with the error
 * that ended the transaction instead of null.
 */
export async function transact<T>(
  handle: IDBDatabase,
  { mode, durability }: { readonly mode: IDBTransactionMode; readonly durability: IDBTransactionDurability },
  callback: (store: IDBObjectStore) => T | PromiseLike<T>,
): Promise<T> {
  const transaction = handle.transaction(STORE, mode, { durability });
  const errors: DOMException[] = [];
  const note = (error: DOMException | null) => {
    if (error !== null) errors.push(error);
  };
  // While the error of a request is told, the transaction has none yet.
  transaction.addEventListener('error', ({ target }) => {
    if (target instanceof IDBRequest) note(target.error);
  });
  transaction.addEventListener('abort', () => {
    note(transaction.error);
  });
  try {
    return await callback(transaction.objectStore(STORE));
  } catch (error) {
    undo(transaction);
    const cause: unknown = error ?? errors[0] ?? new DOMException('The transaction was aborted', 'AbortError');
    throw cause;
  }
}

/** What a callback asked for before it threw would be carried out otherwise. */
function undo(transaction: IDBTransaction): void {
  try {
    transaction.abort();
  } catch {
    // It has ended.
  }
}
