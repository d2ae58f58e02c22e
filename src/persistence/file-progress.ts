import type { Progress, WorkOptions } from './medium.ts';

/**
 * A function to be called whenever a piece of some work is done: it stops the work when the signal says so. The end is
 * reported only when it is said to be the end.
 */
export function watchPieces(
  phase: Progress['phase'],
  { signal, onProgress }: WorkOptions,
): (done: number, total: number, isEnd?: boolean) => void {
  signal?.throwIfAborted();
  return (done, total, isEnd = false) => {
    if (isEnd || done < total) onProgress?.({ phase, done, total });
    if (!isEnd) signal?.throwIfAborted();
  };
}
