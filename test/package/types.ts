import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { entriesOf } from './entries.ts';

const run = promisify(execFile);

/** A program as a user has one: what must be inferred is, and what must be refused is refused. */
const PROGRAM = `
import { BlackboardError, createMemoryStore, defineType, type Artifact } from 'boardlite';
import { fileMedium } from 'boardlite/file';
import { indexedDBMedium } from 'boardlite/indexeddb';
import { inlineWasm } from 'boardlite/inline';
import { openSqliteStore } from 'boardlite/sqlite';
import { z } from 'zod';

const Movie = defineType('films.Movie', z.object({ title: z.string(), year: z.number().default(1979) }));
export async function main(): Promise<string[]> {
  const memory = createMemoryStore({ types: [Movie] });
  await memory.publish({ type: Movie, payload: { title: 'Alien' }, producedBy: 'scout' });
  // @ts-expect-error a title is a text
  await memory.publish({ type: Movie, payload: { title: 1 }, producedBy: 'scout' }).catch((e: BlackboardError) => e.code);
  const store = await openSqliteStore({ medium: fileMedium('films.db'), wasm: inlineWasm() });
  await openSqliteStore({ medium: indexedDBMedium('films') });
  const artifacts: Artifact[] = await store.list();
  const movies = await store.getByType(Movie);
  return [...movies.map(({ title, year }) => title.concat(year.toFixed())), ...artifacts.map(({ id }) => id)];
}
`;

/** The oldest TypeScript that is supported, and the newest there is. */
const COMPILERS = { '5.2': 'typescript-5.2/bin/tsc', newest: 'typescript-newest/bin/tsc' };

/** What the compilers say of the types of the package, those of all its entries included. */
export async function checkTypes(folder: string, tools: string): Promise<string[]> {
  const problems: string[] = [];
  const entries = [...(await entriesOf(join(folder, 'node_modules/boardlite'))).keys()];
  const imports = entries.map((entry, i) => `import * as entry${String(i)} from '${entry}'; void entry${String(i)};`);
  const project = join(folder, 'types');
  await mkdir(project, { recursive: true });
  await writeFile(join(project, 'program.ts'), `${PROGRAM}\n${imports.join('\n')}\n`);
  for (const [version, compiler] of Object.entries(COMPILERS)) {
    for (const resolution of ['Node16', 'Bundler']) {
      const compilerOptions = {
        ...{ target: 'ES2022', lib: ['ES2022', 'ESNext.Disposable', 'DOM'], types: [], strict: true, noEmit: true },
        ...{ module: resolution === 'Bundler' ? 'ESNext' : resolution, moduleResolution: resolution },
        // The types of zod 4 are for 5.4 and newer.
        ...{ exactOptionalPropertyTypes: true, skipLibCheck: version === '5.2' },
      };
      await writeFile(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['program.ts'] }));
      const { stdout } = await run(process.execPath, [join(tools, compiler), '-p', project]).catch(
        (error: unknown) => error as { stdout: string },
      );
      console.log(`TypeScript ${version}, ${resolution}: ${stdout.trim() === '' ? 'ok' : stdout}`);
      if (stdout.trim() !== '') problems.push(`TypeScript ${version} refuses the types (${resolution})`);
    }
  }
  return problems;
}
