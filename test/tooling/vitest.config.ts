import { defineConfig } from 'vitest/config';
import { fromSource } from './from-source.ts';

export default defineConfig({
  ...fromSource,
  test: {
    include: ['test/**/*.test.ts'],
    allowOnly: false,
    // All processors; by default one is kept for whoever watches.
    maxWorkers: '100%',
    // For the test that hangs. A slow machine is no reason to fail.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    coverage: { include: ['src/**'], reportsDirectory: 'reports/coverage' },
  },
});
