import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { pathToFileURL } from 'node:url';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SqlJs } from '../../src/sqlite/load-engine.ts';
import type { WasmSource } from '../../src/sqlite/wasm-source.ts';

const require = createRequire(import.meta.url);
const wasmPath = require.resolve('sql.js/dist/sql-wasm.wasm');
const wasmBytes = () => new Uint8Array(readFileSync(wasmPath));
const otherWasm = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);

let loadEngine: (wasm?: WasmSource) => Promise<SqlJs>;
const unhandled: unknown[] = [];
const keep = (reason: unknown) => unhandled.push(reason);

/** sql.js remembers its one engine for ever, so every test gets a sql.js of its own. */
beforeEach(async () => {
  unhandled.length = 0;
  process.on('unhandledRejection', keep);
  vi.resetModules();
  vi.doMock('sql.js', () => {
    const path = require.resolve('sql.js');
    Reflect.deleteProperty(require.cache, path);
    return { default: require(path) as unknown };
  });
  ({ loadEngine } = await import('../../src/sqlite/load-engine.ts'));
});

afterEach(async () => {
  // An unhandled rejection shows after the microtasks.
  await new Promise((resolve) => setImmediate(resolve));
  process.off('unhandledRejection', keep);
  vi.doUnmock('sql.js');
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

async function failureOf(wasm: WasmSource): Promise<Error> {
  const error: unknown = await loadEngine(wasm).then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof Error)) throw new Error('the engine was loaded');
  expect(error).toMatchObject({ name: 'WasmUnavailableError', code: 'wasm-unavailable' });
  return error;
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

  it('when somebody else in the process has started sql.js before', async () => {
    const { default: initSqlJs } = (await import('sql.js')) as { default: (options?: object) => Promise<SqlJs> };
    const theirs = await initSqlJs({ wasmBinary: wasmBytes() });
    expect(await loadEngine()).toBe(theirs);
  });
});

describe('a load that fails says what was wrong and names the ways out', () => {
  it.each<[string, () => WasmSource, RegExp]>([
    ['bytes that are no WebAssembly', () => Uint8Array.of(1, 2, 3), /"wasm" is not WebAssembly/],
    ['an empty array', () => new Uint8Array(), /"wasm" is not WebAssembly/],
    ['WebAssembly of something else', () => otherWasm, /not the engine of the installed sql\.js/],
    [
      'another build of sql.js',
      () => pathToFileURL(require.resolve('sql.js/dist/sql-wasm-debug.wasm')),
      /not the engine of the installed sql\.js/,
    ],
    ['a file that is not there', () => new URL('file:///nowhere/sql-wasm.wasm'), /nowhere\/sql-wasm\.wasm" could not/],
    ['a text that is no URL', () => 'sql-wasm.wasm', /"sql-wasm\.wasm" could not be fetched/],
    ['an answer that is an error', () => new Response('none', { status: 404 }), /answered with status 404/],
    ['a promise that rejects', () => Promise.reject(new Error('offline')), /the promise .* rejected/],
    ['something else', () => JSON.parse('42') as string, /nothing that WebAssembly can come from/],
  ])('%s', async (_, source, problem) => {
    const error = await failureOf(source());
    expect(error.message).toMatch(/^Cannot load the SQLite engine: /);
    expect(error.message).toMatch(problem);
    expect(error.message).toMatch(/pass "wasm" as a compiled WebAssembly\.Module, its bytes, a Response or a URL/);
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

describe('a sql.js that is not as it should be is found out, and nothing hangs:', () => {
  type InstantiateWasm = (imports: WebAssembly.Imports, done: (instance: WebAssembly.Instance) => void) => object;

  function mockSqlJs(initSqlJs: (config: { instantiateWasm: InstantiateWasm }) => Promise<unknown>): void {
    vi.doMock('sql.js', () => ({ default: initSqlJs }));
  }

  it('it is not installed', async () => {
    vi.doMock('sql.js', () => {
      throw new Error('no such package');
    });
    const error = await failureOf(wasmBytes());
    expect(error.message).toContain('the package sql.js could not be imported');
  });

  it('it does not run in this runtime', async () => {
    const cause = new TypeError("Cannot read properties of undefined (reading 'href')");
    mockSqlJs(() => Promise.reject(cause));
    for (let attempt = 1; attempt <= 2; attempt++) {
      const error = await failureOf(wasmBytes());
      expect(error.message).toContain('sql.js does not run here');
      expect(error.cause).toBe(cause);
    }
  });

  it('it does not take the instance', async () => {
    mockSqlJs(({ instantiateWasm }) => {
      instantiateWasm({}, () => {
        throw new TypeError('no memory');
      });
      return new Promise(() => {});
    });
    expect((await failureOf(otherWasm)).message).toContain('its WebAssembly could not be started');
  });

  it('it never gets ready', async () => {
    mockSqlJs(({ instantiateWasm }) => {
      instantiateWasm({}, () => {});
      return new Promise(() => {});
    });
    expect((await failureOf(otherWasm)).message).toContain('it does not start with what was given as "wasm"');
  });

  it('its imports cannot be linked', async () => {
    mockSqlJs(({ instantiateWasm }) => {
      instantiateWasm({ env: { f: 'no function' as never } }, () => {});
      return new Promise(() => {});
    });
    // (module (import "env" "f" (func)))
    const importing = Uint8Array.from([
      ...otherWasm,
      ...[1, 4, 1, 0x60, 0, 0],
      ...[2, 9, 1, 3, 0x65, 0x6e, 0x76, 1, 0x66, 0, 0],
    ]);
    const error = await failureOf(importing);
    expect(error.message).toContain('its WebAssembly could not be started');
    expect(error.cause).toBeInstanceOf(WebAssembly.LinkError);
  });
});

describe('after a load that failed', () => {
  it('the next one succeeds', async () => {
    await failureOf(otherWasm);
    await failureOf(new URL('file:///nowhere/sql-wasm.wasm'));
    expect(sqliteVersion(await loadEngine())).toMatch(/^3\./);
  });

  it('one that waited for it goes by what it was given itself', async () => {
    const [bad, good, none] = await Promise.allSettled([
      loadEngine(otherWasm),
      loadEngine(wasmBytes()),
      loadEngine(otherWasm),
    ]);
    expect(bad.status).toBe('rejected');
    expect(good.status).toBe('fulfilled');
    expect(none.status).toBe('fulfilled');
  });
});
