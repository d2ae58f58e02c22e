import type { CorruptError } from '../core/errors.ts';
import type { Migration } from '../sql/migrate.ts';
import type { RenewedRows } from '../sql/renew-rows.ts';

/** What happens beside the calls. Closed: a new type is a change of the public contract. */
export type StoreEvent =
  /** A stored row that cannot be read exactly was left out of an answer; `error` names it. */
  | { readonly type: 'unreadable'; readonly error: CorruptError }
  /** The medium held a board of the original, which is ours now. */
  | { readonly type: 'migrated'; readonly migration: Migration }
  /** Somebody else wrote to the board since it was closed; what we derive was renewed, under a new epoch. */
  | { readonly type: 'foreign-change'; readonly renewed: RenewedRows };
