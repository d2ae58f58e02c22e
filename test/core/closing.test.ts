import { setImmediate } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { createGate, gatedType } from '../../src/contract/sample-types.ts';
import { draft, TestStore } from './test-store.ts';

describe('a vacuum', () => {
  it('reaches the board, in its turn', async () => {
    const store = new TestStore();
    await expect(store.vacuum()).resolves.toBeUndefined();
    expect(store.board.vacuums).toBe(1);
  });
});

describe('a flush', () => {
  it('of a board that rests nowhere ends when what was called before it has ended', async () => {
    const store = new TestStore();
    const gate = createGate();
    const publishing = store.publish({ ...draft, type: gatedType('films.Movie', gate), payload: { title: 'Alien' } });
    let isFlushed = false;
    const flushing = store.flush().then(() => (isFlushed = true));
    await setImmediate();
    expect(isFlushed).toBe(false);
    gate.open();
    await Promise.all([publishing, flushing]);
    expect(store.accepted).toHaveLength(1);
  });
});

describe('closing', () => {
  it('hands its options on, once', async () => {
    const store = new TestStore();
    await store.close({ checkpoint: false });
    await store.close();
    expect(store.releases).toEqual([{ checkpoint: false }]);
  });

  it('that fails leaves the store open', async () => {
    const store = new TestStore();
    const failure = new Error('full');
    store.releasing = Promise.reject(failure);
    await expect(store.close()).rejects.toBe(failure);
    await expect(store.list()).resolves.toEqual([]);
    store.releasing = Promise.resolve();
    await expect(store.close()).resolves.toBeUndefined();
    await expect(store.list()).rejects.toThrow('Cannot call list: the store is closed');
  });

  it('refuses options that make no sense, and stays open', async () => {
    const store = new TestStore();
    // @ts-expect-error it is called checkpoint
    await expect(store.close({ snapshot: true })).rejects.toThrow(
      'Cannot close store: unknown field "snapshot" in the options',
    );
    await expect(store.list()).resolves.toEqual([]);
  });

  it('is what disposing does', async () => {
    const store = new TestStore();
    await store[Symbol.asyncDispose]();
    expect(store.releases).toEqual([{}]);
  });

  it('leaves no method of another name where runtimes know no disposal', async () => {
    const OwnSymbol = Symbol;
    const withoutDisposal = new Proxy((description?: string) => OwnSymbol(description), {
      get: (_, name) => (name === 'asyncDispose' ? undefined : (Reflect.get(OwnSymbol, name) as unknown)),
    });
    vi.resetModules();
    vi.stubGlobal('Symbol', withoutDisposal);
    try {
      const fresh = await import('../../src/core/checked-store.ts');
      expect('undefined' in fresh.CheckedStore.prototype).toBe(false);
      expect('close' in fresh.CheckedStore.prototype).toBe(true);
    } finally {
      vi.unstubAllGlobals();
    }
  });
});

describe('the figures of a store', () => {
  it('are those of the board, the backend and the calls', async () => {
    const store = new TestStore();
    await store.publish(draft);
    await expect(store.stats()).resolves.toMatchObject({
      artifacts: 1,
      consumptions: 0,
      bytes: null,
      sequence: 1,
      epoch: 'e',
      durability: 'none',
      log: null,
      lastCheckpoint: new Date(1),
      operations: { publish: { count: 1, errors: 0 } },
    });
  });
});
