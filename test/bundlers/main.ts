import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { chromium, type Browser } from 'playwright-core';
import { findChromium } from '../../browser-test/chromium.mjs';
import { installed } from '../runtimes/hosts/installed.ts';
import { serve } from '../runtimes/hosts/site.ts';
import { WORKERD, WorkerdServer } from '../runtimes/hosts/workerd-server.ts';
import { installPackage } from '../tooling/installed-package.mjs';
import { bundlers, buildScript, serveInDevelopment } from './builds.mjs';

const run = promisify(execFile);

/** What is expected of a bundle, and what came of it. */
interface Check {
  readonly name: string;
  readonly expected: RegExp;
  readonly look: () => Promise<string>;
}

const READ = /^read Alien$/;
const WASM = 'node_modules/boardlite/dist/sqlite/sql-wasm.wasm';

/**
 * Builds a project with each bundler, from the package as it is installed, and runs what was built. `--only Rollup` picks
 * bundlers by their names.
 *
 * @returns the exit code
 */
export async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: { only: { type: 'string', default: '' } } });
  const executablePath = findChromium();
  const missing = [executablePath === null ? 'Chromium' : '', existsSync(WORKERD) ? '' : 'workerd'].filter(Boolean);
  if (missing.length > 0) console.log(`left out, for there is no ${missing.join(' and no ')} here`);
  if (missing.length > 0 && process.env['CI'] === 'true') return 1;
  if (executablePath === null) return 0;
  const user = await installPackage();
  const { folder } = user;
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  try {
    await cp('test/bundlers/project', folder, { recursive: true });
    const checks = [
      ...Object.keys(bundlers).flatMap((name) => bundlerChecks(folder, name, browser)),
      ...others(folder, browser),
    ];
    return await report(checks.filter(({ name }) => name.includes(values.only)));
  } finally {
    await browser.close();
    await user.remove();
  }
}

/** One build for all pages; a bundle that lacks the file is looked at first. */
function bundlerChecks(folder: string, name: string, browser: Browser): Check[] {
  const bundler = bundlers[name];
  if (bundler === undefined) throw new Error(`there is no bundler ${name}`);
  const { build, carriesWasm } = bundler;
  const outdir = join(folder, `built-${name}`);
  const pages = ['page', 'page-inline', ...(carriesWasm ? ['page-worker'] : [])];
  const look = (page: string) => async () => {
    if (!existsSync(outdir)) await build(folder, pages, outdir);
    return titleOf(browser, outdir, page);
  };
  const inline: Check = { name: `${name}, inline`, expected: READ, look: look('page-inline') };
  if (carriesWasm) {
    return [
      { name: `${name}, page`, expected: READ, look: look('page') },
      { name: `${name}, worker`, expected: READ, look: look('page-worker') },
      inline,
    ];
  }
  return [
    {
      name: `${name}, the file forgotten`,
      expected: /^wasm-unavailable: .*sql-wasm\.wasm" answered with status 404; .* inlineWasm\(\)/,
      look: look('page'),
    },
    {
      name: `${name}, the file copied`,
      expected: READ,
      async look() {
        await copyFile(join(folder, WASM), join(outdir, 'sql-wasm.wasm'));
        return look('page')();
      },
    },
    inline,
  ];
}

function others(folder: string, browser: Browser): Check[] {
  return [
    {
      name: 'Vite in development',
      expected: READ,
      async look() {
        const server = await serveInDevelopment(folder);
        return titleAt(browser, server.origin).finally(() => server.close());
      },
    },
    {
      name: 'esbuild, one file for Node',
      expected: /^read 1$/,
      async look() {
        // Where no package is installed that it could find.
        const outfile = join(folder, '..', `boardlite-script-${String(process.pid)}.mjs`);
        await buildScript(folder, outfile);
        const { stdout } = await run(process.execPath, [outfile]);
        return stdout.trim();
      },
    },
    ...(existsSync(WORKERD)
      ? [{ name: 'wrangler, in workerd', expected: /^read 1 and 1$/, look: () => viaWrangler(folder) }]
      : []),
  ];
}

/** What a page says when it is done. */
async function titleOf(browser: Browser, outdir: string, page: string): Promise<string> {
  const site = await serve(outdir);
  const html = `<!doctype html><title>board</title><script type="module" src="/${page}.js"></script>`;
  await writeFile(join(outdir, `${page}.html`), html);
  return titleAt(browser, `${site.origin}/${page}.html`).finally(() => site.close());
}

async function titleAt(browser: Browser, url: string): Promise<string> {
  const context = await browser.newContext();
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  try {
    await page.goto(url);
    await page.waitForFunction(() => document.title !== 'board', undefined, { polling: 20, timeout: 30_000 });
    return await page.title();
  } catch (error) {
    throw new Error(errors.join('\n') || 'the page says nothing', { cause: error });
  } finally {
    await context.close();
  }
}

/** wrangler itself runs in Node 22 and newer. */
async function viaWrangler(folder: string): Promise<string> {
  const isOld = Number(process.versions.node.split('.')[0]) < 22;
  const node = isOld ? installed('node24/bin/node') : process.execPath;
  const config = { name: 'edge', main: 'edge.js', compatibility_date: '2026-10-01' };
  await writeFile(join(folder, 'wrangler.json'), JSON.stringify(config));
  const wrangler = join(process.cwd(), 'test/bundlers/node_modules/wrangler/bin/wrangler.js');
  const args = [wrangler, 'deploy', '--dry-run', '--outdir', 'built-edge'];
  await run(node, args, { cwd: folder, env: { ...process.env, WRANGLER_SEND_METRICS: 'false', CI: 'true' } });
  const server = await WorkerdServer.start({ folder: join(folder, 'built-edge'), main: 'edge.js' });
  return server.ask('/').finally(() => server.end());
}

async function report(checks: readonly Check[]): Promise<number> {
  let failed = 0;
  for (const { name, expected, look } of checks) {
    const start = performance.now();
    const said = await look().catch(
      (error: unknown) => `failed: ${String(error instanceof Error ? error.stack : error)}`,
    );
    const isGood = expected.test(said);
    if (!isGood) failed++;
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    console.log(`${name.padEnd(32)} ${isGood ? 'ok' : 'FAILED'} ${seconds.padStart(5)} s${isGood ? '' : `  ${said}`}`);
  }
  await mkdir('reports', { recursive: true });
  await writeFile(
    'reports/bundlers.json',
    JSON.stringify({ numPassedTests: checks.length - failed, numFailedTests: failed }),
  );
  return failed === 0 ? 0 : 1;
}
