import { defineConfig } from 'tsup';

export default defineConfig({
  entry: ['src/*.ts', 'src/cli/main.ts'],
  format: 'esm',
  dts: true,
  target: 'es2022',
  platform: 'neutral',
  // Entries share chunks, so that there is one BlackboardError class whichever entry it is caught through.
  splitting: true,
  // Deno and workerd know no `fs` without its prefix.
  external: [/^node:/],
  removeNodeProtocol: false,
  clean: true,
});
