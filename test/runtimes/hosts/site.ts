import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { extname, join } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.wasm': 'application/wasm',
};

/** What a page loads. */
const PAGES: Readonly<Record<string, string>> = {
  '/': '<!doctype html><title>suite</title><script type="module" src="/browser.js"></script>',
  '/start': '<!doctype html><title>start</title><script type="module" src="/page-start.js"></script>',
};

export interface Site {
  readonly origin: string;
  close(): Promise<void>;
}

/** Serves the files of a folder, and the pages above, to browsers of this machine. */
export async function serve(folder: string): Promise<Site> {
  const server = createServer(({ url = '/' }, response) => {
    const { pathname } = new URL(url, 'http://localhost');
    const page = PAGES[pathname];
    const body = page === undefined ? readFile(join(folder, pathname)) : Promise.resolve(page);
    body.then(
      (content) => response.setHeader('content-type', TYPES[extname(pathname) || '.html'] ?? '').end(content),
      () => response.writeHead(404).end('not found'),
    );
  });
  server.listen(0);
  await once(server, 'listening');
  return { origin: `http://localhost:${String(portOf(server))}`, close: () => stop(server) };
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return address.port;
}

async function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
}
