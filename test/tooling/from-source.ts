import { fileURLToPath } from 'node:url';
import { sqlJsModule } from '../../tsup.config.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What boardlite's own names mean in tests, as in tsconfig.json: its sources. The engine is as the build makes it. */
export const fromSource = {
  root,
  resolve: {
    alias: [
      { find: /^boardlite$/, replacement: `${root}src/index.ts` },
      { find: /^boardlite\/(\w+)$/, replacement: `${root}src/$1.ts` },
      { find: /^#wasm$/, replacement: `${root}test/tooling/installed-wasm.ts` },
    ],
  },
  plugins: [
    {
      name: 'sql.js',
      enforce: 'pre' as const,
      resolveId: (id: string) => (id === 'sql.js' ? '\0sql.js' : null),
      load: (id: string) => (id === '\0sql.js' ? sqlJsModule() : null),
    },
  ],
};
