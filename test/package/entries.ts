import { readFile } from 'node:fs/promises';

/** The modules that a user can import, by their names: `boardlite`, `boardlite/sqlite`, … */
export async function entriesOf(folder: string): Promise<Map<string, string>> {
  const manifest = JSON.parse(await readFile(`${folder}/package.json`, 'utf8')) as {
    readonly exports: Readonly<Record<string, string | { readonly default: string }>>;
  };
  const modules = Object.entries(manifest.exports).flatMap(([subpath, target]) =>
    typeof target === 'string' ? [] : [[`boardlite${subpath.slice(1)}`, target.default] as const],
  );
  return new Map(modules);
}
