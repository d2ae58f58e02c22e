/** What of a page's life matters to those who keep something for it. */
export interface PageWatcher {
  /** The page may never run again. */
  readonly onEnd: () => void;
  /** The page runs again, and may have missed something. */
  readonly onReturn: () => void;
}

/** Watches the page, where there is one, until the function that is returned is called. */
export function watchPage({ onEnd, onReturn }: PageWatcher): () => void {
  const host: { readonly document?: Document } = globalThis;
  const page = host.document;
  if (page === undefined) return () => undefined;
  const watching = new AbortController();
  const { signal } = watching;
  globalThis.addEventListener('pagehide', onEnd, { signal });
  page.addEventListener('freeze', onEnd, { signal });
  page.addEventListener('visibilitychange', () => (page.visibilityState === 'hidden' ? onEnd() : onReturn()), {
    signal,
  });
  page.addEventListener('resume', onReturn, { signal });
  globalThis.addEventListener('pageshow', ({ persisted }) => persisted && onReturn(), { signal });
  return () => {
    watching.abort();
  };
}
