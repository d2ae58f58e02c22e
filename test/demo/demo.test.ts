import { execFile, spawn, spawnSync } from 'node:child_process';
import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fileMedium } from 'boardlite/file';
import { openSqliteStore } from 'boardlite/sqlite';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { FINDINGS, PACKAGES, makeFolder, project, writeFiles } from './made-up-project.ts';
import { Finding, Package, Report } from './types.ts';

// The first run of all builds the library where nobody did before.
const TIMEOUT = { timeout: 120_000 };
const script = fileURLToPath(new URL('run.mjs', import.meta.url));

interface Result {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

function demo(args: readonly string[], cwd: string): Promise<Result> {
  const env = { ...process.env, INIT_CWD: cwd };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [script, ...args], { cwd, env }, (_, output, errors) => {
      resolve({ code: child.exitCode, output, errors });
    });
  });
}

/** Without what differs from run to run: durations, dates and sizes of the board. */
function stable(output: string): string {
  return output
    .replace(/ *\d+\.\d\d s\b/g, ' <time>')
    .replace(/Report of [^:]+:\d\d:/, 'Report of <date>:')
    .replace(/\(\d+ kB\)/, '(<size>)');
}

async function temporaryFolder(): Promise<string> {
  const { path, remove } = await makeFolder();
  onTestFinished(remove);
  return path;
}

async function read<Value>(path: string, look: (board: Awaited<ReturnType<typeof openSqliteStore>>) => Promise<Value>) {
  await using board = await openSqliteStore({ medium: fileMedium(path), readOnly: true });
  return await look(board);
}

describe('the demo, run three times on one board', TIMEOUT, () => {
  let folder = '';
  let remove = () => Promise.resolve();
  const results: Result[] = [];
  const outputOf = (run: number) => stable(results[run - 1]?.output ?? '');

  beforeAll(async () => {
    ({ path: folder, remove } = await makeFolder());
    await writeFiles(join(folder, 'project'), project);
    const run = async () => results.push(await demo(['boards/audit.db', 'project'], folder));
    await run();
    await run();
    await writeFiles(join(folder, 'project'), {
      'node_modules/bare/package.json': { name: 'bare', version: '1.1.0', license: 'MIT' },
    });
    await rm(join(folder, 'project/node_modules/hook'), { recursive: true });
    await run();
  }, TIMEOUT.timeout);
  afterAll(() => remove());

  it('ends well each time, without a word of complaint', () => {
    expect(results.map(({ code, errors }) => [code, errors])).toEqual([
      [0, ''],
      [0, ''],
      [0, ''],
    ]);
  });

  it('tells the first time what it found', () => {
    expect(outputOf(1).slice(outputOf(1).indexOf('Three agents'))).toMatchInlineSnapshot(`
      "Three agents audit the packages in node_modules. They meet only on the board.

      Folder  project
      Board   boards/audit.db, new

        scout     9 packages: 9 new <time>
                  left out, names no package: node_modules/empty
        auditor   9 packages audited; findings: 7 new <time>
        editor    7 findings read; report published <time>

      On the board: 17 artifacts
        audit.Package  9    scout    9    Public    10
        audit.Finding  7    auditor  7    Labelled   7
        audit.Report   1    editor   1

      Agents     produced         consumed
        scout    9 audit.Package  -
        auditor  7 audit.Finding  9 audit.Package
        editor   1 audit.Report   7 audit.Finding

      Report of <date>: 9 packages, 7 open findings
        1  high    licence missing 1
        3  medium  deprecated 1, install scripts 1, licence not permissive 1
        3  low     duplicate versions 1, large 1, types missing 1

        high    bare 1.0.0             no licence named
        medium  old 0.1.0              deprecated: use new and be happy
        medium  hook 3.1.4             runs when installed: postinstall
        medium  @scope/copyleft 2.0.0  licence GPL-3.0-only: not known permissive
        low     twin 1.9.0             2 versions: 1.9.0, 1.10.0
        low     huge 7.0.0             6.0 MB in 2 files
        low     untyped 5.0.0          no type declarations

      Took <time>. Another run publishes only what changed.
      The board (<size>): boards/audit.db
      "
    `);
  });

  it('tells the second time that nothing changed', () => {
    expect(outputOf(2)).toContain(
      `Board   boards/audit.db, with ${PACKAGES + FINDINGS + 1} artifacts of earlier runs\n`,
    );
    expect(outputOf(2)).toContain(`  scout     ${PACKAGES} packages: ${PACKAGES} unchanged <time>\n`);
    expect(outputOf(2)).toContain(`  auditor   nothing to audit, ${PACKAGES} packages unchanged <time>\n`);
    expect(outputOf(2)).toContain(
      `  editor    nothing to read, ${FINDINGS} findings unchanged; report unchanged <time>\n`,
    );
  });

  it('tells the third time what changed and what is gone', () => {
    expect(outputOf(3)).toMatch(/ {2}scout {5}8 packages: 7 unchanged, 1 changed, 1 removed <time>\n/);
    expect(outputOf(3)).toContain('            changed bare 1.0.0 -> 1.1.0\n            removed hook 3.1.4\n');
    expect(outputOf(3)).toContain('  auditor   2 packages audited; findings: 2 resolved <time>\n');
    expect(outputOf(3)).toContain('  editor    2 findings read; report published <time>\n');
    expect(outputOf(3)).toContain('8 packages, 5 open findings, 2 resolved\n');
  });

  it('stays within 80 columns and writes no escape codes where nobody watches', () => {
    const lines = results.flatMap(({ output }) => output.split('\n'));
    expect(lines.filter((line) => line.length > 80 || line.includes('\u001b'))).toEqual([]);
  });

  it('leaves a board that opens and holds all of it', async () => {
    const path = join(folder, 'boards/audit.db');
    expect((await readFile(path)).subarray(0, 15).toString()).toBe('SQLite format 3');
    await read(path, async (board) => {
      const packages = await board.getByType(Package);
      expect(packages).toHaveLength(PACKAGES);
      expect(packages.filter(({ installed }) => !installed)).toMatchObject([{ name: 'hook' }]);
      const findings = await board.getByType(Finding);
      expect(findings).toHaveLength(FINDINGS);
      expect(findings.filter(({ status }) => status === 'resolved').map(({ name }) => name)).toEqual(
        expect.arrayContaining(['bare', 'hook']),
      );
      expect(await board.getByType(Report)).toMatchObject([{ packages: 8, open: { high: 0 }, resolved: 2 }]);
      const { produced, consumed } = await board.agentHistorySummary('auditor');
      expect(produced.byType).toEqual({ 'audit.Finding': FINDINGS });
      expect(consumed.byType).toEqual({ 'audit.Package': PACKAGES + 2 });
      expect((await board.loadAgentSnapshots()).map(({ agentName }) => agentName)).toEqual([
        'auditor',
        'editor',
        'scout',
      ]);
    });
  });
});

