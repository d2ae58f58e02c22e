// What it imports is installed here or nowhere, so its types are those that it names itself.
import { nodeResolve } from '@rollup/plugin-node-resolve';
import commonjs from '@rollup/plugin-commonjs';
import { rspack } from '@rspack/core';
import * as esbuild from 'esbuild';
import { rollup } from 'rollup';
import * as vite from 'vite';
import webpack from 'webpack';
import { promisify } from 'node:util';

/**
 * Builds pages of a project into a folder, each as a script of its name, with no more settings than it takes.
 *
 * @typedef {(project: string, pages: readonly string[], outdir: string) => Promise<unknown>} Build
 */

/** @param {string} project @param {readonly string[]} pages */
const entriesOf = (project, pages) => Object.fromEntries(pages.map((name) => [name, `${project}/${name}.js`]));

/** @type {Build} */
function viteBuild(project, pages, outDir) {
  const output = { entryFileNames: '[name].js' };
  const build = { outDir, target: 'es2022', rolldownOptions: { input: entriesOf(project, pages), output } };
  return vite.build({ root: project, logLevel: 'error', build });
}

/** @param {string} project @param {readonly string[]} pages @param {string} path */
const packOptions = (project, pages, path) => ({
  /** @type {'production'} */
  mode: 'production',
  context: project,
  entry: entriesOf(project, pages),
  output: { path, filename: '[name].js' },
});

/** @type {Build} */
async function webpackBuild(project, pages, outdir) {
  check(await promisify(webpack)(packOptions(project, pages, outdir)));
}

/** @type {Build} */
async function rspackBuild(project, pages, outdir) {
  check(await promisify(rspack)(packOptions(project, pages, outdir)));
}

/** @param {{ hasErrors(): boolean } | undefined} stats */
function check(stats) {
  if (stats === undefined || stats.hasErrors()) throw new Error(String(stats));
}

/** @type {Build} */
function esbuildBuild(project, pages, outdir) {
  return esbuild.build({
    entryPoints: entriesOf(project, pages),
    bundle: true,
    minify: true,
    format: 'esm',
    outdir,
    tsconfigRaw: {},
    logLevel: 'error',
  });
}

/** @type {Build} */
async function rollupBuild(project, pages, dir) {
  const plugins = [nodeResolve({ browser: true }), commonjs()];
  const bundle = await rollup({ input: entriesOf(project, pages), plugins, logLevel: 'silent' });
  await bundle.write({ dir, format: 'es', entryFileNames: '[name].js' });
  await bundle.close();
}

/** @type {Readonly<Record<string, { build: Build, carriesWasm: boolean }>>} */
export const bundlers = {
  Vite: { build: viteBuild, carriesWasm: true },
  webpack: { build: webpackBuild, carriesWasm: true },
  Rspack: { build: rspackBuild, carriesWasm: true },
  esbuild: { build: esbuildBuild, carriesWasm: false },
  Rollup: { build: rollupBuild, carriesWasm: false },
};

/**
 * Vite as it serves a project that is worked on.
 *
 * @param {string} project
 * @returns {Promise<{ origin: string, close(): Promise<void> }>}
 */
export async function serveInDevelopment(project) {
  const server = await vite.createServer({ root: project, logLevel: 'error', server: { port: 0 } });
  await server.listen();
  return { origin: String(server.resolvedUrls?.local[0]), close: () => server.close() };
}

/**
 * A program for Node in one file.
 *
 * @param {string} project
 * @param {string} outfile
 */
export async function buildScript(project, outfile) {
  await esbuild.build({
    absWorkingDir: project,
    entryPoints: ['script.js'],
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile,
    tsconfigRaw: {},
    logLevel: 'error',
  });
}
