import { promisifyRequest, type UseStore } from 'idb-keyval';

export { get, getMany, promisifyRequest, type UseStore } from 'idb-keyval';

/**
 * Asks for everything at once, and commits without waiting for an answer: a page that is frozen in the middle of it, or ends,
 * holds up nobody. False, and nothing is changed, when what is added is there already.
 *
 * Once it is told to commit, Firefox carries out what was asked for although some of it has failed, unless that is the last:
 * whatever else may fail has to be among the demands.
 *
 * @param ask what may fail comes last
 * @param demand asks for what has to succeed first, and gives the last of it
 */
export function write(
  use: UseStore,
  ask: (store: IDBObjectStore) => void,
  demand?: (store: IDBObjectStore) => IDBRequest,
): Promise<boolean> {
  return use('readwrite', async (store) => {
    const { transaction } = store;
    let isThere = false;
    transaction.addEventListener('error', ({ target }) => {
      if (target instanceof IDBRequest) isThere ||= target.error?.name === 'ConstraintError';
    });
    const done = promisifyRequest(transaction).then(
      () => true,
      (error: unknown) => {
        if (isThere) return false;
        throw error;
      },
    );
    // It may fail before it is waited for.
    done.catch(ignore);
    // When a demand fails, so does all of it, and says more.
    if (demand && !(await promisifyRequest(demand(store)).then(isTrue, isFalse))) return done;
    ask(store);
    transaction.commit();
    return done;
  });
}

const isTrue = () => true;
const isFalse = () => false;
const ignore = () => undefined;
