import { describe, expect, it } from 'vitest';
import { createGate, gatedType, laterMovieType } from '../../src/contract/sample-types.ts';
import { failureOf, keptOn, NOTE, openEmpty } from './trial-store.ts';
import { idOf } from './new-board.ts';

const LATER = new Date('9999-01-01');

describe('reads between the writes of one moment', () => {
  it('see exactly what was called before them', async () => {
    const { store } = await openEmpty();
    const count = async () => (await store.list()).length;
    const outcomes = await Promise.all([
      count(),
      store.publish({ ...NOTE, id: idOf(1) }).then(() => 'published'),
      count(),
      store.get(idOf(2)),
      store.publish({ ...NOTE, id: idOf(2) }).then(() => 'published'),
      store.publish({ ...NOTE, id: idOf(3) }).then(() => 'published'),
      store.get(idOf(2)).then((artifact) => artifact?.id),
      store.stats().then(({ sequence }) => sequence),
      store.deleteBefore(LATER),
      count(),
      store.publish(NOTE).then(({ sequence }) => sequence),
      store.stats().then(({ artifacts, sequence }) => [artifacts, sequence]),
    ]);
    expect(outcomes).toEqual([0, 'published', 1, null, 'published', 'published', idOf(2), 3, 3, 0, 7, [1, 7]]);
  });

  it('end in the order in which all were called', async () => {
    const { store } = await openEmpty();
    const ended: number[] = [];
    const calls = [
      () => store.publish(NOTE),
      () => store.list(),
      () => store.publish(NOTE),
      () => store.recordConsumptions([{ artifactId: idOf(9), consumer: 'a' }]),
      () => store.get(idOf(1)),
    ];
    await Promise.all(calls.map((call, i) => failureOf(call()).then(() => ended.push(i))));
    expect(ended).toEqual([0, 1, 2, 3, 4]);
  });
});

describe('a call that is aborted', () => {
  it('while the write that it was called with is accepted is given up when it only reads', async () => {
    const { medium, store } = await openEmpty();
    const append = medium.hold('append');
    const controller = new AbortController();
    const { signal } = controller;
    const [first, second] = [store.publish(NOTE), store.publish({ ...NOTE, id: idOf(2) }, { signal })];
    const listing = store.list();
    const given = [store.list({ signal }), store.flush({ signal }), store.close({ signal })].map(failureOf);
    await append.begun;
    controller.abort('enough');
    expect(await Promise.all(given)).toEqual(['enough', 'enough', 'enough']);
    append.finish();
    await Promise.all([first, second]);
    expect(await listing).toHaveLength(2);
    expect(await keptOn(medium)).toHaveLength(2);
  });

  it('while it waits for the group before it is given up, and is in no record', async () => {
    const { medium, store } = await openEmpty();
    const append = medium.hold('append');
    const first = store.publish(NOTE);
    await append.begun;
    const controller = new AbortController();
    const aborted = failureOf(store.publish(NOTE, { signal: controller.signal }));
    const last = store.publish(NOTE);
    controller.abort('enough');
    expect(await aborted).toBe('enough');
    append.finish();
    expect((await Promise.all([first, last])).map(({ sequence }) => sequence)).toEqual([1, 2]);
    expect(await keptOn(medium)).toHaveLength(2);
  });

  it.each(['append', 'appended'] as const)('at the step "%s" of its group ends as if it were not', async (step) => {
    const { medium, store } = await openEmpty();
    const controller = new AbortController();
    const append = medium.hold(step);
    const publishing = store.publish(NOTE, { signal: controller.signal });
    await append.begun;
    controller.abort('too late');
    append.finish();
    expect(await keptOn(medium)).toEqual([await publishing]);
  });
});

describe('a call whose validation is slow', () => {
  it('keeps its place before those that were called after it', async () => {
    const { medium, store } = await openEmpty();
    const gate = createGate();
    const slow = store.publish({ ...NOTE, type: gatedType('films.Movie', gate), payload: { title: 'Alien' } });
    const fast = store.publish(NOTE);
    const listing = store.list();
    await Promise.resolve();
    expect(medium.count('append')).toBe(0);
    gate.open();
    expect([(await slow).sequence, (await fast).sequence, (await listing).length]).toEqual([1, 2, 2]);
    expect(medium.records).toHaveLength(1);
  });

  it('does not hold up those that were called before it', async () => {
    const { store } = await openEmpty();
    const gate = createGate();
    const first = store.publish(NOTE);
    const slow = store.publish({ ...NOTE, type: gatedType('films.Movie', gate), payload: { title: 'Alien' } });
    expect((await first).sequence).toBe(1);
    gate.open();
    expect((await slow).sequence).toBe(2);
  });

  it('is validated again in its turn when its name has come to mean something else', async () => {
    const { store } = await openEmpty();
    const movie = (title: string) => store.publish({ ...NOTE, type: 'Movie', payload: { title } });
    await store.publish({ ...NOTE, type: 'Movie', id: idOf(1) });
    await store.listByType(laterMovieType('films.Movie'));
    const outcomes = await Promise.allSettled([
      movie(''),
      store.publish({ ...NOTE, id: idOf(1) }),
      store.deleteBefore(LATER),
      movie(''),
      movie('Alien'),
    ]);
    expect(outcomes[0]).toMatchObject({ value: { type: 'Movie' } });
    expect(outcomes[3]).toMatchObject({ reason: { code: 'invalid-payload' } });
    expect(outcomes[4]).toMatchObject({ value: { type: 'films.Movie' } });
  });
});
