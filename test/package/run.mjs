// @ts-check
import { runBundled } from '../tooling/run-bundled.mjs';

process.exitCode = await runBundled(new URL('main.ts', import.meta.url));
