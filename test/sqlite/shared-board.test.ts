import { setImmediate } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { anyType } from '../../src/contract/sample-types.ts';
import { QuotaError, StorageLostError } from '../../src/core/errors.ts';
import { encodeFrame } from '../../src/persistence/frame.ts';
import { SqliteBoard } from '../../src/sqlite/sqlite-board.ts';
import type { SqliteStore } from '../../src/sqlite/sqlite-store.ts';
import type { StoreEvent } from '../../src/sqlite/store-event.ts';
import { failureOf, keptOn, NOTE, open, until } from './trial-store.ts';
import { idOf } from './new-board.ts';
import { TrialMedium } from './trial-medium.ts';

const note = (n: number, text = 'hello') => ({ ...NOTE, id: idOf(n), payload: { text } });
const LATER = new Date('9999-01-01');

/** Two stores on one board, what they are told beside, and the board's medium. */
async function openTwo() {
  const medium = new TrialMedium();
  medium.isShared = true;
  const events: StoreEvent[] = [];
  const onEvent = (event: StoreEvent) => events.push(event);
  const one = await open({ medium, onEvent });
  await one.flush();
  const other = await open({ medium, onEvent });
  return { medium, events, one, other };
}

/** That all show the same board, and the medium holds it. */
async function expectOneBoard(medium: TrialMedium, ...stores: readonly SqliteStore[]): Promise<void> {
  for (const store of stores) await store.refresh();
  const boards = await Promise.all(stores.map((store) => store.fetchGraphArtifacts({}, { limit: Infinity })));
  for (const board of boards) expect(board).toEqual(boards[0]);
  expect(await keptOn(medium)).toEqual(boards[0]?.items.map(({ artifact }) => artifact));
  const stats = await Promise.all(stores.map((store) => store.stats()));
  expect(new Set(stats.map(({ epoch, sequence }) => `${epoch} ${String(sequence)}`)).size).toBe(1);
}

it('a shared board opens where a page has no crypto.randomUUID, because it did not come over TLS', async () => {
  onTestFinished(() => {
    vi.unstubAllGlobals();
  });
  vi.stubGlobal('crypto', { getRandomValues: crypto.getRandomValues.bind(crypto) });
  const { medium, one, other } = await openTwo();
  await Promise.all([one.publish(note(1)), other.publish(note(2))]);
  await expectOneBoard(medium, one, other);
});

it('a store shows what another wrote while it was being opened, although nobody listened to hints yet', async () => {
  const { medium, one } = await openTwo();
  const orphans = medium.hold('orphans');
  const opening = open({ medium });
  await orphans.begun;
  await one.publish(note(1));
  medium.hint();
  orphans.finish();
  const store = await opening;
  await until(async () => (await store.list()).length === 1);
});

it('a new board can be flushed although reading it again failed before', async () => {
  const medium = new TrialMedium();
  medium.isShared = true;
  const events: StoreEvent[] = [];
  const store = await open({ medium, onEvent: (event) => events.push(event) });
  await store.list();
  const failed = new QuotaError('no room to read');
  medium.fail('load', failed);
  medium.hint();
  await until(() => events.length > 0);
  expect(events).toEqual([{ type: 'behind', error: failed }]);
  await store.flush();
  expect(medium.snapshot).not.toBeNull();
});

it('a flush reads the board again in its turn: what is published after it is not lost from sight', async () => {
  const { medium, one, other } = await openTwo();
  await other.publish(note(1));
  await other.checkpoint();
  await other.publish(note(2));
  medium.fail('load', new QuotaError('no room to read'));
  expect(await failureOf(one.refresh())).toMatchObject({ code: 'quota' });
  const loaded = medium.hold('loaded');
  const flushing = one.flush();
  await loaded.begun;
  const publishing = one.publish(note(3));
  await setImmediate();
  loaded.finish();
  await Promise.all([flushing, publishing]);
  expect((await one.list()).map(({ id }) => id).sort()).toEqual([1, 2, 3].map(idOf));
});

