import { it } from 'vitest';
import { isSupported } from '../../src/contract/contract-case.ts';
import { storeContract } from '../../src/contract/store-contract.ts';
import type { CaseBench } from '../contract/benches.ts';

/** Makes a test of each case of the contract that the store of the bench supports. */
export async function runContract(createBench: () => CaseBench): Promise<void> {
  const probe = createBench();
  const { capabilities } = await probe.open();
  await probe.clear();
  for (const contractCase of storeContract.filter((each) => isSupported(each, capabilities))) {
    it(contractCase.name, async () => {
      const bench = createBench();
      try {
        await contractCase.run(bench);
      } finally {
        await bench.clear();
      }
    });
  }
}
