import { describe, expect, it } from 'vitest';
import { isSupported, type ContractCase } from '../../src/contract/contract-case.ts';
import { storeContract } from '../../src/contract/store-contract.ts';
import { fileBench, memoryBench, sqliteBench, type CaseBench } from './benches.ts';
import { casesOfBoards, reopeningBench } from './reopening.ts';

const benches: Readonly<Record<string, () => CaseBench>> = {
  'the memory store': memoryBench,
  'the SQLite store in memory': sqliteBench,
  'the SQLite store on a file': fileBench,
};

function runAll(cases: readonly ContractCase[], createBench: () => CaseBench): void {
  for (const contractCase of cases) {
    it(contractCase.name, { timeout: 60_000 }, async () => {
      const bench = createBench();
      try {
        await contractCase.run(bench);
      } finally {
        await bench.clear();
      }
    });
  }
}

for (const [name, createBench] of Object.entries(benches)) {
  const probe = createBench();
  const { capabilities } = await probe.open();
  await probe.clear();
  const supported = storeContract.filter((contractCase) => isSupported(contractCase, capabilities));
  const left = storeContract.length - supported.length;

  describe(`the contract on ${name}`, () => {
    runAll(supported, createBench);

    it(`leaves out ${String(left)} of ${String(storeContract.length)} cases, for what the store says it cannot do`, () => {
      const durable = storeContract.filter(({ needs }) => needs?.includes('durable'));
      expect(left).toBe(capabilities.durable ? 0 : durable.length);
    });
  });
}

describe('the contract on a file, closed and opened again between calls', () => {
  runAll(casesOfBoards(storeContract), () => reopeningBench(fileBench()));
});

describe('the contract', () => {
  it('has at least five cases for each of the 15 rules', () => {
    const counts = Array.from({ length: 15 }, (_, i) => storeContract.filter(({ rule }) => rule === i + 1).length);
    expect(counts.filter((count) => count < 5)).toEqual([]);
  });

  it('gives each case a name of its own', () => {
    const names = storeContract.map(({ name }) => name);
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  });
});
