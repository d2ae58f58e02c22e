import { EventEmitter, once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { json } from 'node:stream/consumers';
import { extname, join } from 'node:path';
import type { Told } from '../suite/faults.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.wasm': 'application/wasm',
};

/** What a page loads. */
const PAGES: Readonly<Record<string, string>> = {
  '/': '<!doctype html><title>suite</title><script type="module" src="/browser.js"></script>',
  '/start': '<!doctype html><title>start</title><script type="module" src="/page-start.js"></script>',
  '/faults': '<!doctype html><title>faults</title><script type="module" src="/faults.js"></script>',
  // Browsers without a screen open one page each.
  '/pages': `<!doctype html><title>pages</title><body><script>
    for (const src of new URLSearchParams(location.search).getAll('page'))
      document.body.append(Object.assign(document.createElement('iframe'), { src }));
  </script>`,
  '/empty': '<!doctype html><title>empty</title>',
};

export interface Site {
  readonly origin: string;
  /** The same site, and another one to a browser. */
  readonly elsewhere: string;
  /** What its pages tell it. */
  readonly told: EventEmitter<{ told: [Told] }>;
  close(): Promise<void>;
}

/** Serves the files of a folder, and the pages above, to browsers of this machine. */
export async function serve(folder: string): Promise<Site> {
  const told: Site['told'] = new EventEmitter();
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    if (pathname === '/told') {
      json(request).then(
        (message) => {
          response.end();
          told.emit('told', message as Told);
        },
        // Its browser was killed meanwhile.
        () => response.destroy(),
      );
      return;
    }
    const page = PAGES[pathname];
    const body = page === undefined ? readFile(join(folder, pathname)) : Promise.resolve(page);
    body.then(
      (content) => response.setHeader('content-type', TYPES[extname(pathname) || '.html'] ?? '').end(content),
      () => response.writeHead(404).end('not found'),
    );
  });
  server.listen(0);
  await once(server, 'listening');
  const port = String(portOf(server));
  return { origin: `http://localhost:${port}`, elsewhere: `http://127.0.0.1:${port}`, told, close: () => stop(server) };
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
