import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { pathToFileURL } from 'node:url';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SqlJs } from '../../src/sqlite/load-engine.ts';
import type { packagedWasm } from '../../src/sqlite/packaged-wasm.ts';
import type { WasmSource } from '../../src/sqlite/wasm-source.ts';

const require = createRequire(import.meta.url);
const wasmPath = require.resolve('sql.js/dist/sql-wasm.wasm');
const wasmBytes = () => new Uint8Array(readFileSync(wasmPath));
const otherWasm = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);

let loadEngine: (wasm?: WasmSource) => Promise<SqlJs>;
const unhandled: unknown[] = [];
const keep = (reason: unknown) => unhandled.push(reason);

/** The engine is loaded once, so every test gets a library of its own. */
beforeEach(async () => {
  unhandled.length = 0;
  process.on('unhandledRejection', keep);
  vi.resetModules();
  ({ loadEngine } = await import('../../src/sqlite/load-engine.ts'));
});

afterEach(async () => {
  // An unhandled rejection shows after the microtasks.
  await new Promise((resolve) => setImmediate(resolve));
  process.off('unhandledRejection', keep);
  vi.doUnmock('#wasm');
  expect(unhandled).toEqual([]);
});

function sqliteVersion(engine: SqlJs): unknown {
  const database = new engine.Database();
  const statement = database.prepare('SELECT sqlite_version()');
  statement.step();
  const [version] = statement.get();
  database.close();
  return version;
}

async function failureOf(wasm: WasmSource | undefined): Promise<Error> {
  const error: unknown = await loadEngine(wasm).then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof Error)) throw new Error('the engine was loaded');
  expect(error).toMatchObject({ name: 'WasmUnavailableError', code: 'wasm-unavailable' });
  return error;
}

async function readResponse(): Promise<Response> {
  const response = new Response(wasmBytes());
  await response.arrayBuffer();
  return response;
}

async function serve<T>(status: number, body: Uint8Array | string, use: (url: string) => Promise<T>): Promise<T> {
  const server = createServer((_, response) => response.writeHead(status).end(body));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await use(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}/sql-wasm.wasm`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

describe('the engine loads', () => {
  it('from the installed package when told nothing', async () => {
    expect(sqliteVersion(await loadEngine())).toMatch(/^3\./);
  });

  it.each<[string, () => WasmSource]>([
    ['a compiled module', () => new WebAssembly.Module(wasmBytes())],
    [
      'a module of another realm',
      () => runInNewContext('new WebAssembly.Module(bytes)', { bytes: wasmBytes() }) as WebAssembly.Module,
    ],
    ['bytes', wasmBytes],
    ['an ArrayBuffer', () => wasmBytes().buffer],
    [
      'a part of a larger buffer',
      () => new Uint8Array(Buffer.concat([otherWasm, wasmBytes()])).subarray(otherWasm.length),
    ],
    ['a response', () => new Response(wasmBytes())],
    ['a promise of a response', () => Promise.resolve(new Response(wasmBytes()))],
    ['a URL of a file', () => pathToFileURL(wasmPath)],
    ['the text of such a URL', () => pathToFileURL(wasmPath).href],
    ['a data URL', () => `data:application/wasm;base64,${Buffer.from(wasmBytes()).toString('base64')}`],
  ])('from %s', async (_, source) => {
    expect(sqliteVersion(await loadEngine(source()))).toMatch(/^3\./);
  });

  it('from a URL on the network', async () => {
    await serve(200, wasmBytes(), async (url) => {
      expect(sqliteVersion(await loadEngine(new URL(url)))).toMatch(/^3\./);
    });
  });

  it('once: every call gets the same, also when they come together', async () => {
    const [first, second] = await Promise.all([loadEngine(), loadEngine()]);
    expect(second).toBe(first);
    expect(await loadEngine(otherWasm)).toBe(first);
  });
});

describe('a load that fails says what was wrong and names the ways out', () => {
  it.each<[string, () => WasmSource, RegExp]>([
    ['bytes that are no WebAssembly', () => Uint8Array.of(1, 2, 3), /"wasm" is not WebAssembly/],
    ['an empty array', () => new Uint8Array(), /"wasm" is not WebAssembly/],
    ['WebAssembly of something else', () => otherWasm, /not the engine of this version of boardlite/],
    [
      'another build of sql.js',
      () => pathToFileURL(require.resolve('sql.js/dist/sql-wasm-debug.wasm')),
      /not the engine of this version of boardlite/,
    ],
    ['a file that is not there', () => new URL('file:///nowhere/sql-wasm.wasm'), /nowhere\/sql-wasm\.wasm" could not/],
    ['a text that is no URL', () => 'sql-wasm.wasm', /"sql-wasm\.wasm" could not be fetched/],
    ['an answer that is an error', () => new Response('none', { status: 404 }), /answered with status 404/],
    ['a response that was read already', () => readResponse(), /response of "" could not be read to its end/],
    ['a promise that rejects', () => Promise.reject(new Error('offline')), /the promise .* rejected/],
    ['something else', () => JSON.parse('42') as string, /nothing that WebAssembly can come from/],
  ])('%s', async (_, source, problem) => {
    const error = await failureOf(source());
    expect(error.message).toMatch(/^Cannot load the SQLite engine: /);
    expect(error.message).toMatch(problem);
    expect(error.message).toMatch(/; put the file boardlite\/sql-wasm\.wasm beside the script that is run, /);
    expect(error.message).toMatch(/ pass "wasm" as a compiled WebAssembly\.Module, its bytes, a Response or a URL /);
    expect(error.message).toMatch(/ or pass inlineWasm\(\) of boardlite\/inline$/);
  });

  it('a page in place of the file', async () => {
    await serve(200, '<!doctype html>', async (url) => {
      expect((await failureOf(url)).message).toContain(`${url}" is not WebAssembly`);
    });
  });

  it('a server that says no', async () => {
    await serve(404, 'none', async (url) => {
      expect((await failureOf(url)).message).toContain(`${url}" answered with status 404`);
    });
  });

  it('and keeps the cause', async () => {
    const cause = new Error('offline');
    expect((await failureOf(Promise.reject(cause))).cause).toBe(cause);
  });
});

