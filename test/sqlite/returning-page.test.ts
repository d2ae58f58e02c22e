import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { schemaOf } from '../../src/contract/sample-types.ts';
import { defineType } from '../../src/core/artifact-type.ts';
import { QuotaError } from '../../src/core/errors.ts';
import type { SqliteStore } from '../../src/sqlite/sqlite-store.ts';
import { decodeOrphan } from '../../src/sqlite/orphan.ts';
import { endedPage, openTold, sharedMedium } from './ended-page.ts';
import { idOf } from './new-board.ts';
import type { TrialMedium } from './trial-medium.ts';
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

  const Endless = defineType(
    'app.Endless',
    schemaOf(() => new Promise<never>(() => undefined)),
  );
  /** Its validation never ends, for as long as nobody gives it up. */
  const endless = (n: number) => ({ ...note(n), type: Endless });
  const callsLeft = (medium: TrialMedium) =>
    [...medium.left].map(([id, bytes]) => decodeOrphan(bytes, id).calls.map(({ call }) => call));

  it('takes back a call that was given up beside one that goes on, which stays for others to carry out', async () => {
    const medium = sharedMedium();
    const abort = new AbortController();
    const page = await endedPage(medium, (store) => [
      store.publish(note(1)),
      store.publish(endless(2), { signal: abort.signal }),
      store.publish(note(3)),
    ]);
    medium.endPage();
    expect(callsLeft(medium)).toEqual([
      [1, 2, 3],
      [1, 2, 3],
    ]);
    abort.abort(new Error('given up'));
    await until(() => medium.left.size === 1);
    expect(callsLeft(medium)).toEqual([[1, 3]]);
    const { store, events } = await openTold(medium);
    expect(events).toEqual([{ type: 'orphan-adopted', writes: 2 }]);
    expect(await idsOn(store)).toEqual([idOf(1), idOf(3)]);
    page.held.finish();
    await page.store.close();
  });

  it('takes back a call that is refused beside one that goes on, before that is told', async () => {
    const medium = sharedMedium();
    const { store: page } = await openTold(medium);
    await page.flush();
    const read = medium.hold('read');
    const refusal = failureOf(page.recordConsumptions([{ artifactId: idOf(1), consumer: 'critic' }]));
    const abort = new AbortController();
    const slow = page.publish(endless(2), { signal: abort.signal });
    await read.begun;
    medium.endPage();
    const drop = medium.hold('drop');
    read.finish();
    await drop.begun;
    expect(await Promise.race([refusal, setImmediate('no answer')])).toBe('no answer');
    drop.finish();
    expect(await refusal).toMatchObject({ code: 'not-found' });
    expect(callsLeft(medium)).toEqual([[2]]);
    abort.abort(new Error('given up'));
    expect(await failureOf(slow)).toBe(abort.signal.reason);
    await until(() => medium.left.size === 0);
  });

  it('takes back a call that is given up while another is taken back', async () => {
    const medium = sharedMedium();
    const { store } = await openTold(medium);
    await store.flush();
    const aborts = [new AbortController(), new AbortController()] as const;
    const calls = aborts.map(({ signal }, n) => failureOf(store.publish(endless(n), { signal })));
    medium.endPage();
    const drop = medium.hold('drop');
    aborts[0].abort(new Error('given up'));
    await drop.begun;
    aborts[1].abort(new Error('given up'));
    await Promise.all(calls);
    await setImmediate();
    drop.finish();
    await store.close();
    expect(callsLeft(medium)).toEqual([]);
  });

  it('leaves a call that is refused not again when it ends again before that is told', async () => {
    const medium = sharedMedium();
    const page = await endedPage(medium, (store) => [store.publish(note(1))]);
    const drop = medium.hold('drop');
    page.held.fail(new QuotaError('Cannot append: the disk is full'));
    await drop.begun;
    medium.endPage();
    drop.finish();
    expect((await page.outcomes).map(({ status }) => status)).toEqual(['rejected']);
    await page.store.close();
    expect(callsLeft(medium)).toEqual([]);
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
