import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { schemaOf } from '../../src/contract/sample-types.ts';
import { defineType } from '../../src/core/artifact-type.ts';
import { QuotaError } from '../../src/core/errors.ts';
import type { SqliteStore } from '../../src/sqlite/sqlite-store.ts';
import { endedPage, openTold, sharedMedium } from './ended-page.ts';
import { idOf } from './new-board.ts';
import { failureOf, NOTE, until } from './trial-store.ts';

const note = (n: number) => ({ ...NOTE, id: idOf(n) });
const idsOn = async (store: SqliteStore) => (await store.list()).map(({ id }) => id).sort();

describe('a page that left something and lives on', () => {
  it('takes it back when its calls have ended', async () => {
    const medium = sharedMedium();
    const { store, outcomes, held } = await endedPage(medium, (page) => [page.publish(note(1)), page.publish(note(2))]);
    held.finish();
    expect((await outcomes).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
    await until(() => medium.left.size === 0);
    await store.close();
    expect((await openTold(medium)).events).toEqual([]);
  });

  it('takes back a call that was given up while its validation waited', async () => {
    const medium = sharedMedium();
    const { store } = await openTold(medium);
    await store.flush();
    const slow = defineType(
      'app.Slow',
      schemaOf(() => new Promise<never>(() => undefined)),
    );
    const abort = new AbortController();
    const call = store.publish({ ...NOTE, type: slow }, { signal: abort.signal });
    medium.endPage(0);
    expect(medium.left.size).toBe(1);
    abort.abort(new Error('given up'));
    expect(await failureOf(call)).toBe(abort.signal.reason);
    await until(() => medium.left.size === 0);
    expect((await openTold(medium)).events).toEqual([]);
  });

  it('and whose calls were carried out elsewhere meanwhile is told that, and goes on', async () => {
    const medium = sharedMedium();
    const page = await endedPage(medium, (store) => [store.publish(note(1)), store.publish(note(2))]);
    const { store, events } = await openTold(medium);
    expect(events).toEqual([{ type: 'orphan-adopted', writes: 2 }]);
    const later = page.store.publish(note(3));
    page.held.finish();
    expect(await page.outcomes).toEqual(
      [1, 2].map(() => ({
        status: 'rejected',
        reason: expect.objectContaining({
          code: 'conflict',
          message: expect.stringContaining('suspended') as string,
        }) as Error,
      })),
    );
    expect((await later).sequence).toBe(3);
    await store.refresh();
    expect(await store.list()).toEqual(await page.store.list());
    expect(await idsOn(store)).toEqual([idOf(1), idOf(2), idOf(3)]);
    await page.store.close();
  });

  it('has its accepted calls not carried out by one who opens before it has taken them back', async () => {
    const medium = sharedMedium();
    const page = await endedPage(medium, (store) => [store.publish(note(1))]);
    const drop = medium.hold('drop');
    page.held.finish();
    await page.outcomes;
    await drop.begun;
    const { store, events } = await openTold(medium);
    expect(events).toEqual([]);
    expect(await store.list()).toHaveLength(1);
    drop.finish();
    await page.store.close();
  });

  it('takes back what is refused before that is told: nobody carries it out later', async () => {
    const medium = sharedMedium();
    const page = await endedPage(medium, (store) => [store.publish(note(1))]);
    const drop = medium.hold('drop');
    page.held.fail(new QuotaError('Cannot append: the disk is full'));
    await drop.begun;
    expect(await Promise.race([page.outcomes, setImmediate('no answer')])).toBe('no answer');
    drop.finish();
    expect((await page.outcomes).map(({ status }) => status)).toEqual(['rejected']);
    const { store, events } = await openTold(medium);
    expect(events).toEqual([]);
    expect(await idsOn(store)).toEqual([]);
    await page.store.close();
  });

  it('goes on when it cannot take that back, and does so later', async () => {
    const medium = sharedMedium();
    const page = await endedPage(medium, (store) => [store.publish(note(1))]);
    medium.fail('drop', new QuotaError('Cannot drop: the disk is full'));
    page.held.fail(new QuotaError('Cannot append: the disk is full'));
    expect((await page.outcomes).map(({ status }) => status)).toEqual(['rejected']);
    expect(medium.left.size).toBe(1);
    await page.store.publish(note(2));
    await until(() => medium.left.size === 0);
    await page.store.close();
  });

  it('keeps what it leaves as it ends again, while it takes back what it left before', async () => {
    const medium = sharedMedium();
    const page = await endedPage(medium, (store) => [store.publish(note(1))]);
    const lookUp = medium.hold('orphans');
    page.held.finish();
    await lookUp.begun;
    const append = medium.hold('append');
    const again = page.store.publish(note(2));
    await append.begun;
    medium.endPage();
    expect(medium.left.size).toBe(2);
    lookUp.finish();
    await until(() => medium.count('drop') === 1 && medium.left.size === 1);
    const { store, events } = await openTold(medium);
    expect(events).toEqual([{ type: 'orphan-adopted', writes: 1 }]);
    expect(await idsOn(store)).toEqual([idOf(1), idOf(2)]);
    append.finish();
    expect(await failureOf(again)).toMatchObject({ code: 'conflict' });
    await page.store.close();
  });
});
