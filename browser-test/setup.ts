import { build } from 'esbuild';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { sqlJs } from '../tsup.config.ts';
import { findOrInstallChromium, WAYS_OUT } from './chromium.mjs';
import { serve } from './server.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    chromium: string;
    port: number;
  }
}

/** What a page, or a worker, of a user would load: built once, and served to all tests. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const chromium = findOrInstallChromium();
  if (chromium === null) throw new Error(`Cannot test in a browser: there is no Chromium here; ${WAYS_OUT}`);
  const folder = fileURLToPath(new URL('page', import.meta.url));
  const { outputFiles } = await build({
    entryPoints: [`${folder}/page.ts`, `${folder}/agreement.ts`],
    bundle: true,
    write: false,
    outdir: folder,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    plugins: [sqlJs],
  });
  const server = await serve(new Map(outputFiles.map(({ path, text }) => [path.slice(folder.length), text])));
  project.provide('chromium', chromium);
  project.provide('port', server.port);
  return () => server.close();
}
