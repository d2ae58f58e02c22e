import { defineConfig } from 'vitest/config';
import { fromSource } from '../test/tooling/from-source.ts';

export default defineConfig({
  ...fromSource,
  test: {
    include: ['browser-test/**/*.test.ts'],
    globalSetup: ['browser-test/setup.ts'],
    allowOnly: false,
    // All processors: a browser waits for its other processes half of the time.
    maxWorkers: '100%',
    // For the test that hangs. A slow machine is no reason to fail.
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
