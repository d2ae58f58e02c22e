import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Files of a project by their paths; what is not text is written as JSON. */
export type Files = Readonly<Record<string, string | object>>;

/** An empty folder; whoever makes it removes it. */
export async function makeFolder(): Promise<{ path: string; remove: () => Promise<void> }> {
  const path = await realpath(await mkdtemp(join(tmpdir(), 'boardlite-demo-')));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

export async function writeFiles(folder: string, files: Files): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), typeof content === 'string' ? content : JSON.stringify(content));
  }
}

/** A project in which each rule of the audit finds something, once. */
export const project: Files = {
  'package-lock.json': { packages: { '': {}, 'node_modules/old': { deprecated: 'use new\nand be happy' } } },
  'node_modules/.bin/tool': '#!/bin/sh',
  'node_modules/good/package.json': { name: 'good', version: '1.0.0', license: 'MIT' },
  'node_modules/good/index.d.ts': 'export {};',
  'node_modules/good/node_modules/twin/package.json': { name: 'twin', version: '1.10.0', license: 'ISC' },
  'node_modules/twin/package.json': { name: 'twin', version: '1.9.0', license: 'ISC' },
  'node_modules/@scope/copyleft/package.json': { name: '@scope/copyleft', version: '2.0.0', license: 'GPL-3.0-only' },
  'node_modules/bare/package.json': { name: 'bare', version: '1.0.0' },
  'node_modules/hook/package.json': {
    name: 'hook',
    version: '3.1.4',
    license: 'MIT',
    scripts: { postinstall: 'node x.js' },
  },
  'node_modules/old/package.json': { name: 'old', version: '0.1.0', license: '(MIT OR GPL-2.0)' },
  'node_modules/untyped/package.json': { name: 'untyped', version: '5.0.0', license: 'MIT', main: 'main.js' },
  'node_modules/huge/package.json': { name: 'huge', version: '7.0.0', license: 'MIT' },
  'node_modules/huge/data.bin': 'x'.repeat(6_000_000),
  'node_modules/empty/README.md': 'no package.json here',
};

export const PACKAGES = 9;
export const FINDINGS = 7;
