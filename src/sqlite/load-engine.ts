import { BlackboardError, WasmUnavailableError } from '../core/errors.ts';
import type { SqlJs } from 'sql.js';

export type { Database, PreparedStatement, SqlJs } from 'sql.js';

/**
 * Where the engine's WebAssembly comes from, for hosts that cannot find it by themselves: the compiled module, its bytes,
 * a response that brings them, their URL, or a promise of one of these.
 */
export type WasmSource = WasmBytes | PromiseLike<WasmBytes>;
type WasmBytes = WebAssembly.Module | BufferSource | Response | URL | string;

let engine: Promise<SqlJs> | null = null;

/**
 * The engine, loaded by the first call and shared by all stores of this module. A failed load is forgotten, so that the
 * next call tries again.
 *
 * @throws WasmUnavailableError that names the ways out
 */
export function loadEngine(wasm?: WasmSource): Promise<SqlJs> {
  engine ??= load(wasm).catch((error: unknown) => {
    engine = null;
    if (error instanceof BlackboardError) throw error;
    throw unavailable('it failed to start', error);
  });
  return engine;
}

async function load(wasm: WasmSource | undefined): Promise<SqlJs> {
  // Before the engine is asked to start: it never forgets a start that failed.
  const module = wasm === undefined ? null : await compile(await wasm);
  const { default: start } = await import('sql.js');
  if (module === null) return start();
  return new Promise((resolve, reject) => {
    const started = start({
      instantiateWasm(imports, done) {
        WebAssembly.instantiate(module, imports).then(done, reject);
        return {};
      },
    });
    started.then(resolve, reject);
  });
}

async function compile(source: WasmBytes): Promise<WebAssembly.Module> {
  // By brand: a module compiled in another realm is a module.
  if (isModule(source)) return source;
  const bytes = await bytesOf(source);
  return WebAssembly.compile(bytes).catch((error: unknown) => {
    throw unavailable('what was given as "wasm" is not WebAssembly', error);
  });
}

function isModule(source: WasmBytes): source is WebAssembly.Module {
  return Object.prototype.toString.call(source) === '[object WebAssembly.Module]';
}

async function bytesOf(source: Exclude<WasmBytes, WebAssembly.Module>): Promise<BufferSource> {
  if (typeof source !== 'string' && !('href' in source) && !('arrayBuffer' in source)) return source;
  const response = typeof source === 'string' || 'href' in source ? await fetch(source) : source;
  if (!response.ok) throw unavailable(`${response.url} answered with status ${String(response.status)}`);
  return response.arrayBuffer();
}

function unavailable(problem: string, cause?: unknown): WasmUnavailableError {
  return new WasmUnavailableError(
    `Cannot load the SQLite engine: ${problem}; pass "wasm" as a compiled WebAssembly.Module, its bytes, a Response or a URL of sql.js's sql-wasm.wasm`,
    cause === undefined ? undefined : { cause },
  );
}
