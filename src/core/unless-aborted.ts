/** What the work comes to, or the signal's reason as soon as it is aborted: the work goes on then, and nobody here hears of it. */
export function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const abort = () => {
      reject(signal.reason);
    };
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort);
    const forget = () => {
      signal.removeEventListener('abort', abort);
    };
    work.then(resolve, reject).finally(forget);
  });
}
