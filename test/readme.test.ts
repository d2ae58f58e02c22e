import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { transform } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));
const readme = await readFile(join(root, 'README.md'), 'utf8');
const snippets = [...readme.matchAll(/```ts\n(.*?)```/gs)].map((match) => match[1] ?? '');

// Below the package, so that a snippet imports boardlite by its name, and gets what was built.
const folder = join(root, 'reports', 'readme');

/** What the comments behind console.log promise. */
function promised(snippet: string): string[] {
  return [...snippet.matchAll(/console\.log\(.*\);? \/\/ (.*)$/gm)].map((match) => match[1] ?? '');
}

beforeAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await Promise.all(snippets.map((snippet, i) => writeFile(join(folder, `snippet-${String(i)}.ts`), snippet)));
});

test('the README holds snippets', () => {
  expect(snippets.length).toBeGreaterThanOrEqual(3);
});

test('the first board takes ten lines', () => {
  expect(
    snippets[0]
      ?.trim()
      .split('\n')
      .filter((line) => line !== '').length,
  ).toBeLessThanOrEqual(10);
});

test('the README names the two commands, and package.json has them', async () => {
  const manifest = await readFile(join(root, 'package.json'), 'utf8');
  expect(readme).toMatch(/^npm run demo /m);
  expect(readme).toMatch(/^npm test /m);
  expect(manifest).toMatch(/"demo":/);
});

describe('a README snippet', () => {
  let cwd = '';
  beforeAll(async () => {
    cwd = await mkdtemp(join(tmpdir(), 'boardlite-readme-'));
  });
  afterAll(() => rm(cwd, { recursive: true, force: true }));

  test.each(snippets.map((snippet, i) => [i + 1, snippet] as const))(
    'number %i runs and prints what it says',
    async (number, snippet) => {
      const file = join(folder, `snippet-${String(number)}.mjs`);
      const { code } = await transform(snippet, { loader: 'ts', format: 'esm', target: 'node20' });
      await writeFile(file, code);
      // What is for browsers runs here on a stand-in for their storage; that it runs in theirs is shown in browser-test.
      const host = snippet.includes('boardlite/indexeddb')
        ? ['--import', import.meta.resolve('fake-indexeddb/auto')]
        : [];
      const { stdout, stderr } = await run(process.execPath, [...host, file], { cwd });
      expect(stderr).toBe('');
      expect(stdout.trim().split('\n').filter(Boolean)).toEqual(promised(snippet));
    },
  );

  test('passes the compiler', async () => {
    const tsconfig = join(folder, 'tsconfig.json');
    await writeFile(
      tsconfig,
      JSON.stringify({ extends: '../../tsconfig.json', compilerOptions: { paths: {} }, include: ['./*.ts'] }),
    );
    const { stdout } = await run(process.execPath, [
      join(root, 'node_modules/typescript/bin/tsc'),
      '-p',
      tsconfig,
    ]).catch((error: unknown) => ({
      stdout: String(error && typeof error === 'object' && 'stdout' in error ? error.stdout : error),
    }));
    expect(stdout).toBe('');
  });
});
