import { mkdir, symlink } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { makeFolder, writeFiles } from './made-up-project.ts';
import type { Files } from './made-up-project.ts';
import { readDeprecations, readPackage } from './package-facts.ts';
import { findPackageFolders } from './package-folders.ts';

async function projectOf(files: Files): Promise<string> {
  const { path, remove } = await makeFolder();
  onTestFinished(remove);
  await writeFiles(path, files);
  return path;
}

async function factsOf(manifest: string | object, files: Files = {}) {
  const folder = await projectOf({ 'p/package.json': manifest, ...files });
  return readPackage(folder, join(folder, 'p'), new Map());
}

const plain = { name: 'p', version: '1.0.0' };

it('finds scoped, nested and stored packages, each once, and follows no link', async () => {
  const folder = await projectOf({
    'node_modules/.cache/x/package.json': plain,
    'node_modules/.pnpm/b@1.0.0/node_modules/b/package.json': plain,
    'node_modules/.pnpm/lock.yaml': '',
    'node_modules/@s/a/package.json': plain,
    'node_modules/@s/a/node_modules/@t/n/package.json': plain,
    'node_modules/a/lib/node_modules/fixture/package.json': plain,
    'elsewhere/linked/package.json': plain,
  });
  await symlink(join(folder, 'elsewhere/linked'), join(folder, 'node_modules/linked'));
  await symlink('.pnpm/b@1.0.0/node_modules/b', join(folder, 'node_modules/b'));
  await symlink(join(folder, 'node_modules'), join(folder, 'node_modules/a/node_modules'));
  await symlink('nowhere', join(folder, 'node_modules/dangling'));
  expect(findPackageFolders(join(folder, 'node_modules')).map((path) => relative(folder, path))).toEqual([
    'node_modules/.pnpm/b@1.0.0/node_modules/b',
    'node_modules/@s/a',
    'node_modules/@s/a/node_modules/@t/n',
    'node_modules/a',
  ]);
});

it('counts the files of a package without what links point to and without the packages nested in it', async () => {
  const folder = await projectOf({
    'p/package.json': JSON.stringify(plain),
    'p/lib/node_modules/fixture.txt': '12345',
    'p/node_modules/n/package.json': plain,
    'big.txt': 'x'.repeat(1000),
  });
  await symlink(join(folder, 'big.txt'), join(folder, 'p/link.txt'));
  await symlink(folder, join(folder, 'p/loop'));
  const facts = readPackage(folder, join(folder, 'p'), new Map());
  expect(facts).toMatchObject({ files: 2, bytes: JSON.stringify(plain).length + 5 });
});

it.each<[string, object]>([
  ['MIT', { license: ' MIT ' }],
  ['ISC', { license: { type: 'ISC', url: 'x' } }],
  ['MIT OR Apache-2.0', { licenses: [{ type: 'MIT' }, 'Apache-2.0'] }],
])('reads the licence %s from %j', async (licence, fields) => {
  expect(await factsOf({ ...plain, ...fields })).toMatchObject({ licence });
});

it.each([{}, { license: '' }, { license: 7 }, { licenses: [] }, { licenses: 'x' }])(
  'finds no licence in %j',
  async (fields) => {
    expect(await factsOf({ ...plain, ...fields })).toMatchObject({ licence: null });
  },
);

it('names the scripts npm would run when installing, node-gyp included', async () => {
  const scripts = { test: 'x', postinstall: 'x', preinstall: 'x' };
  expect(await factsOf({ ...plain, scripts })).toMatchObject({ installScripts: ['preinstall', 'postinstall'] });
  expect(await factsOf(plain, { 'p/binding.gyp': '' })).toMatchObject({ installScripts: ['node-gyp'] });
  expect(await factsOf({ ...plain, scripts: 'none' })).toMatchObject({ installScripts: [] });
});

it('misses types only where there is something to import', async () => {
  expect(await factsOf(plain, { 'p/dist/a.d.mts': '' })).toMatchObject({ types: 'included' });
  expect(await factsOf({ ...plain, exports: './a.js' })).toMatchObject({ types: 'missing' });
  expect(await factsOf(plain, { 'p/index.js': '' })).toMatchObject({ types: 'missing' });
  expect(await factsOf(plain, { 'p/bin/index.js': '' })).toMatchObject({ types: 'not needed' });
});

it.each(['', '{', 'null', '{"name":"p"}', '{"version":"1.0.0"}', '{"name":"","version":"1.0.0"}'])(
  'leaves out a folder whose package.json says %s',
  async (manifest) => {
    expect(await factsOf(manifest)).toBeNull();
  },
);

it('leaves out a folder without a package.json', async () => {
  const folder = await projectOf({});
  await mkdir(join(folder, 'p'));
  expect(readPackage(folder, join(folder, 'p'), new Map())).toBeNull();
});

it('reads deprecations from the lock file, or from the one inside node_modules', async () => {
  const lock = { packages: { 'node_modules/a': { deprecated: 'gone' }, 'node_modules/b': {} } };
  const expected = new Map([['node_modules/a', 'gone']]);
  expect(readDeprecations(await projectOf({ 'package-lock.json': lock }))).toEqual(expected);
  expect(readDeprecations(await projectOf({ 'node_modules/.package-lock.json': lock }))).toEqual(expected);
  expect(readDeprecations(await projectOf({ 'package-lock.json': '{' }))).toEqual(new Map());
});
