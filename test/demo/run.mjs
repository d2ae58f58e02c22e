// @ts-check
// Runs on a fresh clone: what must be installed first is imported only after.
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { installAndBuild, root } from '../tooling/fresh-clone.mjs';

installAndBuild();

const { build } = await import('esbuild');
const { outputFiles } = await build({
  entryPoints: [fileURLToPath(new URL('main.ts', import.meta.url))],
  bundle: true,
  write: false,
  packages: 'external',
  format: 'esm',
  platform: 'node',
  target: 'node20',
  // Not the project's own settings: their path mapping would bundle the sources.
  tsconfigRaw: {},
  logLevel: 'warning',
});

// Within this package, so that `boardlite` means what is built here, as it would for a user who installed it.
const script = new URL('.build/main.mjs', import.meta.url);
// In one step: another demo may be starting as well.
const temporary = new URL(`.build/${process.pid}.tmp`, import.meta.url);
mkdirSync(new URL('.', script), { recursive: true });
writeFileSync(temporary, outputFiles[0]?.contents ?? '');
renameSync(temporary, script);

const { main } = await import(script.href);
process.exitCode = await main(process.argv.slice(2), root);