/** The WebAssembly with only its types and imports: it takes what the engine offers, and gives nothing. */
function hollow(wasm: Uint8Array): Uint8Array<ArrayBuffer> {
  const header = 8;
  let end = header;
  for (const section of [1, 2]) {
    if (wasm[end] !== section) throw new Error('The sections are not in their usual order');
    let [size, shift, byte] = [0, 0, 0x80];
    for (end++; byte >= 0x80; shift += 7) {
      byte = wasm[end++] ?? 0;
      size |= (byte & 0x7f) << shift;
    }
    end += size;
  }
  return new Uint8Array(wasm.slice(0, end));
}

describe('an engine that does not start is found out, and nothing hangs:', () => {
  it('it lacks what is called', async () => {
    const error = await failureOf(hollow(wasmBytes()));
    expect(error.message).toContain('its WebAssembly could not be started');
    expect(error.cause).toBeInstanceOf(TypeError);
  });

  it('there is no memory for it', async () => {
    const cause = new RangeError('could not allocate memory');
    const instantiate = vi.spyOn(WebAssembly, 'instantiate').mockRejectedValueOnce(cause);
    const error = await failureOf(wasmBytes());
    expect(error.message).toContain('its WebAssembly could not be started');
    expect(error.cause).toBe(cause);
    instantiate.mockRestore();
  });

  it('its script is in a bundle and does not know where it is', async () => {
    const cause = new TypeError('Invalid URL');
    const lost: typeof packagedWasm = () => {
      throw cause;
    };
    vi.resetModules();
    vi.doMock('#wasm', () => ({ packagedWasm: lost }));
    ({ loadEngine } = await import('../../src/sqlite/load-engine.ts'));
    const error = await failureOf(undefined);
    expect(error.message).toContain('this script does not know where it is');
    expect(error.cause).toBe(cause);
  });
});

describe('after a load that failed', () => {
  it('the next one succeeds', async () => {
    await failureOf(otherWasm);
    await failureOf(new URL('file:///nowhere/sql-wasm.wasm'));
    expect(sqliteVersion(await loadEngine())).toMatch(/^3\./);
  });

  it('one that came at the same time goes by what it was given itself', async () => {
    const [bad, good] = await Promise.allSettled([loadEngine(otherWasm), loadEngine(wasmBytes())]);
    expect(bad.status).toBe('rejected');
    expect(good.status).toBe('fulfilled');
  });

  it('and while another one never ends, the next one succeeds as well', async () => {
    void loadEngine(new Promise<Uint8Array<ArrayBuffer>>(() => {}));
    const engine = await loadEngine(wasmBytes());
    expect(sqliteVersion(engine)).toMatch(/^3\./);
    expect(await loadEngine(otherWasm)).toBe(engine);
  });
});