it('a store does not save again what another has saved', async () => {
  const { medium, one, other } = await openTwo();
  await one.publish(note(1));
  await other.publish(note(2));
  await one.refresh();
  await one.checkpoint();
  await other.refresh();
  expect((await other.stats()).log).toEqual({ records: 0, bytes: 0 });
  const saves = medium.count('save');
  await other.checkpoint();
  expect(medium.count('save')).toBe(saves);
  await other.publish(note(3));
  expect((await other.stats()).log?.records).toBe(1);
  await other.checkpoint();
  expect(medium.count('save')).toBe(saves + 1);
  await expectOneBoard(medium, one, other);
});

describe('a store that finds that another got in first', () => {
  it('catches up, resolves its calls again, and loses nothing of either', async () => {
    const { medium, one, other } = await openTwo();
    const first = await one.publish(note(1));
    const second = await other.publish(note(2));
    expect([first.sequence, second.sequence]).toEqual([1, 2]);
    expect(await other.list()).toEqual([first, second].sort((a, b) => Number(a.createdAt) - Number(b.createdAt)));
    const both = await Promise.all([one.publish(note(3)), other.publish(note(4)), one.publish(note(5))]);
    expect(both.map(({ sequence }) => sequence).sort()).toEqual([3, 4, 5]);
    await expectOneBoard(medium, one, other);
    expect(await one.list()).toHaveLength(5);
  });

  it('answers from the board as it is then', async () => {
    const { medium, one, other } = await openTwo();
    await one.publish(note(1));
    const consumption = { artifactId: idOf(1), consumer: 'critic', consumedAt: new Date(5) };
    await other.recordConsumptions([consumption]);
    await one.recordConsumptions([consumption]);
    expect((await one.stats()).sequence).toBe(2);
    await one.publish(note(2));
    expect(await other.deleteBefore(LATER)).toBe(2);
    expect(await failureOf(one.recordConsumptions([consumption]))).toMatchObject({ code: 'not-found' });
    const outcomes = await Promise.allSettled([
      one.publish(note(3)),
      one.recordConsumptions([{ ...consumption, consumer: 'editor' }]),
      one.deleteBefore(LATER),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(outcomes[2]).toMatchObject({ value: 1 });
    await expectOneBoard(medium, one, other);
  });

  it('gives names the meaning that they have then', async () => {
    const { medium, one, other } = await openTwo();
    await one.listByType(anyType('films.Movie'));
    await other.publish({ ...note(1), type: 'Movie' });
    expect((await one.publish({ ...note(2), type: 'Movie' })).type).toBe('Movie');
    await other.refresh();
    await other.deleteBefore(LATER);
    expect((await one.publish({ ...note(3), type: 'Movie' })).type).toBe('films.Movie');
    await expectOneBoard(medium, one, other);
  });

  it('shows none of its calls meanwhile', async () => {
    const { medium, one, other } = await openTwo();
    await other.publish(note(1));
    const read = medium.hold('read');
    const publishing = one.publish(note(2));
    await read.begun;
    expect((await other.list()).map(({ id }) => id)).toEqual([idOf(1)]);
    read.finish();
    expect((await publishing).sequence).toBe(2);
  });

  it('goes on when that was a board that the other has begun', async () => {
    const medium = new TrialMedium();
    medium.isShared = true;
    const [one, other] = [await open({ medium }), await open({ medium })];
    const published = await Promise.all([one.publish(note(1)), other.publish(note(2)), one.publish(note(3))]);
    expect(published.map(({ sequence }) => sequence).sort()).toEqual([1, 2, 3]);
    await expectOneBoard(medium, one, other);
    expect(await one.list()).toHaveLength(3);
  });

  it('loses nothing in a long race', async () => {
    const { medium, one, other } = await openTwo();
    const third = await open({ medium });
    const publishing: Promise<unknown>[] = [];
    for (let round = 0; round < 30; round++) {
      for (const [i, store] of [one, other, third].entries()) {
        publishing.push(store.publish(note(3 * round + i)));
        if (round % 10 === i) publishing.push(store.checkpoint());
      }
      await Promise.resolve();
    }
    await Promise.all(publishing);
    await expectOneBoard(medium, one, other, third);
    expect((await one.list()).map(({ sequence }) => sequence).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 90 }, (_, n) => n + 1),
    );
  });
});

