import { indexedDBMedium } from 'boardlite/indexeddb';
import type { Answer, HostMedia, Task } from './host.ts';
import { perform } from './perform.ts';

/** What a scope sends back through the port that came with a task. */
type Reply = { readonly answer: Answer } | { readonly error: string };

const isPage = typeof document !== 'undefined';

const media: HostMedia = {
  name: 'IndexedDB',
  // Only pages end, and leave something behind.
  capabilities: { shared: true, exclusive: false, orphans: isPage, powerCut: false },
  at: (board) => indexedDBMedium(board),
  ...(isPage && { endPage: () => dispatchEvent(new PageTransitionEvent('pagehide')) }),
};

/** What pages can be asked for. */
export interface PageCalls {
  perform(scope: ScopeName, task: Task): Promise<Answer>;
  /** Lets the service worker end with the page: without that it would go on writing for as long as its browser runs. */
  release(): Promise<void>;
}

interface Scope extends Partial<PageCalls> {
  onmessage?: unknown;
  onconnect?: unknown;
  registration?: unknown;
  skipWaiting?(): Promise<void>;
  clients?: { claim(): Promise<void> };
}
const scope: Scope = globalThis;

export type ScopeName = 'page' | 'dedicated worker' | 'shared worker' | 'service worker';

async function reply({ data, ports }: MessageEvent<Task>): Promise<void> {
  const message: Reply = await perform({ media }, data).then(
    (answer) => ({ answer }),
    (error: unknown) => ({ error: String(error instanceof Error ? error.stack : error) }),
  );
  ports[0]?.postMessage(message);
}

function ask(target: { postMessage(task: Task, transfer: Transferable[]): void }, task: Task): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }: MessageEvent<Reply>) => {
      if ('error' in data) reject(new Error(data.error));
      else resolve(data.answer);
    };
    target.postMessage(task, [port2]);
  });
}

let dedicated: Worker | null = null;
let shared: SharedWorker | null = null;

async function askScope(name: ScopeName, task: Task): Promise<Answer> {
  switch (name) {
    case 'page':
      return perform({ media }, task);
    case 'dedicated worker':
      return ask((dedicated ??= new Worker('/browser.js', { type: 'module' })), task);
    case 'shared worker':
      return ask((shared ??= new SharedWorker('/browser.js', { type: 'module' })).port, task);
    case 'service worker': {
      await navigator.serviceWorker.register('/service-worker.js');
      const { active } = await navigator.serviceWorker.ready;
      if (active === null) throw new Error('the service worker is not active');
      return ask(active, task);
    }
  }
}

async function release(): Promise<void> {
  const registrations = await navigator.serviceWorker.getRegistrations();
  await Promise.all(registrations.map((registration) => registration.unregister()));
}

if (isPage) {
  Object.assign(scope, { perform: askScope, release } satisfies PageCalls);
} else if ('registration' in scope) {
  addEventListener('message', (event) => {
    const message = event as MessageEvent<Task> & { waitUntil(work: Promise<void>): void };
    message.waitUntil(reply(message));
  });
} else if ('onconnect' in scope) {
  scope.onconnect = ({ ports }: MessageEvent) => {
    const [port] = ports;
    if (port) port.onmessage = (event: MessageEvent<Task>) => void reply(event);
  };
} else {
  scope.onmessage = (event: MessageEvent<Task>) => void reply(event);
}
