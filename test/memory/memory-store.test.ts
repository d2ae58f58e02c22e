import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { defineType } from '../../src/core/artifact-type.ts';
import { ConflictError, InvalidArgumentError } from '../../src/core/errors.ts';
import { createMemoryStore } from '../../src/memory/memory-store.ts';
import { idOf, thrownBy } from '../core/samples.ts';

describe('a memory store', () => {
  it('says that it takes writes, keeps nothing for ever, and is no SQLite', () => {
    const { capabilities } = createMemoryStore();
    expect(capabilities).toEqual({ durable: false, writable: true, sqlite: false });
    expect(Object.isFrozen(capabilities)).toBe(true);
  });

  it('gives its figures', async () => {
    const store = createMemoryStore();
    const { id } = await store.publish({ type: 'Movie', payload: {}, producedBy: 'scout' });
    await store.recordConsumptions([{ artifactId: id, consumer: 'critic' }]);
    const stats = await store.stats();
    expect(stats).toMatchObject({
      artifacts: 1,
      consumptions: 1,
      bytes: null,
      sequence: 2,
      durability: 'none',
      log: null,
      lastCheckpoint: null,
      operations: { publish: { count: 1, errors: 0 }, recordConsumptions: { count: 1, errors: 0 } },
    });
    expect(stats.epoch).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
    expect((await store.stats()).epoch).toBe(stats.epoch);
    expect((await createMemoryStore().stats()).epoch).not.toBe(stats.epoch);
  });

  it('goes by the clock and the ids it is given', async () => {
    let ids = 0;
    const store = createMemoryStore({ now: () => new Date(7), newId: () => idOf(++ids) });
    const [first, second] = await store.publishMany([
      { type: 'Movie', payload: {}, producedBy: 'scout' },
      { type: 'Movie', payload: {}, producedBy: 'scout' },
    ]);
    expect(first).toMatchObject({ id: idOf(1), createdAt: new Date(7), sequence: 1 });
    expect(second).toMatchObject({ id: idOf(2), createdAt: new Date(7), sequence: 2 });
  });

  it('knows its types from the start', async () => {
    const store = createMemoryStore({ types: [defineType('films.Movie', z.object({ title: z.string() }))] });
    const refused = store.publish({ type: 'Movie', payload: {}, producedBy: 'scout' });
    await expect(refused).rejects.toThrow('does not pass the schema of "films.Movie"');
  });

  it('refuses two schemas under one name', () => {
    const types = [defineType('Movie', z.object({})), defineType('Movie', z.object({}))];
    const error = thrownBy(() => createMemoryStore({ types }));
    expect(error).toBeInstanceOf(ConflictError);
    expect(error).toHaveProperty(
      'message',
      'Cannot open store: artifact type "Movie" is already registered with another schema',
    );
  });

  it('refuses options that do not exist', () => {
    // @ts-expect-error a caller without types can pass anything
    const error = thrownBy(() => createMemoryStore({ medium: null }));
    expect(error).toBeInstanceOf(InvalidArgumentError);
    expect(error).toHaveProperty('message', 'Cannot create memory store: unknown field "medium" in the options');
  });

  it('can be vacuumed, flushed and closed, and closed again', async () => {
    const store = createMemoryStore();
    await expect(store.vacuum()).resolves.toBeUndefined();
    await expect(store.flush()).resolves.toBeUndefined();
    await expect(store.close()).resolves.toBeUndefined();
    await expect(store.close()).resolves.toBeUndefined();
    await expect(store.list()).rejects.toThrow('Cannot call list: the store is closed');
  });
});
