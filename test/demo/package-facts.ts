import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { z } from 'zod';
import type { PackageFacts } from './types.ts';

const text = z.string().nullish().catch(null);
const namedLicence = z.union([z.string(), z.object({ type: z.string() }).transform(({ type }) => type)]);

/** What the audit reads of a package.json: only a name and a version are needed, the rest is left out where malformed. */
const manifest = z.object({
  name: z.string().min(1),
  version: z.string().min(1),
  license: namedLicence.nullish().catch(null),
  licenses: z.array(namedLicence).nullish().catch(null),
  scripts: z.record(z.string(), z.unknown()).catch({}).default({}),
  main: text,
  module: text,
  exports: z.unknown().optional(),
});
type Manifest = z.infer<typeof manifest>;

const lockFile = z.object({ packages: z.record(z.string(), z.object({ deprecated: text })) });

/** What the lock file of a folder says about deprecation: the authors' messages by package path. */
export function readDeprecations(folder: string): ReadonlyMap<string, string> {
  // npm keeps a second one inside node_modules, for projects that have none of their own.
  for (const path of ['package-lock.json', 'node_modules/.package-lock.json']) {
    const lock = lockFile.safeParse(readJson(join(folder, path)));
    if (!lock.success) continue;
    const packages = Object.entries(lock.data.packages);
    return new Map(packages.flatMap(([name, { deprecated }]) => (deprecated ? [[name, deprecated]] : [])));
  }
  return new Map();
}

/** What can be seen of an installed package; null for a folder without a package.json that names it. */
export function readPackage(
  folder: string,
  packageFolder: string,
  deprecations: ReadonlyMap<string, string>,
): PackageFacts | null {
  const read = manifest.safeParse(readJson(join(packageFolder, 'package.json')));
  if (!read.success) return null;
  const files = measure(packageFolder);
  const path = relative(folder, packageFolder).split(sep).join('/');
  return {
    path,
    name: read.data.name,
    version: read.data.version,
    licence: licenceOf(read.data),
    installScripts: installScriptsOf(read.data, files.names),
    types: files.hasDeclarations ? 'included' : isImportable(read.data, files.names) ? 'missing' : 'not needed',
    bytes: files.bytes,
    files: files.count,
    deprecated: deprecations.get(path) ?? null,
    installed: true,
  };
}

function licenceOf({ license, licenses }: Manifest): string | null {
  const named = (license ?? licenses?.join(' OR ') ?? '').trim();
  return named === '' ? null : named;
}

function installScriptsOf({ scripts }: Manifest, names: ReadonlySet<string>): string[] {
  const named = ['preinstall', 'install', 'postinstall'].filter((script) => script in scripts);
  // npm runs node-gyp for these without being told.
  const isImplicit = names.has('binding.gyp') && !named.includes('install') && !named.includes('preinstall');
  return isImplicit ? [...named, 'node-gyp'] : named;
}

function isImportable({ main, module, exports }: Manifest, names: ReadonlySet<string>): boolean {
  return Boolean(main ?? module ?? exports) || names.has('index.js');
}

interface Measure {
  bytes: number;
  count: number;
  hasDeclarations: boolean;
  /** Of the files directly in the folder. */
  readonly names: Set<string>;
}

/** Looks at the files of one package; packages nested in it are counted by themselves. */
function measure(packageFolder: string): Measure {
  const sum: Measure = { bytes: 0, count: 0, hasDeclarations: false, names: new Set() };
  const folders = [packageFolder];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        if (folder !== packageFolder || entry.name !== 'node_modules') folders.push(path);
      } else if (entry.isFile()) {
        sum.count++;
        sum.bytes += lstatSync(path).size;
        sum.hasDeclarations ||= /\.d\.[cm]?ts$/.test(entry.name);
        if (folder === packageFolder) sum.names.add(entry.name);
      }
    }
  }
  return sum;
}

/** Null when there is no such file, or no JSON in it. */
function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8').replace(/^\uFEFF/, ''));
  } catch {
    return null;
  }
}
