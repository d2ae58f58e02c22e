/** How long somebody else is waited for. A tab that is frozen may hold a lock for ever. */
const PATIENCE = 3000;

/**
 * Does work that others do as well under that name, one after the other where the host has Web Locks. It spares work that is
 * in vain, and must not be relied on: whoever has waited too long goes on.
 */
export async function alone<T>(name: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  const host: { readonly navigator?: { readonly locks?: LockManager } } = globalThis;
  const locks = host.navigator?.locks;
  if (locks === undefined) return work();

  const waiting = new AbortController();
  const stop = () => {
    waiting.abort();
  };
  const timer = setTimeout(stop, PATIENCE);
  signal?.addEventListener('abort', stop);
  const begun: Promise<T>[] = [];
  try {
    return await locks.request(name, { signal: waiting.signal }, () => {
      clearTimeout(timer);
      const working = work();
      begun.push(working);
      return working;
    });
  } catch {
    // Whether the lock was not had, or was taken away meanwhile, as by a cache of pages: the work tells what came of it.
    return await (begun[0] ?? work());
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
  }
}
