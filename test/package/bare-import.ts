import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build, type Plugin } from 'esbuild';
import { entriesOf } from './entries.ts';

const run = promisify(execFile);

/** What a script is not to look at as it is imported. */
const HOST = [
  'window',
  'document',
  'self',
  'location',
  'process',
  'navigator',
  'fetch',
  'indexedDB',
  'WebAssembly',
  'console',
];

/** Runs a script where there is the language, what every runtime adds to it, and nothing else; prints what it touches. */
const SCRIPT = `
  const vm = require('node:vm');
  const context = vm.createContext({ TextEncoder, TextDecoder, AbortSignal, AbortController, URL });
  const touched = [];
  for (const name of ${JSON.stringify(HOST)}) {
    Object.defineProperty(context, name, { get: () => void touched.push(name), configurable: true });
  }
  const names = () => vm.runInContext('Object.getOwnPropertyNames(globalThis)', context);
  const before = new Set(names());
  vm.runInContext(require('node:fs').readFileSync(process.argv[1], 'utf8'), context);
  // zod keeps its settings there.
  touched.push(...names().filter((name) => !before.has(name) && !name.startsWith('__zod_')));
  console.log(touched.join());
`;

/** What is wrong with importing the entries of a package where there is nothing but the language. */
export async function checkBareImports(folder: string): Promise<string[]> {
  const problems: string[] = [];
  for (const [entry] of await entriesOf(join(folder, 'node_modules/boardlite'))) {
    const outfile = join(folder, 'bare', `${entry.replace('/', '-')}.cjs`);
    await build({
      stdin: { contents: `import '${entry}'`, resolveDir: folder },
      bundle: true,
      format: 'iife',
      platform: 'neutral',
      mainFields: ['module', 'main'],
      // Modules of a host are there, and do nothing.
      plugins: [emptyHostModules],
      define: { 'import.meta.url': '"file:///nowhere.js"' },
      // All of it, also what a bundle would leave out.
      ignoreAnnotations: true,
      treeShaking: false,
      outfile,
      logLevel: 'error',
    });
    const { stdout } = await run(process.execPath, ['-e', SCRIPT, outfile]).catch((error: unknown) => ({
      stdout: String(error),
    }));
    const touched = stdout.trim();
    console.log(`${entry}: ${touched === '' ? 'ok' : touched}`);
    if (touched !== '') problems.push(`importing ${entry} touches ${touched}`);
  }
  return problems;
}

const emptyHostModules: Plugin = {
  name: 'host modules',
  setup(bundle) {
    bundle.onResolve({ filter: /^node:/ }, ({ path }) => ({ path, namespace: 'host' }));
    bundle.onLoad({ filter: /.*/, namespace: 'host' }, () => ({ contents: 'module.exports = {}' }));
  },
};
