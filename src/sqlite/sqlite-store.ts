import { checkStoreOptions } from '../core/call.ts';
import { CheckedStore, PAGE_LIMIT } from '../core/checked-store.ts';
import { ReadOnlyError, UnsupportedError, type CorruptError } from '../core/errors.ts';
import type { ArtifactFilter } from '../core/filter.ts';
import type { PageOptions } from '../core/page.ts';
import type { BlackboardStore, CallOptions, CloseOptions, StoreOptions, StoreStats } from '../core/store.ts';
import type { OpenMedium } from '../persistence/medium.ts';
import { openBoard, type OpenBoard } from './open-board.ts';
import { checkSqliteOptions, type SqliteStoreOptions } from './options.ts';
import type { StatementPlan } from './sqlite-board.ts';
import type { StoreEvent } from './store-event.ts';

/** How the store would answer a query. */
export interface QueryPlan {
  readonly statements: readonly StatementPlan[];
}

/** A store whose board is a SQLite database. */
export interface SqliteStore extends BlackboardStore {
  /**
   * Saves the board whole on its medium. Resolves when it would survive a power cut; when it rejects, what was saved before
   * is still there.
   *
   * @throws UnsupportedError without a medium
   */
  checkpoint(options?: CallOptions): Promise<void>;
  /** The board as a file of SQLite would hold it: every write called before is in it. */
  exportBytes(options?: CallOptions): Promise<Uint8Array>;
  /** The statements that a query would run, with SQLite's plan for each: which index it walks. */
  explain(filter?: ArtifactFilter, page?: PageOptions): Promise<QueryPlan>;
}

/**
 * Opens a board on SQLite: the one on the medium, a new one where there is none, or, without a medium, a new one in memory.
 * A board of the original is migrated, in one transaction. The board is held in memory; a write resolves once every later
 * read sees it, and is durable once `flush`, `checkpoint` or `close` resolves.
 *
 * @throws InvalidArgumentError for options that do not exist or make no sense
 * @throws NotFoundError when `readOnly` finds nothing on the medium
 * @throws NotABoardError, NewerFormatError or CorruptError when the medium holds something else; it is left as it is
 * @throws WasmUnavailableError when the engine cannot be loaded
 */
export async function openSqliteStore(options?: SqliteStoreOptions): Promise<SqliteStore> {
  const checked = checkSqliteOptions(options);
  const { types, now, newId, durability } = checked;
  if (durability !== undefined) {
    const lack =
      checked.medium === undefined ? 'without a medium nothing is durable' : `${checked.medium.name} has no log`;
    throw new UnsupportedError(`Cannot open store with durability "${durability}": ${lack}`);
  }
  const storeOptions = checkStoreOptions({ types, now, newId }, 'open store');
  return new SqlJsStore(storeOptions, await openBoard(checked), checked);
}

class SqlJsStore extends CheckedStore implements SqliteStore {
  readonly capabilities;
  protected readonly board;
  readonly #driver;
  readonly #medium: OpenMedium | null;
  readonly #onEvent: ((event: StoreEvent) => void) | undefined;
  #savedChanges: number;
  #save: { readonly changes: number; readonly done: Promise<void> } | null = null;
  #lastCheckpoint: Date | null = null;

  constructor(storeOptions: StoreOptions, { driver, board, medium, isSaved }: OpenBoard, options: SqliteStoreOptions) {
    super(storeOptions);
    this.board = board;
    this.#driver = driver;
    this.#medium = medium;
    this.#onEvent = options.onEvent;
    this.#savedChanges = isSaved ? board.changes : -1;
    this.capabilities = Object.freeze({ durable: medium !== null, writable: options.readOnly !== true, sqlite: true });
  }

  async checkpoint(options?: CallOptions): Promise<void> {
    return this.calls.carryOut('checkpoint', options, async ({ signal }) => {
      if (this.#medium === null) throw new UnsupportedError('Cannot checkpoint: the store has no medium');
      if (!this.capabilities.writable) throw new ReadOnlyError('Cannot checkpoint: the store is read-only');
      const { done } = await this.calls.take(signal, () => ({ done: this.persist() }));
      await done;
    });
  }

  async exportBytes(options?: CallOptions): Promise<Uint8Array> {
    return this.calls.carryOut('exportBytes', options, ({ signal }) =>
      this.calls.take(signal, () => this.#driver.exportBytes()),
    );
  }

  async explain(filter?: ArtifactFilter, page?: PageOptions): Promise<QueryPlan> {
    return this.calls.carryOut('explain', undefined, () =>
      this.plan(filter, page, PAGE_LIMIT, 'explain query', (selection, window) => ({
        statements: this.board.explain(selection, window),
      })),
    );
  }

  protected state(): Pick<StoreStats, 'epoch' | 'durability' | 'log' | 'lastCheckpoint'> {
    return { epoch: this.board.epoch, durability: 'none', log: null, lastCheckpoint: this.#lastCheckpoint };
  }

  protected report(error: CorruptError): void {
    this.#onEvent?.({ type: 'unreadable', error });
  }

  protected persist(): Promise<void> {
    const { changes } = this.board;
    if (this.#save?.changes === changes) return this.#save.done;
    if (this.#medium === null || !this.capabilities.writable || changes === this.#savedChanges)
      return Promise.resolve();
    const done = this.#saveAfter(this.#save?.done, this.#medium, this.#driver.exportBytes(), changes);
    const save = { changes, done };
    this.#save = save;
    const forget = () => {
      if (this.#save === save) this.#save = null;
    };
    done.then(forget, forget);
    return done;
  }

  /** Saves never overlap; one that failed was its own caller's concern, and this one brings all that it had. */
  async #saveAfter(
    earlier: Promise<void> | undefined,
    medium: OpenMedium,
    bytes: Uint8Array,
    changes: number,
  ): Promise<void> {
    await Promise.allSettled([earlier]);
    await medium.save(bytes);
    this.#savedChanges = changes;
    this.#lastCheckpoint = new Date();
  }

  protected async release({ checkpoint }: CloseOptions): Promise<void> {
    await Promise.allSettled([this.#save?.done]);
    const isUnsaved = this.#medium !== null && this.capabilities.writable && this.board.changes !== this.#savedChanges;
    if (checkpoint === false && isUnsaved) {
      throw new UnsupportedError(
        'Cannot close store with checkpoint: false: the medium has no log, and what is not saved would be lost',
      );
    }
    await this.persist();
    await this.#medium?.close();
    this.#driver.close();
  }
}
