/** What a statement binds and reads. Numbers are exact up to 2^53. */
export type SqlValue = string | number | null | Uint8Array;
export type Row = readonly SqlValue[];

/** A statement as plain data: every value is bound, never written into the text. */
export interface Statement {
  readonly text: string;
  readonly values: readonly SqlValue[];
}

export function statement(text: string, ...values: SqlValue[]): Statement {
  return { text, values };
}

/**
 * Runs SQL on one engine, synchronously. Texts recur, so a driver keeps their prepared forms.
 * Errors of the engine come out as BlackboardErrors.
 */
export interface Driver {
  /** Every row of the answer, cells by position. */
  all(statement: Statement): Row[];
  /** The first row of the answer; undefined when it has none. */
  first(statement: Statement): Row | undefined;
  /** The rows one by one; the statement is released when the iteration ends, early or not. Not to be nested with itself. */
  each(statement: Statement): Iterable<Row>;
  /** Carries out a statement and returns how many rows it changed. */
  run(statement: Statement): number;
  /** Carries out a script of several statements without values. */
  script(text: string): void;
  /** Runs the steps inside one transaction: all of what they change, or, when they throw, nothing. Not nested. */
  transaction<T>(steps: () => T): T;
  /** Frees the engine's memory. Idempotent. */
  close(): void;
}
