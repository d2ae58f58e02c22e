import { BlackboardError, WasmUnavailableError } from '../core/errors.ts';
import { quote } from '../core/text.ts';

/**
 * Where the engine's WebAssembly comes from, for hosts that cannot find it by themselves: the compiled module, its bytes,
 * a response that brings them, their URL, or a promise of one of these.
 */
export type WasmSource = WasmContent | PromiseLike<WasmContent>;
type WasmContent = WebAssembly.Module | BufferSource | Response | URL | string;

const WAYS_OUT = [
  'put the file boardlite/sql-wasm.wasm beside the script that is run',
  'pass "wasm" as a compiled WebAssembly.Module, its bytes, a Response or a URL of that file',
  'or pass inlineWasm() of boardlite/inline',
].join(', ');

export function unavailable(problem: string, cause?: unknown): WasmUnavailableError {
  return new WasmUnavailableError(
    `Cannot load the SQLite engine: ${problem}; ${WAYS_OUT}`,
    cause === undefined ? undefined : { cause },
  );
}

/** @throws WasmUnavailableError when there is no WebAssembly to be had */
export async function compile(source: WasmSource): Promise<WebAssembly.Module> {
  const content: unknown = await Promise.resolve(source).catch((error: unknown) => {
    throw unavailable('the promise that was given as "wasm" rejected', error);
  });
  if (isModule(content)) return content;
  const bytes = await bytesOf(content);
  return WebAssembly.compile(bytes).catch((error: unknown) => {
    throw unavailable(`${describe(content)} is not WebAssembly`, error);
  });
}

async function bytesOf(content: unknown): Promise<BufferSource> {
  if (isBytes(content)) return content;
  if (isResponse(content)) {
    if (content.ok) {
      return content.arrayBuffer().catch((error: unknown) => {
        throw unavailable(`the response of ${quote(content.url)} could not be read to its end`, error);
      });
    }
    throw unavailable(`${quote(content.url)} answered with status ${content.status}`);
  }
  if (!isUrl(content)) throw unavailable(`${describe(content)} is nothing that WebAssembly can come from`);
  return fetchBytes(content).catch((error: unknown) => {
    throw error instanceof BlackboardError ? error : unavailable(`${describe(content)} could not be fetched`, error);
  });
}

async function fetchBytes(url: string | URL): Promise<BufferSource> {
  return readFile(url) ?? bytesOf(await fetch(url));
}

function describe(content: unknown): string {
  return isUrl(content) ? quote(String(content)) : 'what was given as "wasm"';
}

/** By brand, as are the others: what another realm made is as good. */
function isModule(content: unknown): content is WebAssembly.Module {
  return Object.prototype.toString.call(content) === '[object WebAssembly.Module]';
}

function isBytes(content: unknown): content is BufferSource {
  return (
    ArrayBuffer.isView(content) || /^\[object (Shared)?ArrayBuffer\]$/.test(Object.prototype.toString.call(content))
  );
}

function isResponse(content: unknown): content is Response {
  return Object.prototype.toString.call(content) === '[object Response]';
}

function isUrl(content: unknown): content is string | URL {
  return typeof content === 'string' || Object.prototype.toString.call(content) === '[object URL]';
}

interface FileReading {
  readFileSync(path: URL): Uint8Array<ArrayBuffer>;
}

/**
 * What a `file:` URL holds, in Node, where `fetch` knows no files; null elsewhere. The host is asked while it runs: an
 * import would break every bundle for browsers.
 */
function readFile(url: URL | string): Uint8Array<ArrayBuffer> | null {
  if (!String(url).startsWith('file:')) return null;
  const host: { process?: { getBuiltinModule?: (name: 'fs') => FileReading } } = globalThis;
  return host.process?.getBuiltinModule?.('fs').readFileSync(new URL(url)) ?? null;
}
