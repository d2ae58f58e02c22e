import type { StoreBench } from '../../src/contract/contract-case.ts';
import type { BlackboardStore } from '../../src/core/store.ts';
import { createMemoryStore } from '../../src/memory/memory-store.ts';

/** Memory stores, changed by `alter` on their way to the case. */
export function memoryBench(alter: (store: BlackboardStore) => BlackboardStore = (store) => store): StoreBench {
  return {
    open: async (options) => alter(createMemoryStore(options)),
    reopen: () => Promise.reject(new Error('A board in memory cannot be opened again')),
  };
}
