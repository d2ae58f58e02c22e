import { promisifyRequest, type UseStore } from 'idb-keyval';

export { get, getMany, promisifyRequest, type UseStore } from 'idb-keyval';

type Ask = (store: IDBObjectStore) => void;

/**
 * Asks for everything at once, and commits without waiting for an answer: a page that is frozen in the middle of it, or ends,
 * holds up nobody.
 *
 * @param ask for nothing that may be refused: see {@link isCommitSafe}
 */
export async function write(use: UseStore, ask: Ask): Promise<void> {
  await use('readwrite', (store) => {
    ask(store);
    store.transaction.commit();
    return promisifyRequest(store.transaction);
  });
}

/** Asks for everything at once. False, and nothing is changed, when what is added is there already. */
export function writeUnlessThere(use: UseStore, ask: Ask): Promise<boolean> {
  return use('readwrite', (store) => {
    const { transaction } = store;
    let isThere = false;
    transaction.addEventListener('error', ({ target }) => {
      if (target instanceof IDBRequest) isThere ||= target.error?.name === 'ConstraintError';
    });
    ask(store);
    if (isCommitSafe()) transaction.commit();
    return promisifyRequest(transaction).then(
      () => true,
      (error: unknown) => {
        if (isThere) return false;
        throw error;
      },
    );
  });
}

/**
 * Whether a transaction that is told to commit is undone when something in it is refused. Firefox carries out all the rest:
 * only Chromium, which freezes pages in the middle of their transactions, is told.
 */
function isCommitSafe(): boolean {
  const host: { readonly navigator?: Navigator & ClientHints } = globalThis;
  return host.navigator?.userAgentData?.brands.some(({ brand }) => brand === 'Chromium') ?? false;
}

/** https://wicg.github.io/ua-client-hints/ */
interface ClientHints {
  readonly userAgentData?: { readonly brands: readonly { readonly brand: string }[] };
}
