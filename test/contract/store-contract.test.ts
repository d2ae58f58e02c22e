import { describe, expect, it } from 'vitest';
import { isSupported } from '../../src/contract/contract-case.ts';
import { storeContract } from '../../src/contract/store-contract.ts';
import { createMemoryStore } from '../../src/memory/memory-store.ts';
import { memoryBench } from './memory-bench.ts';

describe('the contract on the memory store', () => {
  const { capabilities } = createMemoryStore();
  for (const contractCase of storeContract.filter((it) => isSupported(it, capabilities))) {
    it(contractCase.name, async () => {
      await expect(contractCase.run(memoryBench())).resolves.toBeUndefined();
    });
  }
});
