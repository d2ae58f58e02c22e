import { defineConfig } from 'vitest/config';
import { MirrorFirst } from './mirror-first.ts';
import { currentGoal } from './mutation-goals.mjs';
import base from './vitest.config.ts';

export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: currentGoal().tests,
    // What takes seconds because its input is large shows nothing of a mutant that less does not show.
    exclude: ['**/*.large.test.ts'],
    // A mutant that keeps a test from ending is noticed; these tests take a second at most.
    testTimeout: 10_000,
    hookTimeout: 10_000,
    setupFiles: ['test/tooling/mutation-setup.ts'],
    sequence: { sequencer: MirrorFirst },
  },
});
