import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { findExportMismatches, findViolations, type Sources } from './tooling/architecture.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

function readSources(): Sources {
  const files = readdirSync(`${root}/src`, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => /\.[cm]?[jt]sx?$/.test(path));
  return Object.fromEntries(files.map((path) => [`src/${path}`, readFileSync(`${root}/src/${path}`, 'utf8')]));
}

function readExports(): Record<string, unknown> {
  const manifest: unknown = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'));
  if (typeof manifest !== 'object' || manifest === null || !('exports' in manifest)) throw new Error('no exports');
  return { ...(manifest.exports as object) };
}

describe('the source of boardlite', () => {
  const sources = readSources();

  it('is found', () => {
    expect(Object.keys(sources)).toContain('src/core/errors.ts');
  });

  it('keeps the import directions, the vendors in their places, the entries without logic, and no cycle', () => {
    expect(findViolations(sources)).toEqual([]);
  });

  it('has one entry file for each export of package.json and one export for each entry file', () => {
    expect(findExportMismatches(readExports(), sources)).toEqual([]);
  });
});

const core = { 'src/core/errors.ts': 'export class A {}', 'src/core/text.ts': 'export const t = 1;' };

function violationsOf(sources: Sources): string[] {
  return findViolations({ ...core, ...sources });
}

describe('the architecture check accepts', () => {
  it.each<[string, Sources]>([
    ['a folder that imports itself', { 'src/sql/a.ts': `import './b.ts';`, 'src/sql/b.ts': '' }],
    ['memory on core', { 'src/memory/a.ts': `import { t } from '../core/text.ts';` }],
    ['persistence on the errors of core', { 'src/persistence/a.ts': `import { A } from '../core/errors.ts';` }],
    ['sqlite on sql', { 'src/sqlite/a.ts': `import '../sql/b.ts';`, 'src/sql/b.ts': '' }],
    ['the command line on an entry', { 'src/cli/a.ts': `import '../index.ts'; import 'node:fs';`, 'src/index.ts': '' }],
    ['an entry that lists names', { 'src/index.ts': `export { A, type B } from './core/errors.ts';` }],
    ['zod in several files of core', { 'src/core/a.ts': `import 'zod/mini';`, 'src/core/b.ts': `import 'zod/mini';` }],
    ['one file for two modules of node', { 'src/persistence/a.ts': `import 'node:fs'; import 'node:path';` }],
    ['words in comments and strings', { 'src/core/a.ts': `// console.log\nexport const x = "import 'node:fs'";` }],
  ])('%s', (_, sources) => {
    expect(violationsOf(sources)).toEqual([]);
  });
});

