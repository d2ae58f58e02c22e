import { defineConfig } from 'vitest/config';
import base from './vitest.config.ts';

/** The tests a mutant has to get past: those of the parts that are mutated, without what is slow or tests others. */
export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: [
      'test/{core,memory,sql,sqlite}/**/*.test.ts',
      'test/contract/store-contract.test.ts',
      'test/original/{identify,migrate,renew}.test.ts',
    ],
    // A board in memory says as much about these parts as one in a file, in a third of the time.
    testNamePattern: /^(?!the contract on the SQLite store on a file)/,
  },
});
