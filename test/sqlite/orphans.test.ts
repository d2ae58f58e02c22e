import { describe, expect, it } from 'vitest';
import { createGate, gatedType, movieType, schemaOf } from '../../src/contract/sample-types.ts';
import { HOSTILE_TEXTS } from '../../src/contract/samples.ts';
import { defineType } from '../../src/core/artifact-type.ts';
import { ClosedError, CorruptError, QuotaError, StorageLostError } from '../../src/core/errors.ts';
import type { SqliteStore } from '../../src/sqlite/sqlite-store.ts';
import { decodeOrphan } from '../../src/sqlite/orphan.ts';
import { endedPage, openTold, sharedMedium } from './ended-page.ts';
import { idOf } from './new-board.ts';
import { databaseOf, failureOf, keptOn, NOTE, open, until } from './trial-store.ts';
import { TrialMedium } from './trial-medium.ts';

const note = (n: number) => ({ ...NOTE, id: idOf(n) });
const consumption = (n: number) => ({ artifactId: idOf(n), consumer: 'critic', consumedAt: new Date(5) });
const texts = { description: '', subscriptions: [], outputTypes: [], labels: [], signature: '' };
const agent = { ...texts, agentName: 'scout', firstSeen: new Date(0), lastSeen: new Date(0) };

const idsOn = async (store: SqliteStore) => (await store.list()).map(({ id }) => id).sort();
const refused = (code: string) => ({ type: 'orphan-refused', error: expect.objectContaining({ code }) as Error });

describe('a page that ends', () => {
  it('leaves the writes that it has no answer to, in their order', async () => {
    const medium = sharedMedium();
    const gate = createGate();
    const { held } = await endedPage(medium, (store) => [
      store.publish(note(1)),
      store.list(),
      store.recordConsumptions([consumption(1)]),
      store.publish({ ...note(2), type: gatedType('films.Movie', gate), payload: { title: 'Alien' } }),
      store.upsertAgentSnapshot(agent),
      store.clearAgentSnapshots(),
      store.deleteBefore(new Date(7)),
    ]);
    const orphans = [...medium.left].map(([id, bytes]) => decodeOrphan(bytes, id));
    expect(orphans).toHaveLength(1);
    expect(orphans[0]?.calls.map(({ call, intent }) => [call, intent.kind])).toEqual([
      [1, 'artifact'],
      [2, 'consumption'],
      [3, 'artifact'],
      [4, 'agent'],
      [5, 'agents-cleared'],
      [6, 'deletion'],
    ]);
    gate.open();
    held.finish();
  });

  it('leaves nothing when it has all answers, nor where nobody shares the board', async () => {
    const medium = sharedMedium();
    const { store } = await openTold(medium);
    await store.publish(NOTE);
    const listing = store.list();
    medium.endPage();
    await listing;
    const alone = new TrialMedium();
    const { held } = await endedPage(alone, (each) => [each.publish(NOTE)]);
    held.finish();
    expect([medium.left.size, alone.left.size]).toEqual([0, 0]);
  });
});