describe('what others write', () => {
  it('shows after a sign of it', async () => {
    const { medium, one, other } = await openTwo();
    const artifact = await one.publish(note(1));
    expect(await other.list()).toEqual([]);
    medium.hint();
    expect(await other.list()).toEqual([artifact]);
  });

  it('shows after refresh, sign or no sign', async () => {
    const { one, other } = await openTwo();
    const artifact = await one.publish(note(1));
    await other.refresh();
    expect(await other.list()).toEqual([artifact]);
  });

  it('is read once for many signs', async () => {
    const { medium, one } = await openTwo();
    medium.steps.length = 0;
    const read = medium.hold('read');
    for (let n = 0; n < 10; n++) medium.watchers[0]?.changed();
    await read.begun;
    for (let n = 0; n < 10; n++) medium.watchers[0]?.changed();
    read.finish();
    await one.list();
    expect(medium.count('read')).toBe(2);
  });

  it('is read from a snapshot when a checkpoint has dropped its records', async () => {
    const { medium, one, other } = await openTwo();
    await one.publish(note(1));
    await one.checkpoint();
    const second = await one.publish(note(2));
    await other.refresh();
    expect(await other.get(idOf(2))).toEqual(second);
    expect((await other.publish(note(3))).sequence).toBe(3);
    await expectOneBoard(medium, one, other);
  });

  it.each<[string, (store: SqliteStore, medium: TrialMedium) => unknown]>([
    ['a sign of it', (_, medium) => medium.hint()],
    ['refresh', (store) => store.refresh()],
  ])('is never read amid a group of its own calls, whatever comes: %s', async (_, signal) => {
    const { medium, one, other } = await openTwo();
    const appended = medium.hold('appended');
    const calls: Promise<unknown>[] = [one.publish(note(1))];
    signal(one, medium);
    calls.push(one.publish(note(2, 'mine')), one.publish(note(3)));
    await appended.begun;
    await other.publish(note(2, 'theirs'));
    appended.finish();
    await Promise.all(calls);
    await expectOneBoard(medium, one, other);
  });
});

