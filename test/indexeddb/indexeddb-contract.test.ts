import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, it, vi } from 'vitest';
import { isSupportedByMedium } from '../../src/contract/medium-case.ts';
import { mediumContract } from '../../src/contract/medium-contract.ts';
import { INDEXEDDB, indexedDBBench } from './indexeddb-bench.ts';

describe('the contract of media on an IndexedDB in memory', () => {
  const page = new EventTarget();
  const bench = indexedDBBench(() => page.dispatchEvent(new Event('freeze')));

  beforeEach(() => {
    vi.stubGlobal('document', page);
    vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
  });
  afterEach(async () => {
    await bench.close();
    vi.unstubAllGlobals();
  });

  for (const mediumCase of mediumContract.filter((one) => isSupportedByMedium(one, INDEXEDDB))) {
    it(mediumCase.name, () => mediumCase.run(bench));
  }
});
