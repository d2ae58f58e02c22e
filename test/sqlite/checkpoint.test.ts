import { describe, expect, it } from 'vitest';
import { QuotaError } from '../../src/core/errors.ts';
import { sharedMedium } from './ended-page.ts';
import { countIn, failureOf, keptOn, NOTE, open } from './trial-store.ts';
import { TrialMedium } from './trial-medium.ts';

const full = new QuotaError('full');

describe('a checkpoint', () => {
  it('saves the board whole, drops the log before it, and is told by stats', async () => {
    const medium = new TrialMedium();
    const store = await open({ medium });
    await store.publish(NOTE);
    const before = Date.now();
    expect((await store.stats()).lastCheckpoint).toBeNull();
    await store.checkpoint();
    expect((await store.stats()).lastCheckpoint?.getTime()).toBeGreaterThanOrEqual(before);
    expect(medium.records).toEqual([]);
    expect(await countIn(medium.snapshot?.bytes ?? null)).toBe(1);
  });

  it('is not taken when nothing came after the last one', async () => {
    const medium = new TrialMedium();
    const store = await open({ medium });
    await store.publish(NOTE);
    await store.checkpoint();
    const saves = medium.count('save');
    await store.list();
    await store.checkpoint();
    await store.close();
    expect(medium.count('save')).toBe(saves);
  });

  it('is taken when space was given back', async () => {
    const medium = new TrialMedium();
    const store = await open({ medium });
    await store.publish({ ...NOTE, payload: { text: 'x'.repeat(100_000) } });
    await store.deleteBefore(new Date('9999-01-01'));
    await store.checkpoint();
    const size = medium.snapshot?.bytes.length ?? 0;
    await store.vacuum();
    await store.close();
    expect(medium.snapshot?.bytes.length).toBeLessThan(size - 90_000);
  });

  it('holds the board as it was at the call, and lets later calls go on while it is written', async () => {
    const medium = new TrialMedium();
    const store = await open({ medium });
    const first = await store.publish(NOTE);
    const save = medium.hold('save');
    const checkpointing = store.checkpoint();
    const second = await store.publish(NOTE);
    expect(await store.list()).toEqual([first, second]);
    await save.begun;
    save.finish();
    await checkpointing;
    expect(await countIn(medium.snapshot?.bytes ?? null)).toBe(1);
    expect(medium.records).toHaveLength(1);
    expect((await store.stats()).log?.records).toBe(1);
    expect(await keptOn(medium)).toEqual([first, second]);
  });

  it('holds what was called before it and not what was called after, all in the same moment', async () => {
    const medium = new TrialMedium();
    const store = await open({ medium });
    await store.flush();
    const [first, , second] = await Promise.all([store.publish(NOTE), store.checkpoint(), store.publish(NOTE)]);
    expect(await countIn(medium.snapshot?.bytes ?? null)).toBe(1);
    expect(await keptOn(medium)).toEqual([first, second]);
  });

  it('never overlaps another', async () => {
    const medium = new TrialMedium();
    const store = await open({ medium });
    await store.publish(NOTE);
    medium.steps.length = 0;
    const save = medium.hold('save');
    const both = [store.checkpoint()];
    await store.publish(NOTE);
    both.push(store.checkpoint());
    await save.begun;
    await store.list();
    expect(medium.count('save')).toBe(1);
    save.finish();
    await Promise.all(both);
    expect(medium.steps).toEqual(['save', 'append', 'appended', 'saved', 'save', 'saved']);
    expect(await countIn(medium.snapshot?.bytes ?? null)).toBe(2);
  });

  it('that waits for another can be given up, and holds nothing up', async () => {
    const medium = new TrialMedium();
    const store = await open({ medium });
    await store.publish(NOTE);
    const save = medium.hold('save');
    const first = store.checkpoint();
    await store.publish(NOTE);
    const abort = new AbortController();
    const second = failureOf(store.checkpoint({ signal: abort.signal }));
    await save.begun;
    await store.list();
    abort.abort(new Error('given up'));
    expect(await second).toBe(abort.signal.reason);
    save.finish();
    await first;
    expect(await countIn(medium.snapshot?.bytes ?? null)).toBe(1);
    await store.checkpoint();
    expect(await countIn(medium.snapshot?.bytes ?? null)).toBe(2);
  });

  it('that fails is told to those who asked for it; the log stays, and the next one saves all of it', async () => {
    const medium = new TrialMedium();
    const store = await open({ medium });
    await store.publish(NOTE);
    medium.fail('save', full);
    expect(await failureOf(store.checkpoint())).toBe(full);
    expect((await store.stats()).lastCheckpoint).toBeNull();
    expect(await keptOn(medium)).toHaveLength(1);
    await store.publish(NOTE);
    await store.checkpoint();
    expect(await countIn(medium.snapshot?.bytes ?? null)).toBe(2);
    expect(medium.records).toEqual([]);
  });

  it('is not stopped by one that failed before it', async () => {
    const medium = new TrialMedium();
    const store = await open({ medium });
    await store.publish(NOTE);
    const save = medium.hold('save');
    const first = failureOf(store.checkpoint());
    await store.publish(NOTE);
    const second = store.checkpoint();
    await save.begun;
    save.fail(full);
    expect(await first).toBe(full);
    await second;
    expect(await countIn(medium.snapshot?.bytes ?? null)).toBe(2);
  });

  it('that cannot save a new board fails the write that needs it, and the next write tries again', async () => {
    const medium = new TrialMedium();
    const store = await open({ medium });
    medium.fail('save', full);
    expect(await failureOf(store.publish(NOTE))).toBe(full);
    expect(await store.list()).toEqual([]);
    const artifact = await store.publish(NOTE);
    expect(artifact.sequence).toBe(1);
    expect(await keptOn(medium)).toEqual([artifact]);
  });

  it('that finds a snapshot of another store ends well when its store is closed meanwhile', async () => {
    const medium = sharedMedium();
    const [store, other] = [await open({ medium }), await open({ medium })];
    await other.checkpoint();
    const both = [store.checkpoint(), store.close()];
    expect(await Promise.all(both)).toEqual([undefined, undefined]);
  });
});