describe('what a page left behind', () => {
  it('is carried out by the next one who opens the board, in order, as it was called', async () => {
    const medium = sharedMedium();
    await endedPage(medium, (store) => [
      store.publishMany(HOSTILE_TEXTS.map((text, n) => ({ ...note(n), producedBy: text, payload: { text } }))),
      store.recordConsumptions([consumption(1), { ...consumption(1), runId: 'r' }]),
      store.upsertAgentSnapshot(agent),
    ]);
    const { store, events } = await openTold(medium);
    expect(events).toEqual([{ type: 'orphan-adopted', writes: 3 }]);
    expect(await idsOn(store)).toEqual(HOSTILE_TEXTS.map((_, n) => idOf(n)));
    for (const [n, text] of HOSTILE_TEXTS.entries()) {
      expect(await store.get(idOf(n))).toMatchObject({ producedBy: text, payload: { text }, sequence: n + 1 });
    }
    expect((await store.stats()).consumptions).toBe(2);
    expect(await store.loadAgentSnapshots()).toEqual([agent]);
    expect(medium.left.size).toBe(0);
    expect(await keptOn(medium)).toEqual(await store.list());
  });

  it('passes the checks that it would have passed: what is refused is told, and the rest is carried out', async () => {
    const medium = sharedMedium();
    await endedPage(medium, (store) => [
      store.recordConsumptions([consumption(9)]),
      store.publish({ ...note(1), type: 'Movie', payload: { title: '' } }),
      store.publish({ ...note(2), type: 'Movie', payload: { title: 'Alien' } }),
      store.recordConsumptions([consumption(1)]),
    ]);
    const { store, events } = await openTold(medium, { types: [movieType('films.Movie')] });
    expect(events).toEqual([
      refused('not-found'),
      refused('invalid-payload'),
      refused('not-found'),
      { type: 'orphan-adopted', writes: 1 },
    ]);
    expect((await store.list()).map(({ id, type }) => [id, type])).toEqual([[idOf(2), 'films.Movie']]);
    expect(medium.left.size).toBe(0);
    expect((await openTold(medium)).events).toEqual([]);
  });

  it('meets the board as it is by then', async () => {
    const medium = sharedMedium();
    const { store: other } = await openTold(medium);
    await other.publish(note(1));
    await endedPage(medium, (store) => [store.deleteBefore(new Date('9999-01-01')), store.publish(note(3))]);
    await other.publish(note(2));
    const { store, events } = await openTold(medium);
    expect(events).toEqual([{ type: 'orphan-adopted', writes: 2 }]);
    expect(await idsOn(store)).toEqual([idOf(3)]);
    expect((await store.get(idOf(3)))?.sequence).toBe(5);
    await other.refresh();
    expect(await other.list()).toEqual(await store.list());
  });

  it('is not carried out again, however often the board is opened', async () => {
    const medium = sharedMedium();
    await endedPage(medium, (store) => [store.publish(note(1)), store.recordConsumptions([consumption(1)])]);
    const orphans = new Map(medium.left);
    const first = await openTold(medium);
    await first.store.deleteBefore(new Date('9999-01-01'));
    for (const checkpoint of [true, false]) {
      for (const [id, bytes] of orphans) medium.left.set(id, bytes);
      const { store, events } = await openTold(medium);
      expect(events).toEqual([]);
      expect(await store.list()).toEqual([]);
      expect(medium.left.size).toBe(0);
      await store.close({ checkpoint });
    }
  });

  it('and is forbidden by the rules of another program is told of as refused, and counted as nothing', async () => {
    const page = sharedMedium();
    await endedPage(page, (store) => [store.publish({ ...note(2), partitionKey: 'k' })]);
    const other = await open();
    await other.publish({ ...note(1), partitionKey: 'k' });
    const driver = await databaseOf(await other.exportBytes());
    driver.script('CREATE UNIQUE INDEX one_per_key ON artifacts(partition_key)');
    const medium = new TrialMedium(driver.exportBytes());
    medium.isShared = true;
    for (const [id, bytes] of page.left) medium.left.set(id, bytes);
    const { store, events } = await openTold(medium);
    const error = expect.objectContaining({ message: expect.stringContaining('partition_key') as string }) as Error;
    expect(events).toEqual([{ type: 'orphan-refused', error }]);
    expect(await idsOn(store)).toEqual([idOf(1)]);
  });

  it('and was refused is not tried again either', async () => {
    const medium = sharedMedium();
    await endedPage(medium, (store) => [store.publish(note(2)), store.recordConsumptions([consumption(1)])]);
    const orphans = new Map(medium.left);
    const { store, events } = await openTold(medium);
    expect(events).toEqual([refused('not-found'), { type: 'orphan-adopted', writes: 1 }]);
    await store.publish(note(1));
    for (const [id, bytes] of orphans) medium.left.set(id, bytes);
    const again = await openTold(medium);
    expect(again.events).toEqual([]);
    expect((await again.store.stats()).consumptions).toBe(0);
  });

  it('is not carried out when it was accepted as the page ended', async () => {
    const medium = sharedMedium();
    await endedPage(medium, (store) => [store.publish(note(1)), store.publish(note(2))], { step: 'appended' });
    const { store, events } = await openTold(medium);
    expect(events).toEqual([]);
    expect((await store.list()).map(({ sequence }) => sequence)).toEqual([1, 2]);
    expect(medium.left.size).toBe(0);
  });

  it('twice is carried out once', async () => {
    const medium = sharedMedium();
    const { store: page } = await endedPage(medium, (store) => [store.publish(note(1))]);
    void page.publish(note(2)).catch(() => undefined);
    medium.endPage(0);
    expect(medium.left.size).toBe(2);
    const { store, events } = await openTold(medium);
    expect(events).toEqual([
      { type: 'orphan-adopted', writes: 1 },
      { type: 'orphan-adopted', writes: 1 },
    ]);
    expect((await store.list()).map(({ id, sequence }) => [id, sequence]).sort()).toEqual([
      [idOf(1), 1],
      [idOf(2), 2],
    ]);
  });

  it('is carried out once by two who open at the same time', async () => {
    const medium = sharedMedium();
    await endedPage(medium, (store) => [store.publish(note(1)), store.publish(note(2)), store.publish(note(3))]);
    const both = await Promise.all([openTold(medium), openTold(medium)]);
    const writes = both.flatMap(({ events }) => events.map((event) => ('writes' in event ? event.writes : event.type)));
    expect(writes.reduce<unknown>((sum, each) => Number(sum) + Number(each), 0)).toBe(3);
    for (const { store } of both) {
      await store.refresh();
      expect((await store.list()).map(({ sequence }) => sequence).sort()).toEqual([1, 2, 3]);
    }
  });

  it('is taken up where one who opened the board and died has left it', async () => {
    const medium = sharedMedium();
    await endedPage(medium, (store) => [store.publish(note(1)), store.publish(note(2)), store.publish(note(3))]);
    const first = medium.hold('append');
    const second = medium.hold('append');
    void openTold(medium);
    await first.begun;
    first.finish();
    await second.begun;
    const { store, events } = await openTold(medium);
    expect(events).toEqual([{ type: 'orphan-adopted', writes: 2 }]);
    expect((await store.list()).map(({ sequence }) => sequence).sort()).toEqual([1, 2, 3]);
    second.finish();
  });

  it('stays for the next time when the medium has no room for it, and the board opens all the same', async () => {
    const medium = sharedMedium();
    await endedPage(medium, (store) => [store.publish(note(1)), store.publish(note(2))]);
    const full = new QuotaError('full');
    medium.fail('appended', new StorageLostError('no answer'));
    medium.fail('append', full);
    medium.fail('append', full);
    const { store, events } = await openTold(medium);
    expect(events).toEqual([{ type: 'orphan-postponed', error: full }]);
    expect(await store.list()).toEqual([]);
    const again = await openTold(medium);
    expect(again.events).toEqual([{ type: 'orphan-postponed', error: full }]);
    const last = await openTold(medium);
    expect(last.events).toEqual([{ type: 'orphan-adopted', writes: 2 }]);
    expect(await idsOn(last.store)).toEqual([idOf(1), idOf(2)]);
  });

  it('and is damaged is told and stays, and the rest is carried out', async () => {
    const medium = sharedMedium();
    await endedPage(medium, (store) => [store.publish(note(1))]);
    const damaged = medium.left.get('orphan 1')?.map((byte, i) => (i === 50 ? byte ^ 1 : byte)) ?? new Uint8Array();
    medium.left.set('orphan 1', damaged);
    await endedPage(medium, (store) => [store.publish(note(2))]);
    const { store, events } = await openTold(medium);
    expect(events).toEqual([refused('corrupt'), { type: 'orphan-adopted', writes: 1 }]);
    expect(await idsOn(store)).toEqual([idOf(2)]);
    expect([...medium.left]).toEqual([['orphan 1', damaged]]);
  });

  it('and cannot be had at all is told and waits, and the board opens all the same', async () => {
    const medium = sharedMedium();
    await endedPage(medium, (store) => [store.publish(note(1))]);
    const damage = new CorruptError('Cannot read: it is damaged');
    medium.fail('orphans', damage);
    const { store, events } = await openTold(medium);
    expect(events).toEqual([{ type: 'orphan-postponed', error: damage }]);
    await store.publish(note(2));
    const again = await openTold(medium);
    expect(again.events).toEqual([{ type: 'orphan-adopted', writes: 1 }]);
    expect(await idsOn(again.store)).toEqual([idOf(1), idOf(2)]);
  });

  it.each([new StorageLostError('gone'), new ClosedError('closed')])(
    'is not what keeps the board from being opened when its medium is: $code',
    async (error) => {
      const medium = sharedMedium();
      await endedPage(medium, (store) => [store.publish(note(1))]);
      medium.fail('orphans', error);
      expect(await failureOf(openTold(medium))).toBe(error);
      expect((await openTold(medium)).events).toEqual([{ type: 'orphan-adopted', writes: 1 }]);
    },
  );

  it('keeps an opening waiting for its validation only until that is given up, and stays', async () => {
    const medium = sharedMedium();
    await endedPage(medium, (store) => [
      store.publish({ ...note(1), type: 'films.Movie', payload: { title: 'Alien' } }),
    ]);
    let isValidating = false;
    const endless = schemaOf(() => {
      isValidating = true;
      return new Promise<never>(() => undefined);
    });
    const abort = new AbortController();
    const types = [defineType('films.Movie', endless)];
    const opening = failureOf(openTold(medium, { types, signal: abort.signal }));
    await until(() => isValidating);
    abort.abort(new Error('given up'));
    expect(await opening).toBe(abort.signal.reason);
    expect([medium.count('open'), medium.count('close'), medium.left.size]).toEqual([2, 1, 1]);
    const { store, events } = await openTold(medium, { types: [movieType('films.Movie')] });
    expect(events).toEqual([{ type: 'orphan-adopted', writes: 1 }]);
    expect(await idsOn(store)).toEqual([idOf(1)]);
  });

  it('is not carried out when the page took it back while it was validated', async () => {
    const medium = sharedMedium();
    const page = await endedPage(medium, (store) => [store.publish(note(1)), store.publish(note(2))]);
    const gate = createGate();
    let isValidating = false;
    const slow = schemaOf(async () => {
      isValidating = true;
      await gate.passed;
      return { value: { text: 'hello' } };
    });
    const opening = openTold(medium, { types: [defineType('app.Note', slow)] });
    await until(() => isValidating);
    page.held.fail(new QuotaError('Cannot append: the disk is full'));
    expect((await page.outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    gate.open();
    const { store, events } = await opening;
    expect(events).toEqual([]);
    expect(await store.list()).toEqual([]);
  });

  it('is left to those who may write', async () => {
    const medium = sharedMedium();
    await endedPage(medium, (store) => [store.publish(note(1))]);
    expect(await keptOn(medium)).toEqual([]);
    expect(medium.left.size).toBe(1);
  });
});
