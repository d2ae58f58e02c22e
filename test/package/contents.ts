import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What the package holds, and why. */
const REASONS: readonly (readonly [pattern: RegExp, why: string])[] = [
  [/^package\.json$/, 'what the package is'],
  [/^README\.md$/, 'how it is used'],
  [/^CHANGELOG\.md$/, 'what has changed'],
  [/^LICENSE$/, 'what one may do with it'],
  [/^dist\/sqlite\/sql-wasm\.wasm$/, 'the engine'],
  [/^dist\/sqlite\/sql-wasm\.LICENSE$/, 'what one may do with sql.js, which is in the package'],
  [/^dist\/sqlite\/packaged-wasm(\.workerd)?\.js$/, 'how the engine is found'],
  [/^dist\/inline\.js$/, 'the engine for bundles that lose the file'],
  [/^dist\/cli\/main\.(js|d\.ts)$/, 'the command line'],
  [/^dist\/[\w-]+\.js$/, 'an entry, or what entries share'],
  [/^dist\/([\w-]+|sqlite\/packaged-wasm(\.workerd)?)\.d\.ts$/, 'its types'],
];

/** Unpacked, beside the WebAssembly. */
const LIMIT = 1_500_000;

interface Packed {
  readonly files: readonly { readonly path: string; readonly size: number }[];
}

/** What is wrong with the files of the package, which are printed. */
export async function checkContents(): Promise<string[]> {
  const { stdout } = await run('npm', ['pack', '--dry-run', '--json']);
  const [packed] = JSON.parse(stdout) as Packed[];
  const files = packed?.files ?? [];
  const problems: string[] = [];
  let size = 0;
  for (const file of files) {
    const why = REASONS.find(([pattern]) => pattern.test(file.path))?.[1];
    if (why === undefined) problems.push(`${file.path} is in the package, and nobody has said why`);
    if (!file.path.endsWith('.wasm')) size += file.size;
    console.log(`${String(file.size).padStart(9)}  ${file.path.padEnd(44)} ${why ?? '?'}`);
  }
  for (const [pattern, why] of REASONS) {
    if (!files.some(({ path }) => pattern.test(path)))
      problems.push(`nothing in the package is ${why} (${String(pattern)})`);
  }
  console.log(`${String(size).padStart(9)}  beside the WebAssembly (limit ${String(LIMIT)})`);
  if (size > LIMIT) problems.push(`the package is ${String(size)} bytes beside the WebAssembly`);
  return problems;
}
