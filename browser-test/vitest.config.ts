import { defineConfig } from 'vitest/config';
import { fromSource } from '../test/tooling/from-source.ts';

export default defineConfig({
  ...fromSource,
  test: {
    include: ['browser-test/**/*.test.ts'],
    globalSetup: ['browser-test/setup.ts'],
    allowOnly: false,
    // A browser is several processes: one at a time is enough for a small machine.
    fileParallelism: false,
    // For the test that hangs. A slow machine is no reason to fail.
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
