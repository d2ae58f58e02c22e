import { describe, expect, it } from 'vitest';
import { anyType, laterMovieType } from '../../src/contract/sample-types.ts';
import type { BlackboardStore } from '../../src/core/store.ts';
import { createMemoryStore } from '../../src/memory/memory-store.ts';
import { failureOf, keptOn, NOTE, open, openEmpty } from './trial-store.ts';
import { idOf } from './new-board.ts';

const MB = 1 << 20;
const LATER = new Date('9999-01-01');

describe('calls of one moment', () => {
  it('share one record', async () => {
    const { medium, store } = await openEmpty();
    const artifacts = await Promise.all(Array.from({ length: 50 }, () => store.publish(NOTE)));
    expect(artifacts.map(({ sequence }) => sequence)).toEqual(artifacts.map((_, i) => i + 1));
    expect(medium.records).toHaveLength(1);
    expect(await keptOn(medium)).toEqual(artifacts);
  });

  it('share one record with those that came while the one before it was appended', async () => {
    const { medium, store } = await openEmpty();
    const append = medium.hold('append');
    const publishing = [store.publish(NOTE)];
    await append.begun;
    for (let n = 0; n < 20; n++) {
      publishing.push(store.publish(NOTE));
      await Promise.resolve();
    }
    expect(medium.count('append')).toBe(1);
    append.finish();
    const artifacts = await Promise.all(publishing);
    expect(medium.records).toHaveLength(2);
    expect(await keptOn(medium)).toEqual(artifacts);
  });

  it('are cut into records of four megabytes', async () => {
    const { medium, store } = await openEmpty();
    const payload = { text: 'x'.repeat(MB) };
    const checkpoint = medium.hold('save');
    const artifacts = await Promise.all(Array.from({ length: 9 }, () => store.publish({ ...NOTE, payload })));
    expect(medium.records.map(({ length }) => Math.floor(length / MB))).toEqual([4, 4, 1]);
    expect(await keptOn(medium)).toEqual(artifacts);
    checkpoint.finish();
  });

  it('are no record when they come to nothing', async () => {
    const { medium, store } = await openEmpty();
    await Promise.all([store.clearAgentSnapshots(), store.recordConsumptions([]), store.deleteBefore(new Date(0))]);
    expect(await failureOf(store.recordConsumptions([{ artifactId: idOf(1), consumer: 'a' }]))).toMatchObject({
      code: 'not-found',
    });
    expect(medium.count('append')).toBe(0);
  });

  it('leave a deletion a record of its own, and it counts what was there at its turn', async () => {
    const { medium, store } = await openEmpty();
    const [, , deleted, , again] = await Promise.all([
      store.publish(NOTE),
      store.publish(NOTE),
      store.deleteBefore(LATER),
      store.publish({ ...NOTE, id: idOf(1) }),
      store.deleteBefore(LATER),
      store.publish({ ...NOTE, id: idOf(2) }),
    ]);
    expect([deleted, again]).toEqual([2, 1]);
    expect(medium.records).toHaveLength(5);
    expect((await keptOn(medium)).map(({ id, sequence }) => [id, sequence])).toEqual([[idOf(2), 7]]);
  });

  it('succeed and fail each alone', async () => {
    const { medium, store } = await openEmpty();
    const movie = laterMovieType('films.Movie');
    const outcomes = await Promise.allSettled([
      store.publish({ ...NOTE, id: idOf(1) }),
      store.recordConsumptions([{ artifactId: idOf(9), consumer: 'a' }]),
      store.publish({ ...NOTE, type: movie, payload: { title: '' } }),
      store.publishMany([
        { ...NOTE, type: movie, payload: { title: 'Alien' } },
        { ...NOTE, type: movie, payload: { title: '' } },
      ]),
      store.publish({ ...NOTE, id: idOf(2) }),
    ]);
    expect(
      outcomes.map((each) => (each.status === 'rejected' ? (each.reason as { code: string }).code : 'ok')),
    ).toEqual(['ok', 'not-found', 'invalid-payload', 'invalid-payload', 'ok']);
    expect((await keptOn(medium)).map(({ id, sequence }) => [id, sequence])).toEqual([
      [idOf(1), 1],
      [idOf(2), 2],
    ]);
  });
});

