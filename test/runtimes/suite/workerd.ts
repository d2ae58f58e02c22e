import { DurableObject } from 'cloudflare:workers';
import { startBoardlite } from './cold-start.ts';
import { durableObjectMedium } from './durable-object-medium.ts';
import type { Host, Task } from './host.ts';
import { perform } from './perform.ts';

interface Environment {
  readonly BOARD: { getByName(name: string): { fetch(request: Request): Promise<Response> } };
}

async function answer(host: Host, request: Request): Promise<Response> {
  const task = (await request.json()) as Task;
  return Response.json(await perform(host, task));
}

export class Board extends DurableObject<Environment> {
  fetch(request: Request): Promise<Response> {
    const media = {
      name: "a Durable Object's storage",
      capabilities: { shared: true, exclusive: false, orphans: false, powerCut: false },
      at: (board: string) => durableObjectMedium(this.ctx.storage, board),
    };
    return answer({ media }, request);
  }
}

const worker = {
  async fetch(request: Request, { BOARD }: Environment): Promise<Response> {
    switch (new URL(request.url).pathname) {
      case '/object':
        return BOARD.getByName('board').fetch(request);
      case '/memory':
        return answer({ media: null }, request);
      case '/start':
        return Response.json(await startBoardlite(() => import('boardlite/sqlite')));
      default:
        return new Response('alive');
    }
  },
};
export { worker as default };
