// @ts-check
// Runs on a fresh clone: what must be installed first is imported only after.
import { installAndBuild, root } from '../tooling/fresh-clone.mjs';

installAndBuild();

const { importBundled } = await import('../tooling/run-bundled.mjs');
const { main } = await importBundled(new URL('main.ts', import.meta.url));
process.exitCode = await main(process.argv.slice(2), root);
