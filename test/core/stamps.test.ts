import { describe, expect, it, vi } from 'vitest';
import { InvalidArgumentError } from '../../src/core/errors.ts';
import { Stamps } from '../../src/core/stamps.ts';
import { LAST_COUNTER } from '../../src/core/uuid.ts';
import { FIRST, LAST } from './arbitraries.ts';
import { counterIn, idOf, thrownBy, timeIn } from './samples.ts';

/** Stamps whose clock shows these times, one after the other, and then the last one for ever. */
function stampsAt(...times: number[]): Stamps {
  let reads = 0;
  return new Stamps(() => new Date(times[Math.min(reads++, times.length - 1)] ?? 0), undefined);
}

/** The id of the next artifact, stamped with its time first, as publish does. */
function nextId(stamps: Stamps): string {
  stamps.time('publish');
  return stamps.id('publish');
}

function expectIncreasing(ids: readonly string[]): void {
  expect(ids.findIndex((id, i) => i > 0 && id <= (ids[i - 1] ?? ''))).toBe(-1);
}

describe('a default time', () => {
  it('is what the clock shows', () => {
    const stamps = stampsAt(5, 6, 9);
    expect([stamps.time('publish'), stamps.time('publish'), stamps.time('publish')]).toEqual([5, 6, 9]);
  });

  it('is the present unless a clock is given', () => {
    const before = Date.now();
    const time = new Stamps(undefined, undefined).time('publish');
    expect(time).toBeGreaterThanOrEqual(before);
    expect(time).toBeLessThanOrEqual(Date.now());
  });

  it('is never earlier than the last one, and goes on when the clock has caught up', () => {
    const stamps = stampsAt(10, 3, 9, 10, 11);
    expect(Array.from({ length: 5 }, () => stamps.time('publish'))).toEqual([10, 10, 10, 10, 11]);
  });

  it('is never earlier than one that the clock itself asked for', () => {
    const times = [20, 10];
    const stamps: Stamps = new Stamps(() => {
      const time = times.pop() ?? 0;
      if (time === 10) stamps.time('publish');
      return new Date(time);
    }, undefined);
    expect([stamps.time('publish'), stamps.time('publish')]).toEqual([20, 20]);
  });

  it('can be the first and the last instant of a board', () => {
    expect(stampsAt(FIRST).time('publish')).toBe(FIRST);
    expect(stampsAt(LAST).time('publish')).toBe(LAST);
  });

  it.each([FIRST - 1, LAST + 1, Number.NaN])('cannot be %d', (time) => {
    const error = thrownBy(() => stampsAt(time).time('publish'));
    expect(error).toBeInstanceOf(InvalidArgumentError);
    expect(String(error)).toMatch(
      /^InvalidArgumentError: Cannot publish: "now\(\)" must be a Date in the years 1 to 9999, got (Date|an invalid Date)/,
    );
  });

  it('is the same after a clock was wrong', () => {
    const stamps = stampsAt(5, Number.NaN, 7);
    stamps.time('publish');
    expect(() => stamps.time('publish')).toThrow(InvalidArgumentError);
    expect(stamps.time('publish')).toBe(7);
  });
});

describe('a default id', () => {
  it('is a UUID of version 7 of the time it was made', () => {
    const id = nextId(stampsAt(1_700_000_000_000));
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(timeIn(id)).toBe(1_700_000_000_000);
  });

  it('is greater than the one before, 100,000 times within a millisecond', () => {
    const stamps = stampsAt(1_700_000_000_000);
    const ids = Array.from({ length: 100_000 }, () => nextId(stamps));
    expectIncreasing(ids);
    expect(timeIn(ids[99_999] ?? '')).toBe(1_700_000_000_000);
  });

  it('is greater than the one before while the clock goes back, 100,000 times', () => {
    let now = 1_700_000_000_000;
    const stamps = new Stamps(() => new Date((now -= 1)), undefined);
    expectIncreasing(Array.from({ length: 100_000 }, () => nextId(stamps)));
  });

  it('is greater than the one before in every new millisecond, wherever the counters begin', () => {
    let now = 1_700_000_000_000;
    const stamps = new Stamps(() => new Date(now++), undefined);
    const ids = Array.from({ length: 5_000 }, () => nextId(stamps));
    expectIncreasing(ids);
    expect(ids.map(timeIn)).toEqual(Array.from(ids, (_, i) => 1_700_000_000_000 + i));
  });

  it('begins each millisecond at a random place in the first half of its counter', () => {
    let now = 1_700_000_000_000;
    const stamps = new Stamps(() => new Date(now++), undefined);
    const places = Array.from({ length: 300 }, () => counterIn(nextId(stamps)) / LAST_COUNTER);
    expect(Math.max(...places)).toBeLessThan(0.5);
    expect(Math.max(...places)).toBeGreaterThan(0.25);
    expect(Math.min(...places)).toBeLessThan(0.25);
  });

  it('borrows the next millisecond when one is full', () => {
    // Out of its range, because no test could count through the other half.
    const random = vi.spyOn(Math, 'random').mockReturnValueOnce(2);
    const stamps = stampsAt(5, 5, 5, 6, 7);
    const ids = Array.from({ length: 5 }, () => nextId(stamps));
    random.mockRestore();
    expect(ids.map(timeIn)).toEqual([5, 6, 6, 6, 7]);
    expect(ids.slice(0, 4).map(counterIn)).toEqual([LAST_COUNTER, 0, 1, 2]);
    expectIncreasing(ids);
  });

  it('counts from the epoch when the clock is before it', () => {
    const stamps = stampsAt(-5, -4, FIRST);
    const ids = Array.from({ length: 3 }, () => nextId(stamps));
    expect(ids.map(timeIn)).toEqual([0, 0, 0]);
    expectIncreasing(ids);
  });

  it('comes from the given source where there is one, in canonical form', () => {
    const ids = ['A0000000-0000-4000-8000-00000000000B', idOf(1)];
    const stamps = new Stamps(undefined, () => ids.shift() ?? '');
    expect([nextId(stamps), nextId(stamps)]).toEqual(['a0000000-0000-4000-8000-00000000000b', idOf(1)]);
    const error = thrownBy(() => nextId(stamps));
    expect(error).toBeInstanceOf(InvalidArgumentError);
    expect(error).toHaveProperty('message', 'Cannot publish: id "" is not a UUID');
  });
});