describe('the architecture check refuses', () => {
  it.each<[string, Sources, string]>([
    [
      'core on memory',
      { 'src/core/a.ts': `import '../memory/b.ts';`, 'src/memory/b.ts': '' },
      'src/core/a.ts imports src/memory/b.ts: core may not import memory',
    ],
    [
      'a type import in the wrong direction',
      { 'src/sql/a.ts': `import type { B } from '../sqlite/b.ts';`, 'src/sqlite/b.ts': '' },
      'src/sql/a.ts imports src/sqlite/b.ts: sql may not import sqlite',
    ],
    [
      'an import type in the wrong direction',
      { 'src/sql/a.ts': `export type X = import('../memory/b.ts').B;`, 'src/memory/b.ts': '' },
      'src/sql/a.ts imports src/memory/b.ts: sql may not import memory',
    ],
    [
      'a dynamic import in the wrong direction',
      { 'src/memory/a.ts': `export const x = () => import('../sql/b.ts');`, 'src/sql/b.ts': '' },
      'src/memory/a.ts imports src/sql/b.ts: memory may not import sql',
    ],
    [
      'a re-export in the wrong direction',
      { 'src/contract/a.ts': `export { b } from '../memory/b.ts';`, 'src/memory/b.ts': '' },
      'src/contract/a.ts imports src/memory/b.ts: contract may not import memory',
    ],
    [
      'persistence on anything of core but its errors',
      { 'src/persistence/a.ts': `import '../core/text.ts';` },
      'src/persistence/a.ts imports src/core/text.ts: persistence may not import core',
    ],
    [
      'a folder on an entry',
      { 'src/core/a.ts': `import '../index.ts';`, 'src/index.ts': '' },
      'src/core/a.ts imports src/index.ts: core may not import entry',
    ],
    [
      'an entry on an entry',
      { 'src/file.ts': `export { a } from './index.ts';`, 'src/index.ts': '' },
      'src/file.ts imports src/index.ts: entry may not import entry',
    ],
    [
      'the command line on the inside',
      { 'src/cli/a.ts': `import '../core/text.ts';` },
      'src/cli/a.ts imports src/core/text.ts: cli may not import core',
    ],
    [
      'an unknown folder',
      { 'src/utils/a.ts': '' },
      'src/utils/a.ts is in "utils", a folder the architecture does not know',
    ],
    [
      'a folder within a folder',
      { 'src/sql/deep/a.ts': '' },
      'src/sql/deep/a.ts is in "sql/deep", a folder the architecture does not know',
    ],
    [
      'a file that is not there',
      { 'src/sql/a.ts': `import './b.js';`, 'src/sql/b.ts': '' },
      'src/sql/a.ts imports "./b.js", which is no source file',
    ],
    [
      'an entry that exports everything',
      { 'src/index.ts': `export * from './core/text.ts';` },
      "src/index.ts is an entry and may only re-export names one by one, not: export * from './core/text.ts';",
    ],
    [
      'an entry that exports a namespace',
      { 'src/index.ts': `export * as text from './core/text.ts';` },
      "src/index.ts is an entry and may only re-export names one by one, not: export * as text from './core/text.ts';",
    ],
    [
      'an entry with logic',
      { 'src/index.ts': 'export const x = 1;' },
      'src/index.ts is an entry and may only re-export names one by one, not: export const x = 1;',
    ],
    ['console', { 'src/memory/a.ts': 'globalThis.console.log(1);' }, 'src/memory/a.ts names console'],
    [
      'a vendor in the wrong folder',
      { 'src/memory/a.ts': `import * as z from 'zod/mini';` },
      'src/memory/a.ts names "zod/mini": zod belongs to core',
    ],
    [
      'the WebAssembly in the wrong folder',
      { 'src/core/a.ts': `import './sql-wasm.wasm';` },
      'src/core/a.ts names "./sql-wasm.wasm": *.wasm belongs to sqlite',
    ],
    [
      'node: in core',
      { 'src/core/a.ts': `import { join } from 'node:path';` },
      'src/core/a.ts names "node:path": node:* belongs to persistence',
    ],
    [
      'a module of node without its prefix',
      { 'src/persistence/a.ts': `import 'fs';` },
      'src/persistence/a.ts names "fs": not a vendor the architecture knows',
    ],
    [
      'a dynamic import of a vendor in the wrong folder',
      { 'src/persistence/a.ts': `export const x = () => import('sql.js/dist/sql-wasm.js');` },
      'src/persistence/a.ts names "sql.js/dist/sql-wasm.js": sql.js belongs to sqlite',
    ],
    [
      'a computed import',
      { 'src/core/a.ts': 'export const x = (name: string) => import(name);' },
      'src/core/a.ts names "name": not a vendor the architecture knows',
    ],
    [
      'a vendor in two files',
      { 'src/sqlite/a.ts': `import 'sql.js';`, 'src/sqlite/b.ts': `import type {} from 'sql.js';` },
      '"sql.js" is named in 2 files and may be in one: src/sqlite/a.ts, src/sqlite/b.ts',
    ],
    [
      'a cycle',
      { 'src/sql/a.ts': `import './b.ts';`, 'src/sql/b.ts': `import './c.ts';`, 'src/sql/c.ts': `import './b.ts';` },
      'import cycle: src/sql/b.ts -> src/sql/c.ts -> src/sql/b.ts',
    ],
    [
      'a file that imports itself',
      { 'src/sql/a.ts': `import './a.ts';` },
      'import cycle: src/sql/a.ts -> src/sql/a.ts',
    ],
  ])('%s', (_, sources, violation) => {
    expect(violationsOf(sources)).toEqual([violation]);
  });
});

describe('the exports check refuses', () => {
  const paths = (name: string) => ({ types: `./dist/${name}.d.ts`, default: `./dist/${name}.js` });

  it('an export without an entry file', () => {
    expect(findExportMismatches({ '.': paths('index'), './file': paths('file') }, { 'src/index.ts': '' })).toEqual([
      'exports names "./file", but there is no src/file.ts',
    ]);
  });

  it('an entry file without an export', () => {
    const sources = { 'src/index.ts': '', 'src/file.ts': '', 'src/core/a.ts': '' };
    expect(findExportMismatches({ '.': paths('index'), './package.json': './package.json' }, sources)).toEqual([
      'src/file.ts is an entry, but exports does not name it',
    ]);
  });

  it('an export whose types do not come first, or that points elsewhere', () => {
    const { types, default: main } = paths('index');
    const wanted = `exports of "." are not ${JSON.stringify(paths('index'))}`;
    expect(findExportMismatches({ '.': { default: main, types } }, { 'src/index.ts': '' })).toEqual([wanted]);
    expect(findExportMismatches({ '.': paths('main') }, { 'src/index.ts': '' })).toEqual([wanted]);
  });
});
