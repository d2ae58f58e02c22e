import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { QuotaError, StorageLostError } from '../../src/core/errors.ts';
import { SqliteBoard } from '../../src/sqlite/sqlite-board.ts';
import { sharedMedium } from './ended-page.ts';
import { idOf } from './new-board.ts';
import { TrialMedium } from './trial-medium.ts';
import { databaseOf, failureOf, keptOn, NOTE, open, openEmpty } from './trial-store.ts';

const full = new QuotaError('full');
const noAnswer = new StorageLostError('no answer');

const note = (n: number) => ({ ...NOTE, id: idOf(n) });

it('a call that is too large for the engine is refused before it is in the log, and later ones go on', async () => {
  const { medium, store } = await openEmpty();
  const tooLarge = new StorageLostError('Cannot run SQL: out of memory');
  const rehearse = vi.spyOn(SqliteBoard.prototype, 'rehearse').mockImplementation(() => {
    throw tooLarge;
  });
  onTestFinished(() => {
    rehearse.mockRestore();
  });
  const large = { ...NOTE, payload: { text: 'x'.repeat(5_000_000) } };
  expect(await failureOf(store.publish(large))).toBe(tooLarge);
  const small = await store.publish(NOTE);
  expect(await keptOn(medium)).toEqual([small]);
});

describe('a group whose record cannot be appended', () => {
  it('fails with the reason, leaves nothing, and the reads among it see none of it', async () => {
    const { medium, store } = await openEmpty();
    medium.fail('append', full);
    const outcomes = await Promise.allSettled([
      store.publish(NOTE),
      store.list(),
      store.publish(NOTE),
      store.recordConsumptions([{ artifactId: idOf(9), consumer: 'a' }]),
    ]);
    expect(outcomes).toEqual([
      { status: 'rejected', reason: full },
      { status: 'fulfilled', value: [] },
      { status: 'rejected', reason: full },
      { status: 'rejected', reason: expect.objectContaining({ code: 'not-found' }) as Error },
    ]);
    expect(await keptOn(medium)).toEqual([]);
    const again = await store.publish(NOTE);
    expect(again.sequence).toBe(1);
    expect(await keptOn(medium)).toEqual([again]);
  });

  it('takes nothing with it that waits behind', async () => {
    const { medium, store } = await openEmpty();
    const append = medium.hold('append');
    const failing = failureOf(store.publish(note(1)));
    await append.begun;
    const waiting = [store.publish(note(2)), store.publish(note(3))];
    append.fail(full);
    expect(await failing).toBe(full);
    expect((await Promise.all(waiting)).map(({ sequence }) => sequence)).toEqual([1, 2]);
    expect((await keptOn(medium)).map(({ id }) => id).sort()).toEqual([idOf(2), idOf(3)]);
  });

  it('does not disturb the one before it', async () => {
    const { medium, store } = await openEmpty();
    const append = medium.hold('append');
    medium.fail('append', full);
    const first = store.publish(note(1));
    await append.begun;
    const second = failureOf(store.publish(note(2)));
    append.finish();
    expect((await first).sequence).toBe(1);
    expect(await second).toBe(full);
    expect(await store.list()).toHaveLength(1);
  });
});

