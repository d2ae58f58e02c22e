import { describe, expect, it } from 'vitest';
import { isSupported, type ContractCase } from '../../src/contract/contract-case.ts';
import { storeContract } from '../../src/contract/store-contract.ts';
import type { BlackboardStore } from '../../src/core/store.ts';
import { createMemoryStore } from '../../src/memory/memory-store.ts';
import { altered } from './altered-store.ts';
import { fileBench, memoryBench, sqliteBench, type CaseBench } from './benches.ts';
import { brokenStores } from './broken-stores.ts';

const cases = storeContract.filter((contractCase) => isSupported(contractCase, createMemoryStore().capabilities));
const durable = storeContract.filter(({ needs }) => needs?.includes('durable'));
const TIME_LIMIT = 2000;

/** The names of the cases that fail; one that does not end fails as well. */
async function failuresOf(createBench: () => CaseBench, all: readonly ContractCase[]): Promise<string[]> {
  const failed: string[] = [];
  for (const contractCase of all) {
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise((_, reject) => {
      timer = setTimeout(reject, TIME_LIMIT);
    });
    await Promise.race([contractCase.run(createBench()), limit]).catch(() => failed.push(contractCase.name));
    clearTimeout(timer);
  }
  return failed;
}

const benchOf = (alter: (store: BlackboardStore) => BlackboardStore) => () => memoryBench(alter);

describe('the contract fails, at the very rule, on a store that', () => {
  for (const { name, rule, alter } of brokenStores) {
    it(`${name} (rule ${String(rule)})`, { timeout: 60_000 }, async () => {
      const ofRule = cases.filter((contractCase) => contractCase.rule === rule);
      expect(await failuresOf(benchOf(alter), ofRule)).not.toEqual([]);
    });
  }

  it('forgets everything when it is opened again', { timeout: 60_000 }, async () => {
    const forgetful = () => {
      const bench = sqliteBench();
      return {
        ...bench,
        reopen: (_: BlackboardStore, options: Parameters<typeof bench.open>[0]) => bench.open(options),
      };
    };
    const failed = new Set(await failuresOf(forgetful, durable));
    expect(durable.map(({ name }) => name).filter((name) => !failed.has(name))).toEqual(['has an empty board again']);
  });
});

it('the contract fails on a store that keeps only what it is closed with', { timeout: 60_000 }, async () => {
  const benches: CaseBench[] = [];
  const lazy = () => {
    const bench = fileBench();
    benches.push(bench);
    const reopen: CaseBench['reopen'] = (store, { abandon = false, ...options } = {}) =>
      abandon ? bench.open(options) : bench.reopen(store, options);
    return { ...bench, reopen };
  };
  expect(await failuresOf(lazy, durable)).toEqual([
    'has what was flushed, without being told to close',
    'has every write that was answered, without being told to flush or to close',
  ]);
  for (const bench of benches) await bench.clear();
});

describe('the broken stores', () => {
  it('are two or more for each of the 15 rules', () => {
    const counts = Array.from({ length: 15 }, (_, i) => brokenStores.filter(({ rule }) => rule === i + 1).length);
    expect(counts.filter((count) => count < 2)).toEqual([]);
  });

  it('fail for what they break: the same wrapper without a change passes', { timeout: 60_000 }, async () => {
    expect(
      await failuresOf(
        benchOf((store) => altered(store, {})),
        cases,
      ),
    ).toEqual([]);
  });

  it('break one thing only: most of every other rule holds', { timeout: 60_000 }, async () => {
    const quick = cases.filter(({ name }) => !/100,000|10 MB/.test(name));
    const sample = quick.filter((_, i) => i % 16 === 0);
    const wrecks: string[] = [];
    for (const { name, alter } of brokenStores) {
      if ((await failuresOf(benchOf(alter), sample)).length > sample.length / 2) wrecks.push(name);
    }
    expect(wrecks).toEqual([]);
  });
});
