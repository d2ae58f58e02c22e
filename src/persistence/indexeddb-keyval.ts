import { promisifyRequest, type UseStore } from 'idb-keyval';

export { get, getMany, promisifyRequest, type UseStore } from 'idb-keyval';

/**
 * Asks for everything at once, and commits without waiting for an answer: a page that is frozen in the middle of it, or ends,
 * holds up nobody. False, and nothing is changed, when what is added is there already.
 */
export function write(use: UseStore, ask: (store: IDBObjectStore) => void): Promise<boolean> {
  return use('readwrite', (store) => {
    const { transaction } = store;
    let isThere = false;
    transaction.addEventListener('error', ({ target }) => {
      if (target instanceof IDBRequest) isThere ||= target.error?.name === 'ConstraintError';
    });
    ask(store);
    transaction.commit();
    return promisifyRequest(transaction).then(
      () => true,
      (error: unknown) => {
        if (isThere) return false;
        throw error;
      },
    );
  });
}
