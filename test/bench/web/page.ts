import { BoardData } from '../boards.ts';
import { contestants, type WebSession } from './contestants.ts';

const sessions = new Map<string, WebSession>();

/** What the bench does in the page. */
const bench = {
  names: Object.keys(contestants),

  async fill(name: string, size: number, schema: string): Promise<void> {
    const session = await contestants[name]?.(new BoardData(size).entries(0, size), schema);
    if (session !== undefined) sessions.set(name, session);
  },

  /** Milliseconds that publishing some entries took, one by one or all at once. */
  async publish(name: string, size: number, first: number, count: number, atOnce: boolean): Promise<number> {
    const entries = new BoardData(size).entries(first, count);
    const session = sessions.get(name);
    if (session === undefined) throw new Error(`${name} is not filled`);
    const start = performance.now();
    if (atOnce) await Promise.all(entries.map((entry) => session.publish(entry)));
    else for (const entry of entries) await session.publish(entry);
    return performance.now() - start;
  },
};

export type Bench = typeof bench;
Object.assign(globalThis, { bench });
