import { CheckedStore } from '../../src/core/checked-store.ts';
import type { Matches } from '../../src/core/board.ts';
import type { CorruptError } from '../../src/core/errors.ts';
import type { Fact } from '../../src/core/fact.ts';
import type { Selection } from '../../src/core/filter.ts';
import type { Window } from '../../src/core/page.ts';
import type { CloseOptions, StoreOptions } from '../../src/core/store.ts';
import type { Write } from '../../src/core/write.ts';
import { MemoryBoard } from '../../src/memory/memory-board.ts';

/** A board that finds rows which it cannot read. */
class DamagedBoard extends MemoryBoard {
  readonly damage: CorruptError[] = [];
  readonly windows: Window[] = [];
  vacuums = 0;

  override page(selection: Selection, window: Window): Matches {
    this.windows.push(window);
    return { ...super.page(selection, window), unreadable: this.damage };
  }

  override vacuum(): void {
    this.vacuums++;
  }
}

/** A store that does with its medium what a test says. */
export class TestStore extends CheckedStore {
  capabilities = { durable: true, writable: true, sqlite: false };
  override readonly board = new DamagedBoard();
  readonly accepted: (readonly Fact[])[] = [];
  readonly writes: Write<unknown>[] = [];
  readonly reported: CorruptError[] = [];
  readonly releases: CloseOptions[] = [];
  releasing = Promise.resolve();

  constructor(options: StoreOptions = {}) {
    super({ now: () => new Date(5), ...options });
  }

  protected override commit<T>(write: Write<T>, signal?: AbortSignal, preparation?: Promise<unknown>): Promise<T> {
    this.writes.push(write);
    return super.commit(write, signal, preparation);
  }

  protected override accept(facts: readonly Fact[]): void {
    this.accepted.push(facts);
    super.accept(facts);
  }

  protected state() {
    return { epoch: 'e', durability: 'none', log: null, lastCheckpoint: new Date(1) } as const;
  }

  protected release(options: CloseOptions): Promise<void> {
    this.releases.push(options);
    return this.releasing;
  }

  protected report(error: CorruptError): void {
    this.reported.push(error);
  }
}

export const draft = { type: 'films.Movie', payload: {}, producedBy: 'scout' };
