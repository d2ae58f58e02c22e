import 'fake-indexeddb/auto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { indexedDBMedium } from '../../src/indexeddb.ts';
import { openSqliteStore } from '../../src/sqlite/sqlite-store.ts';
import type { StoreEvent } from '../../src/sqlite/store-event.ts';
import { failureOf, NOTE, open, until } from '../sqlite/trial-store.ts';

/** As in Firefox, on a site whose cookies its user blocks. */
class RefusedChannel {
  constructor() {
    throw new DOMException('', 'SecurityError');
  }
}

const refusedIndexedDB = {
  open: () => {
    throw new DOMException('', 'SecurityError');
  },
};

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('where BroadcastChannel', () => {
  it.each([
    ['is refused', RefusedChannel],
    ['is missing', undefined],
  ])('%s, stores share a board all the same, and look from time to time', async (how, channel) => {
    vi.stubGlobal('BroadcastChannel', channel);
    const medium = indexedDBMedium(`shared though it ${how}`, { pollInterval: 5 });
    const [one, other] = [await open({ medium }), await open({ medium })];
    const artifact = await one.publish(NOTE);
    await until(async () => (await other.list()).length > 0);
    expect(await other.list()).toEqual([artifact]);
  });

  it('and IndexedDB are refused, that is told, and memory will do where the caller says so', async () => {
    vi.stubGlobal('BroadcastChannel', RefusedChannel);
    vi.stubGlobal('indexedDB', refusedIndexedDB);
    const medium = indexedDBMedium('denied');
    const denied = {
      code: 'storage-denied',
      message: expect.stringMatching(/^Cannot open the board "denied": /) as string,
    };
    expect(await failureOf(openSqliteStore({ medium }))).toMatchObject(denied);
    const events: StoreEvent[] = [];
    const store = await open({ medium, fallback: 'memory', onEvent: (event) => events.push(event) });
    expect(events).toEqual([{ type: 'memory-fallback', error: expect.objectContaining(denied) as Error }]);
    const artifact = await store.publish(NOTE);
    expect(await store.list()).toEqual([artifact]);
    expect(store.capabilities.durable).toBe(false);
  });
});
