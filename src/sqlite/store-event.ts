import type { BlackboardError, CorruptError } from '../core/errors.ts';
import type { MediumEvent } from '../persistence/medium.ts';
import type { Migration } from '../sql/migrate.ts';
import type { RenewedRows } from '../sql/renew-rows.ts';

/** What happens beside the calls. Closed: a new type is a change of the public contract. */
export type StoreEvent =
  | MediumEvent
  /** A stored row that cannot be read exactly was left out of an answer; `error` names it. */
  | { readonly type: 'unreadable'; readonly error: CorruptError }
  /** The medium held a board of the original, which is ours now. */
  | { readonly type: 'migrated'; readonly migration: Migration }
  /** Somebody else wrote to the board since it was closed; what we derive was renewed, under a new epoch. */
  | { readonly type: 'foreign-change'; readonly renewed: RenewedRows }
  /**
   * The board was found as a crash leaves it. `torn-tail`: the end of the log was incomplete, and left out; a new epoch
   * begins with the next write. `earlier-generation`: the last snapshot was damaged, and the one before it and its log were taken.
   */
  | { readonly type: 'recovered'; readonly from: 'torn-tail' | 'earlier-generation' }
  /** A checkpoint that nobody asked for failed. Nothing is lost; the log grows until one succeeds. */
  | { readonly type: 'checkpoint-failed'; readonly error: unknown }
  /** What others wrote could not be read; it is tried again at the next sign of them, and before the next write. */
  | { readonly type: 'behind'; readonly error: unknown }
  /** The medium no longer keeps the board. Writes are refused; what is in memory can be read and exported. */
  | { readonly type: 'detached'; readonly error: BlackboardError }
  /** Writes that a page left behind as it ended were carried out. */
  | { readonly type: 'orphan-adopted'; readonly writes: number }
  /** A write that a page left behind as it ended was refused, as its caller would have been told, or cannot be read; then it stays. */
  | { readonly type: 'orphan-refused'; readonly error: unknown }
  /** Writes that a page left behind as it ended could not be carried out now; they stay for the next opening. */
  | { readonly type: 'orphan-postponed'; readonly error: unknown }
  /** The medium may not be used, and the board is in memory only, as `fallback: 'memory'` allows. */
  | { readonly type: 'memory-fallback'; readonly error: BlackboardError };

/** Told what happens beside the calls. */
export type OnEvent = (event: StoreEvent) => void;

/**
 * A listener that fails must not change what a call comes to, nor be silenced: its error is reported as that of an event
 * listener is, uncaught.
 */
export function guarded<T extends readonly unknown[]>(
  listener: ((...args: T) => void) | undefined,
): (...args: T) => void {
  if (listener === undefined) return () => undefined;
  return (...args) => {
    try {
      listener(...args);
    } catch (error) {
      queueMicrotask(() => {
        throw error;
      });
    }
  };
}
