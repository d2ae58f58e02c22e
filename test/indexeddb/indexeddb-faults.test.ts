import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BlackboardError } from '../../src/core/errors.ts';
import { indexedDBMedium } from '../../src/indexeddb.ts';
import type { Durability } from '../../src/persistence/medium.ts';
import { openSqliteStore, type SqliteStore } from '../../src/sqlite/sqlite-store.ts';
import { FAULTS, plan } from './faulty-indexeddb.ts';

// As in Chromium, whose transactions are told to commit.
beforeEach(() => {
  vi.stubGlobal('navigator', { userAgentData: { brands: [{ brand: 'Chromium' }] } });
  return () => vi.unstubAllGlobals();
});

const stores: SqliteStore[] = [];
afterEach(async () => {
  await Promise.all(stores.splice(0).map((store) => store.close()));
});

async function open(name: string, durability: Durability): Promise<SqliteStore> {
  const store = await openSqliteStore({ medium: indexedDBMedium(name), durability });
  stores.push(store);
  return store;
}

const PARTS = 3;
let boards = 0;

/** What became of every call that publishes: true when it was acknowledged. */
type Outcomes = boolean[];

/** Opens a board and uses it. Tells of every refusal. */
async function use(name: string, durability: Durability, refuse: (error: unknown) => void): Promise<Outcomes> {
  const store = await open(name, durability);
  const outcomes: Outcomes = [];
  const publish = async () => {
    const call = outcomes.push(false) - 1;
    const drafts = Array.from({ length: PARTS }, () => ({ type: 'Note', producedBy: 'scout', payload: { call } }));
    await store.publishMany(drafts).then(() => (outcomes[call] = true), refuse);
  };
  await publish();
  await Promise.all([publish(), publish()]);
  await store.checkpoint().catch(refuse);
  await publish();
  await store.flush().catch(refuse);
  await store.checkpoint().catch(refuse);
  await publish();
  await store.close().catch(refuse);
  return outcomes;
}

/** Everything acknowledged is there, whole and once, and the board can be written to. */
async function judge(name: string, durability: Durability, outcomes: Readonly<Outcomes>): Promise<void> {
  const store = await open(name, durability);
  const found = outcomes.map(() => 0);
  for (const { payload } of await store.list())
    found[Number(payload['call'])] = (found[Number(payload['call'])] ?? 0) + 1;
  for (const [call, isAcknowledged] of outcomes.entries()) {
    expect(isAcknowledged ? [PARTS] : [0, PARTS]).toContain(found[call]);
  }
  const { sequence } = await store.stats();
  // Each artifact was accepted once: the second time would have taken another number.
  expect(sequence).toBe(found.reduce((sum, parts) => sum + parts, 0));
  const { sequence: next } = await store.publish({ type: 'Note', producedBy: 'judge', payload: {} });
  expect(next).toBe(sequence + 1);
}

describe('whichever operation of IndexedDB it is at which', () => {
  it.each(Object.entries(FAULTS))('%s, all that was acknowledged is there, whole and once', async (_, fault) => {
    let strikes = 0;
    for (let at = 0; ; at++) {
      const name = `board ${String(++boards)}`;
      const durability = at % 2 === 0 ? 'relaxed' : 'strict';
      const planned = plan(fault, at);
      const refusals: unknown[] = [];
      const refuse = (error: unknown) => void refusals.push(error);
      const outcomes = await use(name, durability, refuse).catch((error: unknown) => {
        refuse(error);
        return [];
      });
      planned.end();
      if (!planned.struck()) break;
      strikes++;
      for (const error of refusals) {
        expect(error).toBeInstanceOf(BlackboardError);
        expect(error).toMatchObject({ message: expect.stringMatching(/^Cannot /) as string });
      }
      if (fault.isTold !== true) expect(refusals).toEqual([]);
      await judge(name, durability, outcomes);
    }
    expect(strikes).toBeGreaterThan(10);
  });
});
