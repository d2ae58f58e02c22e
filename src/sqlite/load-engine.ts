import type { SqlJs } from 'sql.js';
import { compile, unavailable, type WasmSource } from './wasm-source.ts';

export type { Database, PreparedStatement, SqlJs } from 'sql.js';

/** sql.js as it waits for its WebAssembly, or as somebody else in this process has started it. */
type Start =
  | { readonly imports: WebAssembly.Imports; readonly complete: (instance: WebAssembly.Instance) => Promise<SqlJs> }
  | { readonly engine: SqlJs };

let started: Promise<Start> | null = null;
let engine: Promise<SqlJs> | null = null;

/**
 * The engine, loaded by the first call that succeeds and shared by all stores of this module. A failed load is forgotten:
 * the next call tries again, and one that waits already tries what it was given itself.
 *
 * @throws WasmUnavailableError that names the ways out
 */
export function loadEngine(wasm?: WasmSource): Promise<SqlJs> {
  const load = () => complete(wasm);
  engine = engine?.catch(load) ?? load();
  return engine;
}

async function complete(wasm: WasmSource | undefined): Promise<SqlJs> {
  started ??= start();
  const waiting = await started.catch((error: unknown) => {
    started = null;
    throw error;
  });
  if ('engine' in waiting) return waiting.engine;
  const module = await compile(wasm ?? packagedWasm());
  checkImports(module, waiting.imports);
  const instance = await WebAssembly.instantiate(module, waiting.imports).catch((error: unknown) => {
    throw unavailable('its WebAssembly could not be started', error);
  });
  return waiting.complete(instance);
}

/**
 * sql.js keeps its first outcome for ever, and when it fails it leaves an unhandled rejection that ends a Node process. So
 * it is started once, in a way that cannot fail: it waits for an instance, however many attempts that takes.
 */
async function start(): Promise<Start> {
  const { default: initSqlJs } = await import('sql.js').catch((error: unknown) => {
    throw unavailable('the package sql.js could not be imported', error);
  });
  return new Promise((resolve, reject) => {
    const ready = initSqlJs({
      instantiateWasm(imports, done) {
        resolve({ imports, complete: (instance) => finish(ready, () => done(instance)) });
        return {};
      },
      print: ignore,
      printErr: ignore,
    });
    ready.then(
      (loaded) => resolve({ engine: loaded }),
      (error: unknown) => reject(unavailable('sql.js does not run here', error)),
    );
  });
}

/** With the right instance sql.js is ready before anything else is done, with a wrong one it never is. */
async function finish(ready: Promise<SqlJs>, provide: () => void): Promise<SqlJs> {
  try {
    provide();
  } catch (error) {
    throw unavailable('its WebAssembly could not be started', error);
  }
  const loaded = await Promise.race([ready, new Promise<null>((resolve) => setTimeout(() => resolve(null)))]);
  if (loaded === null) throw unavailable('it does not start with what was given as "wasm"');
  return loaded;
}

/** Finds out that a file is not the engine of this very version before it runs, when nothing could be undone. */
function checkImports(module: WebAssembly.Module, imports: WebAssembly.Imports): void {
  const wanted = WebAssembly.Module.imports(module);
  const offered = Object.values(imports).reduce((count, names) => count + Object.keys(names).length, 0);
  if (wanted.length === offered && wanted.every(({ module: from, name }) => imports[from]?.[name] !== undefined))
    return;
  throw unavailable('what was given as "wasm" is not the engine of the installed sql.js');
}

function packagedWasm(): string {
  try {
    return import.meta.resolve('sql.js/dist/sql-wasm.wasm');
  } catch (error) {
    throw unavailable('this runtime does not find it by itself', error);
  }
}

function ignore(): void {
  // The library prints nothing.
}
