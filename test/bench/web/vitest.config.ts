import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// A bench and no test: it is run by this runner because the browser's helper is a fixture of it.
export default defineConfig({
  root: fileURLToPath(new URL('../../..', import.meta.url)),
  test: {
    include: ['test/bench/web/web-bench.ts'],
    globalSetup: ['test/bench/web/setup.ts'],
    testTimeout: 600_000,
    disableConsoleIntercept: true,
  },
});
