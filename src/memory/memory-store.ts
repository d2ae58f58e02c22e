import { checkStoreOptions } from '../core/call.ts';
import { CheckedStore } from '../core/checked-store.ts';
import type { BlackboardStore, StoreOptions, StoreStats } from '../core/store.ts';
import { uuidAt } from '../core/uuid.ts';
import { MemoryBoard } from './memory-board.ts';

/**
 * A board in memory, gone when the process ends: for tests, for boards that need not last, and as the reference that the
 * other stores are compared with. A write resolves once it is visible to every later read.
 *
 * @throws InvalidArgumentError for options that do not exist or make no sense
 */
export function createMemoryStore(options?: StoreOptions): BlackboardStore {
  return new MemoryStore(checkStoreOptions(options, 'create memory store'));
}

class MemoryStore extends CheckedStore {
  readonly capabilities = Object.freeze({ durable: false, writable: true, sqlite: false });
  protected readonly board = new MemoryBoard();
  #epoch: string | null = null;

  protected state(): Pick<StoreStats, 'epoch' | 'durability' | 'log' | 'lastCheckpoint'> {
    this.#epoch ??= uuidAt(Date.now(), 0);
    return { epoch: this.#epoch, durability: 'none', log: null, lastCheckpoint: null };
  }

  protected release(): Promise<void> {
    return Promise.resolve();
  }

  /** Never called: what is in memory can be read. */
  protected report(): void {
    return;
  }
}