describe('what others write and cannot be read', () => {
  it('is told, keeps the board as it was, refuses writes, and is read when that is possible', async () => {
    const { medium, events, one, other } = await openTwo();
    const first = await one.publish(note(1));
    await other.refresh();
    await one.publish(note(2));
    await one.publish(note(3));
    const whole = medium.records;
    medium.records = whole.map((record, i) => (i === 2 ? record.map((byte) => byte ^ 1) : record));
    medium.watchers[1]?.changed();
    await until(() => events.length > 0);
    expect(events).toEqual([{ type: 'behind', error: expect.objectContaining({ code: 'corrupt' }) as Error }]);
    expect(await other.list()).toEqual([first]);
    expect(await failureOf(other.publish(note(4)))).toMatchObject({ code: 'corrupt' });
    expect(await failureOf(other.refresh())).toMatchObject({ code: 'corrupt' });
    medium.records = whole;
    expect((await other.publish(note(4))).sequence).toBe(4);
    await expectOneBoard(medium, one, other);
  });

  it('is not said to be missing', async () => {
    const { medium, one, other } = await openTwo();
    await one.publish(note(1));
    const gone = new StorageLostError('no answer');
    medium.fail('read', gone);
    const consumption = { artifactId: idOf(1), consumer: 'critic' };
    expect(await failureOf(other.recordConsumptions([consumption]))).toBe(gone);
    await other.recordConsumptions([consumption]);
    await expectOneBoard(medium, one, other);
  });

  it('is not passed over when a newer version has written it', async () => {
    const { medium, one, other } = await openTwo();
    await one.publish(note(1));
    medium.records.push(ofNewerVersion(medium));
    for (const store of [one, other]) {
      for (let again = 0; again < 2; again++) {
        expect(await failureOf(store.refresh())).toMatchObject({ code: 'newer-format' });
        expect(await failureOf(store.publish(note(2)))).toMatchObject({ code: 'newer-format' });
      }
    }
    medium.records.pop();
    expect((await one.publish(note(2))).sequence).toBe(2);
    await expectOneBoard(medium, one, other);
  });

  it('is not checkpointed over while it cannot be applied', async () => {
    const { medium, one, other } = await openTwo();
    await one.publish(note(1));
    medium.records.push(ofNewerVersion(medium));
    expect(await failureOf(other.refresh())).toMatchObject({ code: 'newer-format' });
    expect(await failureOf(other.checkpoint())).toMatchObject({ code: 'newer-format' });
    expect(await failureOf(other.close({ checkpoint: true }))).toMatchObject({ code: 'newer-format' });
    expect(medium.records).toHaveLength(2);
    medium.records.pop();
    await other.checkpoint();
    expect(medium.records).toEqual([]);
    expect(await keptOn(medium)).toHaveLength(1);
  });

  it('is in the next checkpoint when the engine failed to apply it', async () => {
    const { medium, one, other } = await openTwo();
    await one.publish(note(1));
    vi.spyOn(SqliteBoard.prototype, 'apply').mockImplementationOnce(() => {
      throw new Error('out of memory');
    });
    expect(await failureOf(other.refresh())).toMatchObject({ message: 'out of memory' });
    await other.checkpoint();
    expect(medium.records).toEqual([]);
    expect(await keptOn(medium)).toHaveLength(1);
  });

  it('is not overwritten with the empty board that it began with by a store that cannot read it', async () => {
    const medium = new TrialMedium();
    medium.isShared = true;
    const [one, other] = [await open({ medium }), await open({ medium })];
    await one.publish(note(1));
    medium.records.push(ofNewerVersion(medium));
    for (let again = 0; again < 2; again++) {
      expect(await failureOf(other.publish(note(2)))).toMatchObject({ code: 'newer-format' });
    }
    expect(medium.records).toHaveLength(2);
    medium.records.pop();
    await other.publish(note(2));
    await expectOneBoard(medium, one, other);
  });

  it('and had to be loaded whole is loaded again', async () => {
    const { medium, one, other } = await openTwo();
    await one.publish(note(1));
    await one.checkpoint();
    await one.publish(note(2));
    const whole = medium.snapshot;
    medium.snapshot = whole && { ...whole, bytes: whole.bytes.slice(0, 5000) };
    expect(await failureOf(other.refresh())).toMatchObject({ code: 'corrupt' });
    expect(await other.list()).toEqual([]);
    medium.snapshot = whole;
    await expectOneBoard(medium, one, other);
    expect(await other.list()).toHaveLength(2);
  });
});

/** A record that follows those on the medium. */
function encodedAfter(medium: TrialMedium, body: Uint8Array): Uint8Array {
  const last = medium.records.at(-1) ?? new Uint8Array(40);
  const previous = new DataView(last.buffer, last.byteOffset).getUint32(36, true);
  return encodeFrame({ kind: 'record', number: medium.records.length + 1, sequence: 9, previous, body }).bytes;
}

/** A record with a fact that only a newer version knows, to follow the last one. */
function ofNewerVersion(medium: TrialMedium): Uint8Array {
  return encodedAfter(medium, new TextEncoder().encode('{"facts":[{"kind":"claim"}],"notes":{}}'));
}
