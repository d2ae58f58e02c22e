import { join } from 'node:path';
import { createMemoryStore, type BlackboardStore, type PageOptions } from 'boardlite';
import { fileMedium } from 'boardlite/file';
import { openSqliteStore, type SqliteStore } from 'boardlite/sqlite';
import type { Consumption, Entry, Question } from '../boards.ts';
import type { Contestant, Session } from '../contestant.ts';

/** A store, called as its users call it. */
export class StoreSession implements Session {
  readonly store: BlackboardStore;
  reopen?(): Promise<unknown>;
  checkpoint?(): unknown;

  constructor(store: BlackboardStore) {
    this.store = store;
  }

  load(entries: readonly Entry[]): Promise<unknown> {
    return this.store.publishMany(
      entries.map((entry) => ({ ...draftOf(entry), id: entry.id, createdAt: new Date(entry.createdAt) })),
    );
  }

  consume(records: readonly Consumption[]): Promise<unknown> {
    return this.store.recordConsumptions(
      records.map((record) => ({ ...record, consumedAt: new Date(record.consumedAt) })),
    );
  }

  publish(entry: Entry): Promise<unknown> {
    return this.store.publish(draftOf(entry));
  }

  publishMany(entries: readonly Entry[]): Promise<unknown> {
    return this.store.publishMany(entries.map(draftOf));
  }

  async get(id: string): Promise<number> {
    return (await this.store.get(id)) === null ? 0 : 1;
  }

  async list(type: string): Promise<number> {
    return (await this.store.listByType(type)).length;
  }

  async query({ type, producedBy, tag, start }: Question): Promise<number> {
    const filter = { typeNames: type, producedBy, tags: tag, start: new Date(start) };
    const { items, total } = await this.store.queryArtifacts(filter);
    return items.length + Number(total);
  }

  async walk(pageSize: number, pages: number): Promise<number> {
    let found = 0;
    let options: Omit<PageOptions, 'embedMeta'> = { limit: pageSize, total: false };
    for (let page = 0; page < pages; page++) {
      const { items, nextCursor } = await this.store.queryArtifacts({}, options);
      found += items.length;
      if (nextCursor === null) break;
      options = { limit: pageSize, cursor: nextCursor };
    }
    return found;
  }

  async summary(): Promise<number> {
    return (await this.store.summarizeArtifacts()).total;
  }

  async history(agent: string): Promise<number> {
    const { produced, consumed } = await this.store.agentHistorySummary(agent);
    return produced.total + consumed.total;
  }

  close(): Promise<void> {
    return this.store.close({ checkpoint: false });
  }
}

function draftOf({ type, payload, producedBy, correlationId, tags }: Entry) {
  return { type, payload, producedBy, correlationId, tags };
}

class FileSession extends StoreSession {
  override readonly store: SqliteStore;
  override readonly reopen: () => Promise<unknown>;

  constructor(store: SqliteStore, reopen: () => Promise<unknown>) {
    super(store);
    this.store = store;
    this.reopen = reopen;
  }

  override checkpoint(): Promise<void> {
    return this.store.checkpoint();
  }
}

function onFile(durability: 'relaxed' | 'strict'): Contestant['open'] {
  return async (folder) => {
    const open = () => openSqliteStore({ medium: fileMedium(join(folder, 'board.db')), durability });
    const reopened = async (): Promise<FileSession> => new FileSession(await open(), reopened);
    return reopened();
  };
}

export const memory: Contestant = {
  name: 'boardlite memory',
  most: 100_000,
  open: async () => new StoreSession(createMemoryStore()),
};
export const sqlite: Contestant = {
  name: 'boardlite sqlite',
  most: 1_000_000,
  open: async () => new StoreSession(await openSqliteStore()),
};
export const relaxed: Contestant = { name: 'boardlite file', most: 1_000_000, open: onFile('relaxed') };
export const strict: Contestant = { name: 'boardlite file strict', most: 10_000, open: onFile('strict') };
