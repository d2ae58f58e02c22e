import {
  BlackboardError,
  CorruptError,
  NewerFormatError,
  QuotaError,
  StorageDeniedError,
  StorageLostError,
} from '../core/errors.ts';

type FailureClass = new (message: string, options: ErrorOptions) => BlackboardError;

const failures: Readonly<Record<string, readonly [FailureClass, string]>> = {
  QuotaExceededError: [QuotaError, 'the storage of this origin is full'],
  SecurityError: [StorageDeniedError, 'this page may not use IndexedDB'],
  NotAllowedError: [StorageDeniedError, 'this page may not use IndexedDB'],
  VersionError: [NewerFormatError, 'a newer version of the library wrote it'],
  DataError: [CorruptError, 'the browser cannot read what it stored'],
  NotReadableError: [CorruptError, 'the browser cannot read what it stored'],
};

/** What an error of IndexedDB means for a board. Errors of our own pass through. */
export function indexedDBFailure(action: string, cause: unknown): BlackboardError {
  if (cause instanceof BlackboardError) return cause;
  const [Failure, reason] = failures[nameOf(cause)] ?? [StorageLostError, 'IndexedDB failed'];
  return new Failure(`Cannot ${action}: ${reason} (${textOf(cause)})`, { cause });
}

/** What it means that a database cannot be opened at all. */
export function openingFailure(action: string, cause: unknown): BlackboardError {
  if (!isDenial(cause)) return indexedDBFailure(action, cause);
  return new StorageDeniedError(`Cannot ${action}: this page may not use IndexedDB (${textOf(cause)})`, { cause });
}

/** Denials that say so by no name of their own. */
function isDenial(error: unknown): boolean {
  // So says Firefox before version 115 in a private window.
  if (nameOf(error) === 'InvalidStateError') return true;
  // And so Chromium, where its user lets the site keep nothing. Under that name it also reports a damaged database.
  return nameOf(error) === 'UnknownError' && textOf(error).includes('The user denied permission');
}

/** Whether another connection to the same database may do better. */
export function isConnectionLoss(error: unknown): boolean {
  return losses.includes(nameOf(error));
}

// Chromium gives up the transactions of a page that was frozen with a TimeoutError.
const losses = ['InvalidStateError', 'UnknownError', 'AbortError', 'TransactionInactiveError', 'TimeoutError'];

/** Whether it may be that what is stored under a key is damaged. */
export function isUnreadable(error: unknown): boolean {
  return ['DataError', 'NotReadableError', 'UnknownError'].includes(nameOf(error));
}

/** By name: what browsers throw here is now a DOMException and now a class of its own. */
function nameOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'name' in error ? String(error.name) : '';
}

function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message === '' ? error.name : `${error.name}: ${error.message}`;
}
