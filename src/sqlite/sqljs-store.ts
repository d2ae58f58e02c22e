import type { Artifact } from '../core/artifact.ts';
import type { Calls } from '../core/calls.ts';
import { CheckedStore, PAGE_LIMIT } from '../core/checked-store.ts';
import { check, fields, isWhole, limit, signal } from '../core/checks.ts';
import { InvalidArgumentError, UnsupportedError, type CorruptError } from '../core/errors.ts';
import { toArtifact } from '../core/fact.ts';
import type { ArtifactFilter } from '../core/filter.ts';
import type { PageOptions } from '../core/page.ts';
import type { CallOptions, CloseOptions, StoreCapabilities, StoreOptions, StoreStats } from '../core/store.ts';
import { quote } from '../core/text.ts';
import type { BuiltBoard } from './build-board.ts';
import type { QueryPlan, SqliteStore } from './store.ts';
import type { IndexDescription, SqliteBoard } from './sqlite-board.ts';
import type { OnEvent } from './store-event.ts';

const sinceSchema = fields({ signal, limit });

/** A store on SQLite in memory, gone with the store. */
export class SqlJsStore extends CheckedStore implements SqliteStore {
  readonly capabilities: StoreCapabilities = Object.freeze({ durable: false, writable: true, sqlite: true });
  protected readonly onEvent: OnEvent;
  readonly #built: () => BuiltBoard;

  /** @param built the board as it is now; it can be built again while the store is open */
  constructor(options: StoreOptions, built: () => BuiltBoard, onEvent: OnEvent, calls?: Calls) {
    super(options, calls);
    this.#built = built;
    this.onEvent = onEvent;
  }

  protected get board(): SqliteBoard {
    return this.#built().board;
  }

  checkpoint(options?: CallOptions): Promise<void> {
    return this.calls.carryOut('checkpoint', options, () => {
      throw new UnsupportedError('Cannot checkpoint: the store has no medium');
    });
  }

  refresh(options?: CallOptions): Promise<void> {
    return this.calls.carryOut('refresh', options, ({ signal }) => this.calls.take(signal, () => undefined));
  }

  exportBytes(options?: CallOptions): Promise<Uint8Array> {
    return this.calls.carryOut('exportBytes', options, ({ signal }) =>
      this.calls.take(signal, () => this.#built().driver.exportBytes()),
    );
  }

  explain(filter?: ArtifactFilter, page?: PageOptions): Promise<QueryPlan> {
    return this.calls.carryOut('explain', undefined, () =>
      this.plan(filter, page, PAGE_LIMIT, 'explain query', (selection, window) => ({
        statements: this.board.explain(selection, window),
      })),
    );
  }

  publishedSince(
    sequence: number,
    options: CallOptions & { readonly limit?: number | undefined } = {},
  ): Promise<Artifact[]> {
    return this.calls.carryOut('publishedSince', undefined, () => {
      const action = 'read what was published since';
      const { limit: most = Infinity, signal: abort } = check(sinceSchema, options, action, 'options');
      if (!isWhole(sequence, 0)) {
        throw new InvalidArgumentError(
          `Cannot ${action}: the sequence must be a non-negative integer, got ${quote(sequence)}`,
        );
      }
      return this.calls.take(abort, () => this.board.publishedSince(sequence, most).map(toArtifact));
    });
  }

  indexes(options?: CallOptions): Promise<IndexDescription[]> {
    return this.calls.carryOut('indexes', options, ({ signal }) => this.calls.take(signal, () => this.board.indexes()));
  }

  protected state(): Pick<StoreStats, 'epoch' | 'durability' | 'log' | 'lastCheckpoint'> {
    return { epoch: this.board.epoch, durability: 'none', log: null, lastCheckpoint: null };
  }

  protected report(error: CorruptError): void {
    this.onEvent({ type: 'unreadable', error });
  }

  protected release(options: CloseOptions): Promise<void>;
  protected release(): Promise<void> {
    this.#built().driver.close();
    return Promise.resolve();
  }
}
