import { InMemoryStore, type Item } from '@langchain/langgraph-checkpoint';
import type { Entry, Question } from '../boards.ts';
import type { Contestant, Session } from '../contestant.ts';

const SPACE = ['artifacts'];

/** Keeps references to what it is given: no copy, no check, no JSON, no order, no count. */
export const langgraph: Contestant = {
  name: 'LangGraph InMemoryStore',
  most: 100_000,
  open: async () => new LangGraphSession(),
};

class LangGraphSession implements Session {
  readonly #store = new InMemoryStore();

  async load(entries: readonly Entry[]): Promise<void> {
    for (const entry of entries) await this.publish(entry);
  }

  publish(entry: Entry): Promise<void> {
    return this.#store.put(SPACE, entry.id, { ...entry });
  }

  publishMany(entries: readonly Entry[]): Promise<unknown> {
    return this.#store.batch(entries.map((entry) => ({ namespace: SPACE, key: entry.id, value: { ...entry } })));
  }

  async get(id: string): Promise<number> {
    return (await this.#store.get(SPACE, id)) === null ? 0 : 1;
  }

  async list(type: string): Promise<number> {
    return (await this.#search({ type })).length;
  }

  async query({ type, producedBy, tag, start }: Question): Promise<number> {
    const items = await this.#search({
      ...{ type, createdAt: { $gte: start } },
      ...(producedBy !== undefined && { producedBy }),
    });
    const found = items.filter(({ value }) => tag === undefined || (value['tags'] as string[]).includes(tag));
    return Math.min(found.length, 50) + found.length;
  }

  #search(filter: Record<string, unknown>): Promise<Item[]> {
    return this.#store.search(SPACE, { filter, limit: 1_000_000 });
  }

  close(): void {}
}
