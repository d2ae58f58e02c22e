/** Which part of the matches a query returns, and in which order. */
export interface PageOptions {
  /** At most this many items: a positive integer or `Infinity`; 50 unless told (500 for fetchGraphArtifacts). */
  readonly limit?: number | undefined;
  /** Skips this many matches; not together with a cursor. */
  readonly offset?: number | undefined;
  /** Goes on where the page that gave it as `nextCursor` ended; for the same filter and order only. */
  readonly cursor?: string | undefined;
  /** By (createdAt, id); `desc` is the exact reverse. `asc` unless told. */
  readonly order?: 'asc' | 'desc' | undefined;
  /** False saves the counting; the total is then null. */
  readonly total?: boolean | undefined;
  /** True gives envelopes: artifacts with their consumptions. */
  readonly embedMeta?: boolean | undefined;
  /** Stops the call while it waits. */
  readonly signal?: AbortSignal | undefined;
}

/** One page of matches, all as of one instant. */
export interface Page<T> {
  readonly items: T[];
  /** How many artifacts match, paging aside; null when not counted: with `total: false` or a cursor. */
  readonly total: number | null;
  /** Where to go on; null exactly when nothing followed at that instant. */
  readonly nextCursor: string | null;
}

/** A place in the board's order. */
export interface Position {
  readonly createdAt: number;
  readonly id: string;
}

/** PageOptions, checked. */
export interface Window {
  readonly limit: number;
  readonly offset: number;
  readonly order: 'asc' | 'desc';
  /** Only what follows this place, in the given order. */
  readonly after: Position | null;
  /** False where it goes on after a place. */
  readonly counted: boolean;
}
