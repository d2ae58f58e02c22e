import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Every package folder under a `node_modules` folder, scoped and nested ones included, sorted by path.
 * Symbolic links are not followed: what one points to either lies here too and is found there (pnpm's store does), or is
 * a linked working copy, which nobody installed. So nothing is met twice and no cycle is walked.
 */
export function findPackageFolders(modules: string): string[] {
  return [...packageFolders(modules)].sort();
}

function* packageFolders(modules: string): Generator<string> {
  for (const name of folderNames(modules)) {
    const folder = join(modules, name);
    if (name === '.pnpm') {
      for (const store of folderNames(folder)) yield* nestedFolders(join(folder, store));
    } else if (name.startsWith('@')) {
      for (const inner of folderNames(folder)) yield* packageAndNested(join(folder, inner));
    } else if (!name.startsWith('.')) {
      yield* packageAndNested(folder);
    }
  }
}

function* packageAndNested(folder: string): Generator<string> {
  yield folder;
  yield* nestedFolders(folder);
}

function* nestedFolders(folder: string): Generator<string> {
  const nested = join(folder, 'node_modules');
  if (lstatSync(nested, { throwIfNoEntry: false })?.isDirectory() === true) yield* packageFolders(nested);
}

function folderNames(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
}