describe('an append that throws', () => {
  it('is acknowledged when its record is on the medium', async () => {
    const { medium, store } = await openEmpty();
    medium.fail('appended', noAnswer);
    const artifact = await store.publish(NOTE);
    expect(await store.list()).toEqual([artifact]);
    expect((await store.publish(NOTE)).sequence).toBe(2);
    expect(await keptOn(medium)).toHaveLength(2);
    expect(medium.records).toHaveLength(2);
  });

  it('is refused when its record is not there', async () => {
    const { medium, store } = await openEmpty();
    medium.fail('append', noAnswer);
    expect(await failureOf(store.publish(note(1)))).toBe(noAnswer);
    expect((await store.publish(note(2))).sequence).toBe(1);
    expect((await store.list()).map(({ id }) => id)).toEqual([idOf(2)]);
  });

  it.each([
    ['appended', [1, 2], 2],
    ['append', [2], 1],
  ] as const)('while nobody can look is settled before the next write: at "%s"', async (step, ids, sequence) => {
    const { medium, store } = await openEmpty();
    medium.fail(step, noAnswer);
    medium.fail('read', new StorageLostError('gone'));
    expect(await failureOf(store.publish(note(1)))).toBe(noAnswer);
    expect((await store.publish(note(2))).sequence).toBe(sequence);
    expect((await store.list()).map(({ id }) => id).sort()).toEqual(ids.map(idOf));
    expect(await keptOn(medium)).toEqual(await store.list());
  });
});

describe('an append that throws, when another store takes a snapshot before anybody can look for its record,', () => {
  /** Two notes are published, and the other store does something before it is known what came of that. */
  async function publishTwo(step: 'append' | 'appended', meanwhile: (medium: TrialMedium) => Promise<void>) {
    const medium = sharedMedium();
    const store = await open({ medium });
    await store.flush();
    medium.fail(step, noAnswer);
    const look = medium.hold('read');
    const outcomes = Promise.allSettled([store.publish(note(1)), store.publish(note(2))]);
    await look.begun;
    await meanwhile(medium);
    const other = await open({ medium });
    await other.publish(note(3));
    await other.checkpoint();
    look.finish();
    return { store, other, outcomes: await outcomes };
  }

  it('is acknowledged when its record is in that', async () => {
    const { store, other, outcomes } = await publishTwo('appended', () => Promise.resolve());
    expect(outcomes).toEqual(
      [1, 2].map((n) => ({
        status: 'fulfilled',
        value: expect.objectContaining({ id: idOf(n), sequence: n }) as unknown,
      })),
    );
    expect(await store.list()).toEqual(await other.list());
    expect((await store.publish(note(4))).sequence).toBe(4);
  });

  it('is refused when its record is not', async () => {
    const { store, other, outcomes } = await publishTwo('append', () => Promise.resolve());
    expect(outcomes).toEqual([1, 2].map(() => ({ status: 'rejected', reason: noAnswer })));
    expect((await store.list()).map(({ id }) => id)).toEqual([idOf(3)]);
    expect(await store.list()).toEqual(await other.list());
  });

  it('is told that it cannot be known when others may have carried out its calls', async () => {
    const { store, outcomes } = await publishTwo('append', async (medium) => {
      medium.endPage();
      await (await open({ medium })).close();
    });
    const reason = expect.objectContaining({ code: 'conflict' }) as unknown;
    expect(outcomes).toEqual([1, 2].map(() => ({ status: 'rejected', reason })));
    expect((await store.list()).map(({ id }) => id).sort()).toEqual([1, 2, 3].map(idOf));
  });
});

describe('calls that find the medium unreadable', () => {
  it('fail with the reason, all that wait, and are welcome again when it can be read', async () => {
    const { medium, store } = await openEmpty();
    const unreadable = new StorageLostError('unreadable');
    medium.fail('append', noAnswer);
    medium.fail('read', unreadable);
    await failureOf(store.publish(NOTE));
    medium.fail('read', unreadable);
    const outcomes = [failureOf(store.publish(NOTE)), store.list(), failureOf(store.deleteBefore(new Date()))];
    expect(await Promise.all(outcomes)).toEqual([unreadable, [], unreadable]);
    expect((await store.publish(NOTE)).sequence).toBe(1);
  });
});

