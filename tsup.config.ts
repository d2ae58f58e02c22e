import { defineConfig } from 'tsup';

export default defineConfig({
  entry: ['src/index.ts', 'src/sqlite.ts', 'src/file.ts', 'src/testing.ts'],
  format: 'esm',
  dts: true,
  target: 'es2022',
  platform: 'neutral',
  // Entries share chunks, so that there is one BlackboardError class whichever entry it is caught through.
  splitting: true,
  clean: true,
});
