import type { Artifact } from '../core/artifact.ts';
import type { ArtifactFilter } from '../core/filter.ts';
import type { PageOptions } from '../core/page.ts';
import type { BlackboardStore, CallOptions } from '../core/store.ts';
import type { IndexDescription, StatementPlan } from './sqlite-board.ts';

/** How the store would answer a query. */
export interface QueryPlan {
  readonly statements: readonly StatementPlan[];
}

/** A store whose board is a SQLite database. */
export interface SqliteStore extends BlackboardStore {
  /**
   * Saves the board whole on its medium and drops the log before it. Resolves when the snapshot would survive a power cut;
   * when it rejects, the last one and its log are still there, and nothing is lost. Writes go on meanwhile.
   *
   * @throws UnsupportedError without a medium, ReadOnlyError, QuotaError when there is no room for two snapshots
   * @throws ConflictError, LockedError, StorageDeniedError or StorageLostError where the medium fails
   */
  checkpoint(options?: CallOptions): Promise<void>;
  /**
   * Reads what others have accepted by now: other tabs, or, with `readOnly`, the process that writes the file. A board that
   * tabs share follows by itself, and needs this only to be sure. Resolves when every later read sees that.
   *
   * @throws StorageLostError when the board is no longer there, CorruptError when what is there is damaged
   */
  refresh(options?: CallOptions): Promise<void>;
  /** The board as a file of SQLite would hold it: every write called before is in it. */
  exportBytes(options?: CallOptions): Promise<Uint8Array>;
  /**
   * The artifacts that were published or replaced after a sequence, in that order: what is new since a read that knew it. An
   * artifact that was replaced in between is there once. Looks at every artifact of the board.
   */
  publishedSince(
    sequence: number,
    options?: CallOptions & { readonly limit?: number | undefined },
  ): Promise<Artifact[]>;
  /** The indexes of the database, by table and name. */
  indexes(options?: CallOptions): Promise<IndexDescription[]>;
  /** The statements that a query would run, with SQLite's plan for each: which index it walks. */
  explain(filter?: ArtifactFilter, page?: PageOptions): Promise<QueryPlan>;
}
