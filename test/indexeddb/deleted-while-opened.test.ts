import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { indexedDBMedium } from '../../src/indexeddb.ts';
import { failureOf, NOTE, open } from '../sqlite/trial-store.ts';

const begin: IDBDatabase['transaction'] = Reflect.get(IDBDatabase.prototype, 'transaction');

/** As on a slow disk: whatever is asked for comes long after others have made their requests. */
beforeEach(() => {
  vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(function (this: IDBDatabase, ...args) {
    const transaction = begin.apply(this, args);
    if (args[1] === 'readonly') for (let n = 0; n < 50; n++) transaction.objectStore('board').count();
    return transaction;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** What comes of a request for a database, should its user be in the way as well. */
function outcomeOf(request: IDBOpenDBRequest): Promise<string> {
  return new Promise((resolve, reject) => {
    request.onblocked = () => resolve('blocked');
    request.onsuccess = () => resolve('done');
    request.onerror = () => reject(new Error(String(request.error)));
  });
}

async function openMedium(name: string) {
  const medium = await indexedDBMedium(name).open({ readOnly: false });
  onTestFinished(() => medium.close());
  return medium;
}

async function makeBoard(name: string): Promise<void> {
  const store = await open({ medium: indexedDBMedium(name) });
  await store.publish(NOTE);
  await store.close();
}

const namesOfDatabases = async () => (await indexedDB.databases()).map(({ name }) => name);

describe('a board is let go while it is being opened', () => {
  it.each(['a new one', 'one that was there'])(
    'when its database is deleted, and is not made again: %s',
    async (name) => {
      if (name !== 'a new one') await makeBoard(name);
      const opening = openMedium(name);
      expect(await outcomeOf(indexedDB.deleteDatabase(`boardlite:${name}`))).toBe('done');
      const medium = await opening;
      expect(await failureOf(medium.load())).toMatchObject({ code: 'storage-lost' });
      expect(await namesOfDatabases()).not.toContain(`boardlite:${name}`);
    },
  );

  it('when a newer version takes over its database', async () => {
    await makeBoard('taken over');
    const opening = openMedium('taken over');
    const request = indexedDB.open('boardlite:taken over', 2);
    onTestFinished(() => {
      request.result.close();
    });
    expect(await outcomeOf(request)).toBe('done');
    const medium = await opening;
    expect(await failureOf(medium.load())).toMatchObject({ code: 'newer-format' });
  });
});