describe('a record that is accepted and cannot be applied', () => {
  function failToApply(error: Error): void {
    const apply = vi.spyOn(SqliteBoard.prototype, 'apply').mockImplementationOnce(() => {
      throw error;
    });
    onTestFinished(() => {
      apply.mockRestore();
    });
  }

  it('is read from the medium: the board is built again, and the calls succeed', async () => {
    const { medium, store } = await openEmpty();
    await store.publish(note(1));
    failToApply(new Error('out of memory'));
    const [second, listed, third] = await Promise.all([store.publish(note(2)), store.list(), store.publish(note(3))]);
    expect([second.sequence, third.sequence]).toEqual([2, 3]);
    expect(listed.length).toBeGreaterThanOrEqual(2);
    expect((await store.list()).map(({ id }) => id).sort()).toEqual([1, 2, 3].map(idOf));
    expect((await store.publish(note(4))).sequence).toBe(4);
    expect(await keptOn(medium)).toEqual(await store.list());
  });

  it('is there when it can be read again, if that fails as well', async () => {
    const { medium, store } = await openEmpty();
    await store.publish(note(1));
    failToApply(new Error('out of memory'));
    medium.fail('load', noAnswer);
    expect(await failureOf(store.publish(note(2)))).toBe(noAnswer);
    expect((await store.publish(note(3))).sequence).toBe(3);
    expect((await store.list()).map(({ id }) => id).sort()).toEqual([1, 2, 3].map(idOf));
    expect(await keptOn(medium)).toEqual(await store.list());
  });

  it('is kept by a store that is closed then', async () => {
    const { medium, store } = await openEmpty();
    await store.publish(note(1));
    failToApply(new Error('out of memory'));
    medium.fail('load', noAnswer);
    expect(await failureOf(store.publish(note(2)))).toBe(noAnswer);
    await store.close();
    expect(medium.records).toEqual([]);
    expect((await keptOn(medium)).map(({ id }) => id).sort()).toEqual([1, 2].map(idOf));
  });
});

describe('a call that is too large for a record', () => {
  it('fails alone', async () => {
    const { medium, store } = await openEmpty();
    const stringify = JSON.stringify.bind(JSON);
    const spy = vi.spyOn(JSON, 'stringify').mockImplementation((value: unknown) => {
      const text = stringify(value);
      // What an engine says of a string that is longer than it can have.
      if (text.includes('"kind":"artifact"') && text.includes('large')) throw new RangeError('Invalid string length');
      return text;
    });
    onTestFinished(() => {
      spy.mockRestore();
    });
    const large = { ...note(1), payload: { text: 'large' } };
    const [refused, accepted] = await Promise.allSettled([store.publish(large), store.publish(note(2))]);
    expect(refused).toMatchObject({ reason: { code: 'unsupported', cause: { message: 'Invalid string length' } } });
    expect(accepted).toMatchObject({ value: { id: idOf(2) } });
    expect(await keptOn(medium)).toHaveLength(1);
  });
});

describe('what the rules of another program forbid', () => {
  it('is refused before it is in the log, alone', async () => {
    const first = await open();
    const driver = await databaseOf(await first.exportBytes());
    driver.script('CREATE UNIQUE INDEX one_per_key ON artifacts(partition_key)');
    driver.script(
      `CREATE TRIGGER no_bots BEFORE INSERT ON artifact_consumptions WHEN NEW.consumer = 'bot'
       BEGIN SELECT RAISE(ABORT, 'no bots'); END`,
    );
    const medium = new TrialMedium(driver.exportBytes());
    const store = await open({ medium });
    const outcomes = await Promise.allSettled([
      store.publish({ ...note(1), partitionKey: 'k' }),
      store.publish({ ...note(2), partitionKey: 'k' }),
      store.recordConsumptions([{ artifactId: idOf(1), consumer: 'bot' }]),
      store.publish({ ...note(3), partitionKey: 'l' }),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
    expect(outcomes[1]).toMatchObject({ reason: { message: expect.stringContaining('partition_key') as string } });
    expect(outcomes[2]).toMatchObject({ reason: { message: expect.stringContaining('no bots') as string } });
    expect((await store.stats()).sequence).toBe(2);
    expect((await keptOn(medium)).map(({ id }) => id).sort()).toEqual([1, 3].map(idOf));
  });
});
