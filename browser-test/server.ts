import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';

const HTML = 'text/html; charset=utf-8';
const PAGES: Readonly<Record<string, string>> = {
  '/': '<!doctype html><title>lab</title><script type="module" src="/page.js"></script>',
  '/agreement': '<!doctype html><title>agreement</title><script type="module" src="/agreement.js"></script>',
  '/empty': '<!doctype html><title>empty</title>',
  '/sandbox': '<!doctype html><title>sandbox</title><iframe sandbox="allow-scripts" src="/"></iframe>',
};

/** A web site: on `localhost` it is one origin and site, on `127.0.0.1` another. */
export async function serve(scripts: ReadonlyMap<string, string>): Promise<{ port: number; close(): Promise<void> }> {
  const wasm = await readFile(createRequire(import.meta.url).resolve('sql.js/dist/sql-wasm.wasm'));
  const server = createServer(({ url = '/' }, response) => {
    const { pathname } = new URL(url, 'http://localhost');
    const script = scripts.get(pathname);
    const [type, body] =
      script !== undefined
        ? ['text/javascript; charset=utf-8', script]
        : pathname === '/sql-wasm.wasm'
          ? ['application/wasm', wasm]
          : [HTML, PAGES[pathname]];
    // A sandboxed frame has an origin of its own, and may load what others may.
    response.setHeader('access-control-allow-origin', '*');
    response.setHeader('content-type', type);
    response.statusCode = body === undefined ? 404 : 200;
    response.end(body ?? 'not found');
  });
  await new Promise<void>((resolve) => server.listen(0, resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return {
    port: address.port,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
