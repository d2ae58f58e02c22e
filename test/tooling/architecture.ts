import { readSourceFacts } from './source-file.ts';

/** Source files by path from the project's root, such as `src/core/errors.ts`. */
export type Sources = Readonly<Record<string, string>>;

const ENTRY = 'entry';

/** What each folder under `src` may import beside itself: whole folders, or single files. */
const allowedImports: Readonly<Record<string, readonly string[]>> = {
  core: [],
  memory: ['core'],
  sql: ['core'],
  bundle: ['core', 'src/persistence/checksum.ts'],
  contract: ['core', 'bundle', 'src/persistence/medium.ts', 'src/persistence/frame.ts', 'src/persistence/checksum.ts'],
  persistence: ['src/core/errors.ts'],
  sqlite: ['core', 'sql', 'persistence'],
  cli: [ENTRY],
  [ENTRY]: ['core', 'memory', 'sql', 'contract', 'persistence', 'sqlite', 'bundle', 'cli'],
};

/** Where a vendor may be named; `oneFile` keeps it behind a single file of ours. The CLI speaks to `node:` freely. */
const vendors: Readonly<Record<string, { readonly folders: readonly string[]; readonly oneFile: boolean }>> = {
  'node:*': { folders: ['persistence'], oneFile: true },
  'sql.js': { folders: ['sqlite'], oneFile: true },
  // The engine's WebAssembly, which the build puts beside the code or into it.
  '#wasm': { folders: ['sqlite'], oneFile: true },
  '*.wasm': { folders: ['sqlite'], oneFile: true },
  '*.wasm.gz': { folders: ['sqlite'], oneFile: true },
  'idb-keyval': { folders: ['persistence'], oneFile: true },
  'crc-32': { folders: ['persistence'], oneFile: true },
  commander: { folders: ['cli'], oneFile: false },
  zod: { folders: ['core'], oneFile: false },
  '@standard-schema/spec': { folders: ['core', 'contract'], oneFile: false },
};

/** Every way in which the sources break the pinned architecture, one sentence each; empty when they keep it. */
export function findViolations(sources: Sources): string[] {
  const violations: string[] = [];
  const graph = new Map<string, string[]>();
  const filesOfVendor = new Map<string, Set<string>>();

  for (const [path, text] of Object.entries(sources)) {
    const folder = folderOf(path);
    const allowed = allowedImports[folder];
    if (allowed === undefined) {
      violations.push(`${path} is in "${folder}", a folder the architecture does not know`);
      continue;
    }
    const facts = readSourceFacts(path, text);
    if (facts.usesConsole && folder !== 'cli') violations.push(`${path} names console`);
    if (folder === ENTRY) {
      for (const statement of facts.notReexports) {
        violations.push(`${path} is an entry and may only re-export names one by one, not: ${firstLine(statement)}`);
      }
    }
    const targets: string[] = [];
    graph.set(path, targets);
    for (const specifier of facts.imports) {
      const vendor = vendorOf(specifier);
      if (vendor !== null) {
        const problem = vendorProblem(folder, vendor);
        if (problem !== null) violations.push(`${path} names "${specifier}": ${problem}`);
        if (folder !== 'cli') filesOfVendor.set(vendor, (filesOfVendor.get(vendor) ?? new Set()).add(path));
        continue;
      }
      const target = resolve(path, specifier);
      if (!(target in sources)) {
        violations.push(`${path} imports "${specifier}", which is no source file`);
        continue;
      }
      targets.push(target);
      const targetFolder = folderOf(target);
      const isOwn = targetFolder === folder && folder !== ENTRY;
      if (!isOwn && !allowed.includes(targetFolder) && !allowed.includes(target)) {
        violations.push(`${path} imports ${target}: ${folder} may not import ${targetFolder}`);
      }
    }
  }

  for (const [vendor, files] of filesOfVendor) {
    if (vendors[vendor]?.oneFile === true && files.size > 1) {
      violations.push(`"${vendor}" is named in ${files.size} files and may be in one: ${[...files].sort().join(', ')}`);
    }
  }
  for (const cycle of findCycles(graph)) violations.push(`import cycle: ${cycle.join(' -> ')}`);
  return violations;
}

/** Exports that are no modules. */
const ASSETS = ['./package.json', './sql-wasm.wasm'];

/** Every way in which the `exports` of package.json and the entry files disagree. */
export function findExportMismatches(exports: Readonly<Record<string, unknown>>, sources: Sources): string[] {
  const mismatches: string[] = [];
  const entries = Object.keys(sources).filter((path) => folderOf(path) === ENTRY);
  const exported = new Set<string>();
  for (const [subpath, conditions] of Object.entries(exports)) {
    if (ASSETS.includes(subpath)) continue;
    const name = subpath === '.' ? 'index' : subpath.slice('./'.length);
    const entry = `src/${name}.ts`;
    exported.add(entry);
    if (!entries.includes(entry)) mismatches.push(`exports names "${subpath}", but there is no ${entry}`);
    const wanted = JSON.stringify({ types: `./dist/${name}.d.ts`, default: `./dist/${name}.js` });
    if (JSON.stringify(conditions) !== wanted) mismatches.push(`exports of "${subpath}" are not ${wanted}`);
  }
  for (const entry of entries) {
    if (!exported.has(entry)) mismatches.push(`${entry} is an entry, but exports does not name it`);
  }
  return mismatches;
}

function folderOf(path: string): string {
  return path.split('/').slice(1, -1).join('/') || ENTRY;
}

function resolve(from: string, specifier: string): string {
  return new URL(specifier, `file:///${from}`).pathname.slice(1);
}

/** Null for what is ours. */
function vendorOf(specifier: string): string | null {
  const [wasm] = /\.wasm(\.gz)?$/.exec(specifier) ?? [];
  if (wasm !== undefined && specifier.startsWith('.')) return `*${wasm}`;
  if (specifier.startsWith('.')) return null;
  if (specifier.startsWith('node:')) return 'node:*';
  const [first = '', second = ''] = specifier.split('/');
  return first.startsWith('@') ? `${first}/${second}` : first;
}

function vendorProblem(folder: string, vendor: string): string | null {
  if (folder === 'cli' && vendor === 'node:*') return null;
  const rule = vendors[vendor];
  if (rule === undefined) return 'not a vendor the architecture knows';
  return rule.folders.includes(folder) ? null : `${vendor} belongs to ${rule.folders.join(' and ')}`;
}

/** One cycle for each import that closes one, in depth-first order. */
function findCycles(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const cycles: string[][] = [];
  const done = new Set<string>();
  const trail: string[] = [];
  const visit = (path: string): void => {
    const start = trail.indexOf(path);
    if (start !== -1) {
      cycles.push([...trail.slice(start), path]);
      return;
    }
    if (done.has(path)) return;
    trail.push(path);
    for (const target of graph.get(path) ?? []) visit(target);
    trail.pop();
    done.add(path);
  };
  for (const path of graph.keys()) visit(path);
  return cycles;
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
