import { mergeConfig } from 'vitest/config';
import base from './vitest.config.ts';

/** The tests a mutant has to get past: those of the parts that are mutated, without what is slow and tests others. */
export default mergeConfig(base, {
  test: {
    include: ['test/{core,memory,sql,sqlite,contract}/**/*.test.ts'],
  },
});