describe('a call sees those before it in the same moment', () => {
  it('consuming what was only just published, once', async () => {
    const { medium, store } = await openEmpty();
    const consumption = { artifactId: idOf(1), consumer: 'critic', consumedAt: new Date(5) };
    const outcomes = await Promise.allSettled([
      store.recordConsumptions([consumption]),
      store.publish({ ...NOTE, id: idOf(1) }),
      store.recordConsumptions([consumption]),
      store.recordConsumptions([consumption, { ...consumption, consumer: 'editor' }]),
      store.publish({ ...NOTE, id: idOf(1) }),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', ...Array<string>(4).fill('fulfilled')]);
    expect(medium.records).toHaveLength(1);
    expect(await store.stats()).toMatchObject({ artifacts: 1, consumptions: 2, sequence: 4 });
  });

  it('clearing agents that were only just kept, and none where there are none any more', async () => {
    const { medium, store } = await openEmpty();
    const texts = { description: '', subscriptions: [], outputTypes: [], labels: [], signature: '' };
    const agent = { ...texts, agentName: 'scout', firstSeen: new Date(0), lastSeen: new Date(0) };
    await Promise.all([
      store.clearAgentSnapshots(),
      store.upsertAgentSnapshot(agent),
      store.clearAgentSnapshots(),
      store.clearAgentSnapshots(),
    ]);
    expect(await store.loadAgentSnapshots()).toEqual([]);
    await Promise.all([
      store.upsertAgentSnapshot(agent),
      store.clearAgentSnapshots(),
      store.upsertAgentSnapshot(agent),
    ]);
    expect(await store.loadAgentSnapshots()).toEqual([agent]);
    const again = await open({ medium, readOnly: true });
    expect(await again.loadAgentSnapshots()).toEqual([agent]);
  });

  /** The types that artifacts got, on a store where `films.Movie` came to be known after `Movie` was on the board. */
  async function typesOn(store: BlackboardStore): Promise<string[]> {
    await store.publish({ ...NOTE, type: 'Movie', id: idOf(1) });
    await store.publish({ ...NOTE, type: 'Movie', id: idOf(2) });
    await store.listByType(anyType('films.Movie'));
    const named = (id: number, type: string) => store.publish({ ...NOTE, id: idOf(id), type });
    const moment = [
      named(3, 'Movie'),
      named(1, 'app.Note'),
      named(4, 'Movie'),
      named(2, 'app.Note'),
      named(3, 'app.Note'),
      named(4, 'app.Note'),
      named(5, 'Movie'),
      named(1, 'films.Movie'),
      named(6, 'Movie'),
    ];
    return (await Promise.all(moment)).map(({ type }) => type);
  }

  it('resolving a plain name that replacing has taken from the board, as the memory store does', async () => {
    const { medium, store } = await openEmpty();
    const types = await typesOn(store);
    expect(types).toEqual(await typesOn(createMemoryStore()));
    expect([types[0], types[2], types[6], types[8]]).toEqual(['Movie', 'Movie', 'films.Movie', 'films.Movie']);
    expect(medium.records).toHaveLength(3);
  });
});

describe('a plain type name', () => {
  it.each([
    ['is the one that a call of the same moment put on the board', 'Film', 'Film'],
    ['is not the one that calls of the same moment put there and replaced', 'Other', 'films.Film'],
  ])('%s', async (_, replacement, expected) => {
    const { store } = await openEmpty();
    const [, , , published] = await Promise.all([
      store.publish({ ...NOTE, id: idOf(1), type: 'Film' }),
      store.publish({ ...NOTE, id: idOf(1), type: replacement }),
      store.listByType(anyType('films.Film')),
      store.publish({ ...NOTE, id: idOf(2), type: 'Film' }),
    ]);
    expect(published.type).toBe(expected);
  });
});
