/** Every code a {@link BlackboardError} can carry. Closed: a new code is a change of the public contract. */
export type BlackboardErrorCode =
  | 'invalid-argument'
  | 'invalid-payload'
  | 'ambiguous-type'
  | 'not-found'
  | 'conflict'
  | 'closed'
  | 'read-only'
  | 'locked'
  | 'unsupported'
  | 'corrupt'
  | 'newer-format'
  | 'not-a-board'
  | 'quota'
  | 'storage-lost'
  | 'storage-denied'
  | 'wasm-unavailable';

/**
 * Base of every failure the library reports; only an aborted call rejects with something else (`signal.reason`).
 *
 * `code` is stable and meant for programs; `message` names the action that failed and quotes the offending value,
 * is meant for people and may change. `cause` holds the underlying error where there is one.
 */
export abstract class BlackboardError extends Error {
  abstract readonly code: BlackboardErrorCode;
}

/** An argument is not what the call takes. Nothing was read or written. */
export class InvalidArgumentError extends BlackboardError {
  override readonly name = 'InvalidArgumentError';
  readonly code = 'invalid-argument';
}

/** One thing wrong with a payload. */
export interface PayloadIssue {
  /** Where in the payload, such as `cast[2].name`; empty for the payload itself. */
  readonly path: string;
  readonly message: string;
}

/** A payload is not JSON, or does not pass the schema of its type. At publish, nothing was written. */
export class InvalidPayloadError extends BlackboardError {
  override readonly name = 'InvalidPayloadError';
  readonly code = 'invalid-payload';
  readonly issues: readonly PayloadIssue[];
  constructor(message: string, issues: readonly PayloadIssue[], options?: ErrorOptions) {
    super(message, options);
    this.issues = issues;
  }
}

/** A simple type name fits several registered types; the message names them. */
export class AmbiguousTypeError extends BlackboardError {
  override readonly name = 'AmbiguousTypeError';
  readonly code = 'ambiguous-type';
}

/** Something the call refers to is not on the board. */
export class NotFoundError extends BlackboardError {
  override readonly name = 'NotFoundError';
  readonly code = 'not-found';
}

/** The call contradicts what somebody else did before: a second schema under one name, a file changed underneath. */
export class ConflictError extends BlackboardError {
  override readonly name = 'ConflictError';
  readonly code = 'conflict';
}

/** The store was closed before the call. */
export class ClosedError extends BlackboardError {
  override readonly name = 'ClosedError';
  readonly code = 'closed';
}

/** The store was opened with `readOnly: true` and the call would write. */
export class ReadOnlyError extends BlackboardError {
  override readonly name = 'ReadOnlyError';
  readonly code = 'read-only';
}

/** Another store writes the board file, and the message names its process; or IndexedDB did not answer in time. */
export class LockedError extends BlackboardError {
  override readonly name = 'LockedError';
  readonly code = 'locked';
}

/** The store lacks the ability, as its `capabilities` say; or what is asked for is too large, or a file beside the board in the way. */
export class UnsupportedError extends BlackboardError {
  override readonly name = 'UnsupportedError';
  readonly code = 'unsupported';
}

/** Stored bytes are damaged. They are left as they are. */
export class CorruptError extends BlackboardError {
  override readonly name = 'CorruptError';
  readonly code = 'corrupt';
}

/** The board was written by a newer version of the library. It is left as it is. */
export class NewerFormatError extends BlackboardError {
  override readonly name = 'NewerFormatError';
  readonly code = 'newer-format';
}

/** What was opened is not a board. It is left as it is. */
export class NotABoardError extends BlackboardError {
  override readonly name = 'NotABoardError';
  readonly code = 'not-a-board';
}

/** The medium is full. What was accepted before is kept. */
export class QuotaError extends BlackboardError {
  override readonly name = 'QuotaError';
  readonly code = 'quota';
}

/** The medium stopped keeping what it held; the board in memory can still be read and exported. */
export class StorageLostError extends BlackboardError {
  override readonly name = 'StorageLostError';
  readonly code = 'storage-lost';
}

/** The medium may not be used: permissions, private mode, a read-only disk. */
export class StorageDeniedError extends BlackboardError {
  override readonly name = 'StorageDeniedError';
  readonly code = 'storage-denied';
}

/** The SQLite engine could not be loaded; the message names the ways out. Opening again tries again. */
export class WasmUnavailableError extends BlackboardError {
  override readonly name = 'WasmUnavailableError';
  readonly code = 'wasm-unavailable';
}
