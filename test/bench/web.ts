import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const args = ['vitest', 'run', '--config', 'test/bench/web/vitest.config.ts'];
const env = { ...process.env, ...(process.argv.includes('--quick') && { QUICK: 'true' }) };
process.exitCode = spawnSync('npx', args, { cwd: root, stdio: 'inherit', env }).status ?? 1;
