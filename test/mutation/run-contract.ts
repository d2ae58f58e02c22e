import { it } from 'vitest';
import { isSupported } from '../../src/contract/contract-case.ts';
import { storeContract } from '../../src/contract/store-contract.ts';
import type { CaseBench } from '../contract/benches.ts';

/** What takes seconds because its input is large shows nothing of a mutant that less does not show. */
const LARGE = ['takes 100,000 ids in one filter', 'keeps a text of 10 MB unchanged'];

/**
 * Makes a test of each case of the contract, which is skipped when the store of the bench does not support it. No store
 * is opened outside of a test: Stryker takes what runs there for a part of every test.
 */
export function runContract(createBench: () => CaseBench): void {
  for (const contractCase of storeContract.filter(({ name }) => !LARGE.includes(name))) {
    it(contractCase.name, async ({ skip }) => {
      const bench = createBench();
      try {
        const { capabilities } = await bench.open();
        skip(!isSupported(contractCase, capabilities), `needs ${String(contractCase.needs)}`);
        await contractCase.run(bench);
      } finally {
        await bench.clear();
      }
    });
  }
}
