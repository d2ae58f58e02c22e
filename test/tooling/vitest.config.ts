import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('../..', import.meta.url));

export default defineConfig({
  root,
  // As in tsconfig.json: here boardlite's own name means its sources.
  resolve: {
    alias: [
      { find: /^boardlite$/, replacement: `${root}src/index.ts` },
      { find: /^boardlite\/(\w+)$/, replacement: `${root}src/$1.ts` },
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    allowOnly: false,
    // For the test that hangs. A slow machine is no reason to fail.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    coverage: { include: ['src/**'], reportsDirectory: 'reports/coverage' },
  },
});
