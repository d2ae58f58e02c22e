import { defineConfig } from 'vitest/config';
import { MirrorFirst } from './mirror-first.ts';
import { currentGoal } from './mutation-goals.mjs';
import base from './vitest.config.ts';

export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: currentGoal().tests,
    setupFiles: ['test/tooling/mutation-setup.ts'],
    sequence: { sequencer: MirrorFirst },
  },
});
