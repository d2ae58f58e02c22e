import {
  BlackboardError,
  InvalidArgumentError,
  QuotaError,
  StorageDeniedError,
  StorageLostError,
} from '../core/errors.ts';

type FailureClass = new (message: string, options: ErrorOptions) => BlackboardError;

const failures: Readonly<Record<string, readonly [FailureClass, string]>> = {
  ENOSPC: [QuotaError, 'no space is left on the disk'],
  EDQUOT: [QuotaError, 'the disk quota is used up'],
  EFBIG: [QuotaError, 'the file would be larger than the system allows'],
  EACCES: [StorageDeniedError, 'permission denied'],
  EPERM: [StorageDeniedError, 'the operation is not permitted'],
  EROFS: [StorageDeniedError, 'the disk is read-only'],
  EBUSY: [StorageDeniedError, 'the file is in use'],
  ETXTBSY: [StorageDeniedError, 'the file is in use'],
  EISDIR: [StorageDeniedError, 'there is a folder where a file should be'],
  EMFILE: [StorageDeniedError, 'too many files are open'],
  ENFILE: [StorageDeniedError, 'too many files are open'],
  ENOTDIR: [InvalidArgumentError, 'a part of the path is not a folder'],
  ELOOP: [InvalidArgumentError, 'the symbolic links go round in a circle'],
  ENAMETOOLONG: [InvalidArgumentError, 'the path is too long'],
  EIO: [StorageLostError, 'the disk failed'],
};

/** What the file system's error means for a board. Errors of our own pass through. */
export function fileFailure(action: string, cause: unknown): BlackboardError {
  if (cause instanceof BlackboardError) return cause;
  const code = codeOf(cause);
  if (isForbidden(cause)) return new StorageDeniedError(`Cannot ${action}: ${textOf(cause)}`, { cause });
  const failure = failures[code];
  if (failure === undefined) return new StorageLostError(`Cannot ${action}: ${textOf(cause)}`, { cause });
  const [Failure, reason] = failure;
  return new Failure(`Cannot ${action}: ${reason} (${code})`, { cause });
}

/** True where Deno was not given the permission: https://docs.deno.com/runtime/fundamentals/security/ */
function isForbidden(error: unknown): boolean {
  return error instanceof Error && error.name === 'NotCapable';
}

/** True for the error of a path that leads nowhere. */
export function isAbsence(error: unknown): boolean {
  return codeOf(error) === 'ENOENT';
}

/** For `catch`: where there is nothing, null is the answer. */
export function nullIfAbsent(error: unknown): null {
  if (isAbsence(error)) return null;
  throw error;
}

/** The system's name of an error, such as `ENOSPC`; empty when it has none. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
