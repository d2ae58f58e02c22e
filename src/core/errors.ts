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
export class BlackboardError extends Error {
  override readonly name: string = 'BlackboardError';
  readonly code: BlackboardErrorCode;

  constructor(code: BlackboardErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** An argument is not what the call takes. Nothing was read or written. */
export class InvalidArgumentError extends BlackboardError {
  override readonly name = 'InvalidArgumentError';
  constructor(message: string, options?: ErrorOptions) {
    super('invalid-argument', message, options);
  }
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
  readonly issues: readonly PayloadIssue[];
  constructor(message: string, issues: readonly PayloadIssue[], options?: ErrorOptions) {
    super('invalid-payload', message, options);
    this.issues = issues;
  }
}

/** A simple type name fits several registered types; the message names them. */
export class AmbiguousTypeError extends BlackboardError {
  override readonly name = 'AmbiguousTypeError';
  constructor(message: string, options?: ErrorOptions) {
    super('ambiguous-type', message, options);
  }
}

/** Something the call refers to is not on the board. */
export class NotFoundError extends BlackboardError {
  override readonly name = 'NotFoundError';
  constructor(message: string, options?: ErrorOptions) {
    super('not-found', message, options);
  }
}

/** The call contradicts what somebody else did before: a second schema under one name, a file changed underneath. */
export class ConflictError extends BlackboardError {
  override readonly name = 'ConflictError';
  constructor(message: string, options?: ErrorOptions) {
    super('conflict', message, options);
  }
}

/** The store was closed before the call. */
export class ClosedError extends BlackboardError {
  override readonly name = 'ClosedError';
  constructor(message: string, options?: ErrorOptions) {
    super('closed', message, options);
  }
}

/** The store was opened with `readOnly: true` and the call would write. */
export class ReadOnlyError extends BlackboardError {
  override readonly name = 'ReadOnlyError';
  constructor(message: string, options?: ErrorOptions) {
    super('read-only', message, options);
  }
}

/** Another process holds the board; the message names the holder. */
export class LockedError extends BlackboardError {
  override readonly name = 'LockedError';
  constructor(message: string, options?: ErrorOptions) {
    super('locked', message, options);
  }
}

/** The store or medium lacks the ability; its `capabilities` say so. */
export class UnsupportedError extends BlackboardError {
  override readonly name = 'UnsupportedError';
  constructor(message: string, options?: ErrorOptions) {
    super('unsupported', message, options);
  }
}

/** Stored bytes are damaged. They are left as they are. */
export class CorruptError extends BlackboardError {
  override readonly name = 'CorruptError';
  constructor(message: string, options?: ErrorOptions) {
    super('corrupt', message, options);
  }
}

/** The board was written by a newer version of the library. It is left as it is. */
export class NewerFormatError extends BlackboardError {
  override readonly name = 'NewerFormatError';
  constructor(message: string, options?: ErrorOptions) {
    super('newer-format', message, options);
  }
}

/** What was opened is not a board. It is left as it is. */
export class NotABoardError extends BlackboardError {
  override readonly name = 'NotABoardError';
  constructor(message: string, options?: ErrorOptions) {
    super('not-a-board', message, options);
  }
}

/** The medium is full. What was accepted before is kept. */
export class QuotaError extends BlackboardError {
  override readonly name = 'QuotaError';
  constructor(message: string, options?: ErrorOptions) {
    super('quota', message, options);
  }
}

/** The medium stopped keeping what it held; the board in memory can still be read and exported. */
export class StorageLostError extends BlackboardError {
  override readonly name = 'StorageLostError';
  constructor(message: string, options?: ErrorOptions) {
    super('storage-lost', message, options);
  }
}

/** The medium may not be used: permissions, private mode, a read-only disk. */
export class StorageDeniedError extends BlackboardError {
  override readonly name = 'StorageDeniedError';
  constructor(message: string, options?: ErrorOptions) {
    super('storage-denied', message, options);
  }
}

/** The SQLite engine could not be loaded; the message names the ways out. Opening again tries again. */
export class WasmUnavailableError extends BlackboardError {
  override readonly name = 'WasmUnavailableError';
  constructor(message: string, options?: ErrorOptions) {
    super('wasm-unavailable', message, options);
  }
}
