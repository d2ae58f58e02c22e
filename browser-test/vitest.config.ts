import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('..', import.meta.url));

export default defineConfig({
  root,
  resolve: {
    alias: [
      { find: /^boardlite$/, replacement: `${root}src/index.ts` },
      { find: /^boardlite\/(\w+)$/, replacement: `${root}src/$1.ts` },
    ],
  },
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
