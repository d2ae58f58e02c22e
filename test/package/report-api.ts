import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { entriesOf } from './entries.ts';

const run = promisify(execFile);

/** Where the reports are kept, one for each entry. A change of theirs is a change of what is promised. */
const REPORTS = 'test/package/api';

const silent = { logLevel: 'none' };

/**
 * Compares the declared surface of each entry with its report.
 *
 * @param isAccepted writes the reports anew
 */
export async function checkApi(tools: string, isAccepted: boolean): Promise<string[]> {
  const problems: string[] = [];
  const root = process.cwd();
  const work = join(root, 'reports/api');
  await mkdir(join(root, REPORTS), { recursive: true });
  await mkdir(work, { recursive: true });
  for (const [entry, script] of await entriesOf(root)) {
    const name = entry.replace('/', '-');
    const config = join(work, `${name}.json`);
    const settings = {
      projectFolder: root,
      mainEntryPointFilePath: join(root, script.replace(/\.js$/, '.d.ts')),
      compiler: {
        overrideTsconfig: {
          compilerOptions: {
            lib: ['ES2023', 'ESNext.Disposable', 'DOM'],
            target: 'ES2022',
            module: 'ESNext',
            moduleResolution: 'Bundler',
            skipLibCheck: true,
            types: [],
          },
          files: [script],
        },
      },
      apiReport: {
        enabled: true,
        reportFileName: `${name}.api.md`,
        reportFolder: join(root, REPORTS),
        reportTempFolder: work,
        includeForgottenExports: true,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        compilerMessageReporting: { default: silent },
        extractorMessageReporting: { default: silent },
        tsdocMessageReporting: { default: silent },
      },
    };
    await writeFile(config, JSON.stringify(settings));
    const args = [join(tools, '@microsoft/api-extractor/bin/api-extractor'), 'run', '--local', '--config', config];
    const before = await readFile(join(root, REPORTS, `${name}.api.md`), 'utf8').catch(() => '');
    await run(process.execPath, args).catch((error: unknown) => problems.push(`${entry}: ${String(error)}`));
    const now = await readFile(join(root, REPORTS, `${name}.api.md`), 'utf8').catch(() => '');
    const isSame = now !== '' && now === before;
    console.log(`${entry}: ${isSame ? 'ok' : isAccepted ? 'written' : 'CHANGED'}`);
    if (!isSame && !isAccepted)
      problems.push(`the surface of ${entry} has changed; if that is on purpose: npm run api, and commit`);
    if (!isSame && !isAccepted && before !== '') await writeFile(join(root, REPORTS, `${name}.api.md`), before);
  }
  return problems;
}
