import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { installPackage } from '../tooling/installed-package.mjs';
import { checkBareImports } from './bare-import.ts';
import { checkContents } from './contents.ts';
import { checkApi } from './report-api.ts';
import { checkTypes } from './types.ts';

const run = promisify(execFile);

/** Looks at the package as it would be published. `--accept` takes its surface as it is. Returns the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: { accept: { type: 'boolean', default: false } } });
  const tools = join(process.cwd(), 'test/package/node_modules');
  if (values.accept) return (await checkApi(tools, true)).length;
  const user = await installPackage();
  try {
    const tarball = (await readdir(user.folder)).find((name) => name.endsWith('.tgz')) ?? '';
    const checks = {
      'contents of the package': checkContents,
      publint: () => tool(tools, 'publint/src/cli.js', ['run', '.', '--strict']),
      'are the types wrong': () =>
        tool(tools, '@arethetypeswrong/cli/dist/index.js', [
          ...[join(user.folder, tarball), '--profile', 'esm-only', '--no-emoji', '--format', 'ascii'],
          ...['--exclude-entrypoints', './sql-wasm.wasm'],
        ]),
      'surface of the entries': () => checkApi(tools, false),
      'import where there is only the language': () => checkBareImports(user.folder),
      'types in the oldest and the newest TypeScript': () => checkTypes(user.folder, tools),
    };
    const problems: string[] = [];
    for (const [name, check] of Object.entries(checks)) {
      console.log(`\n${name}`);
      problems.push(...(await check()));
    }
    for (const problem of problems) console.log(`PROBLEM: ${problem}`);
    return problems.length === 0 ? 0 : 1;
  } finally {
    await user.remove();
  }
}

async function tool(tools: string, script: string, args: readonly string[]): Promise<string[]> {
  try {
    const { stdout } = await run(process.execPath, [join(tools, script), ...args], {
      env: { ...process.env, NO_COLOR: '1' },
    });
    console.log(stdout.trim());
    return [];
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    console.log(`${stdout}\n${stderr}`);
    return [`${script} has found something`];
  }
}