describe('the demo', TIMEOUT, () => {
  it('saves the board when it is interrupted, and another run goes on from there', async () => {
    const folder = await temporaryFolder();
    const names = Array.from({ length: 60 }, (_, i) => `p${String(i).padStart(2, '0')}`);
    const manifestOf = (name: string) => JSON.stringify({ name, version: '1.0.0', license: 'MIT' });
    const files = names.map((name) => [`node_modules/${name}/package.json`, manifestOf(name)] as const);
    await writeFiles(folder, Object.fromEntries(files));
    // Reading a pipe waits for whoever writes to it, so the scout is known to be in the middle of its work.
    const pipe = join(folder, 'node_modules/p58/package.json');
    await rm(pipe);
    expect(spawnSync('mkfifo', [pipe]).status).toBe(0);

    const child = spawn(process.execPath, [script, 'audit.db', '.'], {
      cwd: folder,
      env: { ...process.env, INIT_CWD: folder },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = new Promise((resolve) => child.once('close', resolve));
    let output = '';
    await new Promise<void>((resolve) =>
      child.stdout.on('data', (chunk) => {
        output += String(chunk);
        if (output.includes('Board ')) resolve();
      }),
    );
    const writer = await open(pipe, 'w');
    child.kill('SIGINT');
    await writer.writeFile(manifestOf('p58'));
    await writer.close();
    expect(await ended).toBe(130);
    expect(output).toContain('Stopped. ');

    const path = join(folder, 'audit.db');
    expect(await read(path, (board) => board.getByType(Package))).toHaveLength(50);
    await rm(pipe);
    await writeFiles(folder, { 'node_modules/p58/package.json': manifestOf('p58') });
    const next = await demo(['audit.db', '.'], folder);
    expect(next.output).toContain('60 packages: 50 unchanged, 10 new');
  });

  it('says in one sentence what is wrong with its arguments', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'empty'));
    const outcomes = await Promise.all([
      demo(['audit.db', 'empty'], folder),
      demo(['audit.db', 'empty', 'more'], folder),
      demo(['--force'], folder),
    ]);
    expect(outcomes.map(({ code, errors }) => [code, errors.split('\n')[0]])).toEqual([
      [2, `Cannot audit "${join(folder, 'empty')}": it has no node_modules folder`],
      [2, 'Cannot run the demo with "more": it takes two arguments'],
      [2, expect.stringContaining("'--force'")],
    ]);
  });

  it('refuses what is not a board, in one sentence, and leaves it as it is', async () => {
    const folder = await temporaryFolder();
    await writeFiles(folder, { 'notes.txt': 'not a board', 'node_modules/a/package.json': {} });
    const { code, errors } = await demo(['notes.txt', '.'], folder);
    expect([code, errors.trim().split('\n').length]).toEqual([1, 1]);
    expect(errors).toContain('notes.txt');
    expect(await readFile(join(folder, 'notes.txt'), 'utf8')).toBe('not a board');
  });

  it('tells how it is used', async () => {
    const { code, output } = await demo(['--help'], await temporaryFolder());
    expect(code).toBe(0);
    expect(output).toContain('usage: npm run demo -- [board file] [folder to audit]');
  });
});
