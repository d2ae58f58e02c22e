import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Progress } from '../../src/persistence/medium.ts';
import { openSqliteStore } from '../../src/sqlite/sqlite-store.ts';
import { failureOf, keptOn, NOTE, open } from './trial-store.ts';
import { TrialMedium } from './trial-medium.ts';

const RECORDS = 12;

/** A board with a log of some records. */
async function longLog(): Promise<TrialMedium> {
  const medium = new TrialMedium();
  const store = await open({ medium });
  for (let n = 0; n < RECORDS; n++) await store.publish(NOTE);
  await store.close({ checkpoint: false });
  return medium;
}

/** A clock on which everything takes long. */
function slowClock(): void {
  let now = performance.now();
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => (now += 100));
  onTestFinished(() => {
    clock.mockRestore();
  });
}

describe('opening a board with a long log', () => {
  it('tells how far it is, and at the end that it is there', async () => {
    const medium = await longLog();
    const progress: Progress[] = [];
    const onProgress = (each: Progress) => progress.push(each);
    expect(await (await open({ medium, onProgress })).list()).toHaveLength(RECORDS);
    expect(progress[0]).toEqual({ phase: 'load', done: 1, total: 1 });
    expect(progress.at(-1)).toEqual({ phase: 'replay', done: RECORDS, total: RECORDS });
    progress.length = 0;
    slowClock();
    await open({ medium, readOnly: true, onProgress });
    const done = progress.filter(({ phase }) => phase === 'replay').map((each) => each.done);
    expect(done).toEqual(Array.from({ length: RECORDS + 1 }, (_, n) => n));
  });

  it('lets others go on meanwhile', async () => {
    const medium = await longLog();
    slowClock();
    let ticks = 0;
    const timer = setInterval(() => ticks++, 0);
    const opening = open({ medium });
    await opening;
    clearInterval(timer);
    expect(ticks).toBeGreaterThanOrEqual(1);
  });

  it('stops when it is aborted, and lets the medium go as it was', async () => {
    const medium = await longLog();
    const [records, reason] = [medium.records, new Error('enough')];
    slowClock();
    const controller = new AbortController();
    const onProgress = ({ phase, done }: Progress) => {
      if (phase === 'replay' && done === 3) controller.abort(reason);
    };
    expect(await failureOf(openSqliteStore({ medium, signal: controller.signal, onProgress }))).toBe(reason);
    expect(medium.steps.at(-1)).toBe('close');
    expect(medium.records).toBe(records);
    expect(await keptOn(medium)).toHaveLength(RECORDS);
  });

  it('stops the medium as well when it is aborted', async () => {
    const medium = await longLog();
    const load = medium.hold('load');
    const controller = new AbortController();
    const opening = failureOf(openSqliteStore({ medium, signal: controller.signal }));
    await load.begun;
    controller.abort('enough');
    load.finish();
    expect(await opening).toBe('enough');
    expect(medium.steps.at(-1)).toBe('close');
  });

  it('stops while the engine is awaited, and another opening need not wait for it', async () => {
    vi.resetModules();
    const { openSqliteStore: openFresh } = await import('../../src/sqlite/sqlite-store.ts');
    const controller = new AbortController();
    const opening = failureOf(openFresh({ wasm: new Promise<Response>(() => {}), signal: controller.signal }));
    controller.abort('enough');
    expect(await opening).toBe('enough');
    await (await openFresh()).close();
  });
});

describe('a checkpoint', () => {
  it('tells how far it is', async () => {
    const medium = new TrialMedium();
    const progress: Progress[] = [];
    const store = await open({ medium, onProgress: (each) => progress.push(each) });
    await store.publish(NOTE);
    progress.length = 0;
    await store.checkpoint();
    const total = medium.snapshot?.mark.size ?? 0;
    expect(progress).toEqual([
      { phase: 'save', done: 0, total },
      { phase: 'save', done: total, total },
    ]);
  });

  it('stops when it is aborted while it is written; nothing is lost, and the store goes on', async () => {
    const medium = new TrialMedium();
    const store = await open({ medium });
    await store.publish(NOTE);
    const { snapshot } = medium;
    const save = medium.hold('save');
    const controller = new AbortController();
    const checkpointing = failureOf(store.checkpoint({ signal: controller.signal }));
    await save.begun;
    controller.abort('enough');
    save.finish();
    expect(await checkpointing).toBe('enough');
    expect(medium.snapshot).toBe(snapshot);
    expect((await store.stats()).lastCheckpoint).toBeNull();
    expect(await keptOn(medium)).toHaveLength(1);
    await store.checkpoint();
    expect(medium.records).toEqual([]);
  });

  it('does not begin when it is aborted while it waits', async () => {
    const medium = new TrialMedium();
    const store = await open({ medium });
    const append = medium.hold('append');
    const publishing = store.publish(NOTE);
    await append.begun;
    const controller = new AbortController();
    const { signal } = controller;
    const waiting = [store.checkpoint({ signal }), store.refresh({ signal }), store.exportBytes({ signal })];
    const outcomes = Promise.all(waiting.map(failureOf));
    controller.abort('enough');
    expect(await outcomes).toEqual(['enough', 'enough', 'enough']);
    append.finish();
    await publishing;
    await store.list();
    expect(medium.count('save')).toBe(1);
  });

  it('of a close that is aborted leaves the store open', async () => {
    const medium = new TrialMedium();
    const store = await open({ medium });
    await store.publish(NOTE);
    const save = medium.hold('save');
    const controller = new AbortController();
    const closing = failureOf(store.close({ signal: controller.signal }));
    await save.begun;
    controller.abort('enough');
    save.finish();
    expect(await closing).toBe('enough');
    await store.publish(NOTE);
    await store.close();
    expect(await keptOn(medium)).toHaveLength(2);
  });
});
