import { build } from 'esbuild';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { findOrInstallChromium, WAYS_OUT } from '../../../browser-test/chromium.mjs';

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
};
const PAGE = '<!doctype html><title>bench</title><script type="module" src="/page.js"></script>';
const modules = fileURLToPath(new URL('../node_modules', import.meta.url));

/** The bench's page and worker, and below `/modules/` the packages of the contestants as they were published. */
export default async function setup(project: TestProject): Promise<() => void> {
  const chromium = findOrInstallChromium();
  if (chromium === null) throw new Error(`Cannot measure in a browser: there is no Chromium here; ${WAYS_OUT}`);
  const scripts = await bundle();
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    response.setHeader('content-type', TYPES[extname(pathname)] ?? 'text/html; charset=utf-8');
    const script = scripts.get(pathname);
    const found = script !== undefined || pathname === '/' ? Promise.resolve(script ?? PAGE) : packageFile(pathname);
    found.then(
      (body) => response.end(body),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  project.provide('chromium', chromium);
  project.provide('port', address.port);
  return () => {
    server.closeAllConnections();
    server.close();
  };
}

async function packageFile(pathname: string): Promise<Buffer> {
  if (!pathname.startsWith('/modules/')) throw new Error(`no such file: ${pathname}`);
  return readFile(modules + pathname.slice('/modules'.length));
}

async function bundle(): Promise<Map<string, string>> {
  const folder = fileURLToPath(new URL('.', import.meta.url));
  const { outputFiles } = await build({
    entryPoints: [`${folder}page.ts`, `${folder}sahpool-worker.ts`],
    bundle: true,
    write: false,
    outdir: folder,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    plugins: [
      {
        name: 'packages as they were published',
        setup(plugin) {
          plugin.onResolve({ filter: /^modules\// }, ({ path }) => ({ path: `/${path}`, external: true }));
        },
      },
    ],
  });
  return new Map(outputFiles.map(({ path, text }) => [`/${path.slice(folder.length)}`, text]));
}
