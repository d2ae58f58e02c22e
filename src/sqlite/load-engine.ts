import { packagedWasm } from '#wasm';
import initSqlJs, { type EngineOptions, type SqlJs } from 'sql.js';
import { WasmUnavailableError } from '../core/errors.ts';
import { compile, unavailable, type WasmSource } from './wasm-source.ts';

export type { Database, PreparedStatement, SqlJs } from 'sql.js';

let engine: SqlJs | null = null;
/** What is under way, by what it was given: a server that never answers keeps nobody waiting who asks elsewhere. */
const loading = new Map<WasmSource | undefined, Promise<SqlJs>>();

/**
 * The engine, loaded by the first call that succeeds and shared by all stores of this module. A failed load is forgotten:
 * the next call tries again.
 *
 * @throws WasmUnavailableError that names the ways out
 */
export async function loadEngine(wasm?: WasmSource): Promise<SqlJs> {
  if (engine !== null) return engine;
  const own = loading.get(wasm) ?? load(wasm);
  loading.set(wasm, own);
  try {
    const loaded = await own;
    return (engine ??= loaded);
  } finally {
    loading.delete(wasm);
  }
}

async function load(wasm: WasmSource | undefined): Promise<SqlJs> {
  const module = await compile(wasm ?? findPackaged());
  return start(module).catch((error: unknown) => {
    throw error instanceof WasmUnavailableError ? error : unavailable('its WebAssembly could not be started', error);
  });
}

function findPackaged(): WasmSource {
  try {
    return packagedWasm();
  } catch (error) {
    throw unavailable('this script does not know where it is, as happens in a bundle', error);
  }
}

/** Everything that can fail is done here and not left to sql.js, which would fetch what it was not asked to. */
function start(module: WebAssembly.Module): Promise<SqlJs> {
  return new Promise((resolve, reject) => {
    const instantiateWasm: EngineOptions['instantiateWasm'] = (imports, done) => {
      checkImports(module, imports);
      WebAssembly.instantiate(module, imports).then(done).catch(reject);
      return {};
    };
    initSqlJs({ instantiateWasm, print: ignore, printErr: ignore }).then(resolve, reject);
  });
}

/** Finds out that a file is not the engine of this very version before it runs, when nothing could be undone. */
function checkImports(module: WebAssembly.Module, imports: WebAssembly.Imports): void {
  const wanted = WebAssembly.Module.imports(module);
  const offered = Object.values(imports).reduce((count, names) => count + Object.keys(names).length, 0);
  if (wanted.length === offered && wanted.every(({ module: from, name }) => imports[from]?.[name] !== undefined))
    return;
  throw unavailable('what was given as "wasm" is not the engine of this version of boardlite');
}

function ignore(): void {
  // The library prints nothing.
}
