import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { chunksOf, onDatabase, type Key } from '../../browser-test/page/database.ts';
import { indexedDBMedium } from '../../src/indexeddb.ts';
import type { SqliteStore } from '../../src/sqlite/sqlite-store.ts';
import type { StoreEvent } from '../../src/sqlite/store-event.ts';
import { verifyBoard } from '../../src/sqlite/verify-board.ts';
import { endedPage, sharedMedium } from '../sqlite/ended-page.ts';
import { idOf } from '../sqlite/new-board.ts';
import { NOTE, open } from '../sqlite/trial-store.ts';

const page = new EventTarget();

beforeEach(() => {
  vi.stubGlobal('document', page);
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** So long that it is left in several pieces. */
const TEXT = 'x'.repeat(100_000);

/** Has pages end, one after the other, each of which leaves a note with its number. Returns the ids of what they leave. */
async function endPages(name: string, ...numbers: readonly number[]): Promise<string[]> {
  const maker = await open({ medium: indexedDBMedium(name) });
  await maker.flush();
  const medium = await indexedDBMedium(name).open({ readOnly: false });
  for (const n of numbers) {
    const trial = sharedMedium();
    await endedPage(trial, (store) => [store.publish({ ...NOTE, id: idOf(n), payload: { text: TEXT } })]);
    const [bytes = null] = trial.left.values();
    medium.watch({ changed: () => undefined, ending: () => bytes });
    page.dispatchEvent(new Event('freeze'));
  }
  const ids = [...(await medium.orphans()).keys()];
  await medium.close();
  return ids;
}

async function openTold(name: string): Promise<{ readonly store: SqliteStore; readonly events: StoreEvent[] }> {
  const events: StoreEvent[] = [];
  const store = await open({ medium: indexedDBMedium(name), onEvent: (event) => events.push(event) });
  return { store, events };
}

const idsOn = async (store: SqliteStore) => (await store.list()).map(({ id }) => id).sort();
const keysOf = (name: string) => onDatabase(name, 'readonly', (store) => store.getAllKeys());

async function idsLeftOn(name: string): Promise<Set<unknown>> {
  const keys = (await keysOf(name)).filter((key) => Array.isArray(key) && key[0] === 'orphan');
  return new Set(keys.map((key) => (Array.isArray(key) ? key[1] : undefined)));
}

it('a checkpoint repairs a board whose last snapshot is damaged', async () => {
  const store = await open({ medium: indexedDBMedium('repaired') });
  for (let n = 1; n <= 3; n++) {
    await store.publish({ ...NOTE, id: idOf(n) });
    await store.checkpoint();
  }
  await store.close();
  const [[key] = []] = (await chunksOf('repaired')).toReversed();
  if (key === undefined) throw new Error('There is no snapshot');
  await replace('repaired', key);
  const recovered = { type: 'recovered', from: 'earlier-generation' };
  const damaged = await openTold('repaired');
  await damaged.store.refresh();
  expect(damaged.events).toEqual([recovered]);
  expect((await damaged.store.stats()).log?.records).toBe(1);
  await damaged.store.checkpoint();
  await damaged.store.close();
  const repaired = await openTold('repaired');
  expect(repaired.events).toEqual([]);
  expect(await idsOn(repaired.store)).toEqual([1, 2, 3].map(idOf));
});

async function replace(name: string, key: Key): Promise<void> {
  await onDatabase(name, 'readwrite', (store) => store.put({ other: true }, key));
}

type GetAll = (this: IDBObjectStore, range?: unknown, count?: number) => IDBRequest<unknown[]>;

/** As browsers do where what is stored under a key is damaged: they give nothing of what is asked for along with it. */
function makeUnreadable(key: Key, error: string): void {
  const getAll = Reflect.get(IDBObjectStore.prototype, 'getAll') as GetAll;
  const attempt: GetAll = function (range, count) {
    if (range instanceof IDBKeyRange && range.includes(key)) throw new DOMException('as planned', error);
    return getAll.call(this, range, count);
  };
  vi.spyOn(IDBObjectStore.prototype, 'getAll').mockImplementation(attempt);
}

describe('what a page left behind and cannot be read', () => {
  const harms: readonly (readonly [what: string, harm: (name: string, key: Key) => unknown])[] = [
    ['is something else', replace],
    ['is damaged', (_, key) => makeUnreadable(key, 'NotReadableError')],
    ['cannot be read, for reasons that the browser keeps to itself', (_, key) => makeUnreadable(key, 'UnknownError')],
  ];

  it.each(harms)('is told and stays, and the rest is carried out: a part of it %s', async (name, harm) => {
    const [, id = ''] = await endPages(name, 1, 2, 3);
    await harm(name, ['orphan', id, 1]);
    const { store, events } = await openTold(name);
    expect(events).toEqual([
      {
        type: 'orphan-refused',
        error: expect.objectContaining({ code: 'corrupt', message: expect.stringContaining(id) as string }) as Error,
      },
      { type: 'orphan-adopted', writes: 1 },
      { type: 'orphan-adopted', writes: 1 },
    ]);
    expect(await idsOn(store)).toEqual([idOf(1), idOf(3)]);
    expect(await idsLeftOn(name)).toEqual(new Set([id]));
  });

  it('is not what somebody else has carried out since it was looked for', async () => {
    await endPages('meanwhile', 1, 2);
    const told: unknown[] = [];
    const medium = indexedDBMedium('meanwhile');
    const one = await medium.open({ readOnly: false, onEvent: (event) => told.push(event) });
    const other = await medium.open({ readOnly: false });
    const ids = [...(await other.orphans()).keys()];
    const reading = one.orphans();
    await other.dropOrphans(ids.slice(0, 1));
    expect([...(await reading).keys()]).toEqual(ids.slice(1));
    expect(told).toEqual([]);
    await Promise.all([one.close(), other.close()]);
  });
});

it('verifyBoard finds that the last snapshot is damaged, although the one before it has everything', async () => {
  const store = await open({ medium: indexedDBMedium('snapshots') });
  for (let n = 1; n <= 2; n++) {
    await store.publish({ ...NOTE, id: idOf(n) });
    await store.checkpoint();
  }
  await store.close();
  const medium = indexedDBMedium('snapshots');
  expect((await verifyBoard({ medium })).findings).toEqual([]);
  const generations = (await keysOf('snapshots')).flatMap((key) =>
    Array.isArray(key) && key[0] === 'generation' ? [Number(key[1])] : [],
  );
  await replace('snapshots', ['generation', Math.max(...generations)]);
  const { findings, counts } = await verifyBoard({ medium });
  expect(findings).toEqual([
    { kind: 'fault', message: expect.stringContaining('the last snapshot is damaged') as string },
  ]);
  expect(counts?.artifacts).toBe(2);
});
