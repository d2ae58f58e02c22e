import { copyFile, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Plugin } from 'esbuild';
import { defineConfig } from 'tsup';

const wasm = createRequire(import.meta.url).resolve('sql.js/dist/sql-wasm.wasm');

/** What is changed in sql.js; each is there exactly once. */
const CHANGES: readonly (readonly [from: RegExp, to: string])[] = [
  // An ES module, which no bundler takes for anything else.
  [/\/\/ This bit below is copied[^]*$/g, 'export default initSqlJs;\n'],
  [/module = undefined;/g, ''],
  // Every call makes an engine, so that one that failed can be tried again.
  [/var initSqlJsPromise = undefined;/g, ''],
  [/if \(initSqlJsPromise\)\{\s*return initSqlJsPromise;\s*\}/g, ''],
  [/initSqlJsPromise = new Promise\(/g, 'return new Promise('],
  [/return initSqlJsPromise;\s*\} \/\/ The end of our/g, '} // The end of our'],
  // What goes wrong as it starts is told to the caller, and does not end the process.
  [/\.then\(\(\)=>(\w+)\(\)\);/g, '.then(()=>$1()).catch(reject);'],
  // A database that grows is copied each time its room is used up, which was a third of all the time: rarer, by larger steps.
  [/<1048576\?2:1\.125\)/g, '<1048576?2:1.5)'],
  // In a page or a worker it asks where it is, and workerd, which looks like one, has no answer.
  [/=!!globalThis\.window,(\w+)=!!globalThis\.WorkerGlobalScope;/g, '=false,$1=false;'],
];

/** sql.js as a module that runs everywhere. */
export async function sqlJsModule(): Promise<string> {
  let code = await readFile(wasm.replace(/\.wasm$/, '-browser.js'), 'utf8');
  for (const [from, to] of CHANGES) {
    if (code.match(from)?.length !== 1) throw new Error(`sql.js is not as it was: ${String(from)}`);
    code = code.replace(from, to);
  }
  return code;
}

/** Makes sql.js a part of what is built. */
export const sqlJs: Plugin = {
  name: 'sql.js',
  setup(build) {
    build.onResolve({ filter: /^sql\.js$|\.wasm\.gz$/ }, ({ path }) => ({ path, namespace: 'sql.js' }));
    build.onLoad({ filter: /^sql\.js$/, namespace: 'sql.js' }, async () => ({ contents: await sqlJsModule() }));
    build.onLoad({ filter: /\.wasm\.gz$/, namespace: 'sql.js' }, async () => ({
      contents: gzipSync(await readFile(wasm), { level: 9 }),
      loader: 'base64',
    }));
  },
};

export default defineConfig(({ outDir = 'dist' }) => ({
  outDir,
  entry: ['src/*.ts', 'src/sqlite/packaged-wasm*.ts', 'src/cli/main.ts'],
  format: 'esm',
  dts: true,
  target: 'es2022',
  platform: 'neutral',
  // Entries share chunks, so that there is one BlackboardError class whichever entry it is caught through.
  splitting: true,
  // Deno and workerd know no `fs` without its prefix.
  external: [/^node:/, '#wasm', /\.wasm$/],
  removeNodeProtocol: false,
  noExternal: ['sql.js'],
  esbuildPlugins: [sqlJs],
  clean: true,
  async onSuccess() {
    await copyFile(wasm, `${outDir}/sqlite/sql-wasm.wasm`);
    await copyFile(`${dirname(wasm)}/../LICENSE`, `${outDir}/sqlite/sql-wasm.LICENSE`);
  },
}));
