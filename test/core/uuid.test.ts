import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { InvalidArgumentError } from '../../src/core/errors.ts';
import { LAST_COUNTER, uuidAt, uuidFrom } from '../../src/core/uuid.ts';
import { wellFormedText } from './arbitraries.ts';
import { expectedFrom } from './hashed-uuid.ts';
import { counterIn, thrownBy, timeIn } from './samples.ts';

describe('uuidFrom', () => {
  it.each([
    ['', 'b4cbf467-5b4f-514c-9411-b951b7a72c4b'],
    ['film:alien', 'a79b555a-091f-5dc3-865d-203ead78817c'],
    ['naïve 😀', '7b3a0660-df30-5a38-9c4c-b2394af13800'],
  ])('gives %j the same id for ever', (name, id) => {
    expect(uuidFrom(name)).toBe(id);
  });

  it('makes a UUID of version 5 of any text', () => {
    fc.assert(
      fc.property(wellFormedText, (name) => {
        expect(uuidFrom(name)).toBe(expectedFrom(name));
      }),
    );
  });

  it('makes one of texts of every length around the blocks of the hash', () => {
    for (let length = 0; length <= 200; length++) {
      const name = 'x'.repeat(length);
      expect(uuidFrom(name)).toBe(expectedFrom(name));
    }
    const long = 'é'.repeat(5000);
    expect(uuidFrom(long)).toBe(expectedFrom(long));
  });

  it.each<[unknown, string]>([
    ['\ud800', '"\\ud800"'],
    [undefined, 'undefined'],
    [1, '1'],
  ])('refuses %j', (name, shown) => {
    // @ts-expect-error a caller without types can pass anything
    const error = thrownBy(() => uuidFrom(name));
    expect(error).toBeInstanceOf(InvalidArgumentError);
    expect(error).toHaveProperty(
      'message',
      `Cannot make a UUID from ${shown}: the name must be a string without lone surrogates`,
    );
  });
});

describe('uuidAt', () => {
  const FORM = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
  const time = fc.oneof(fc.integer({ min: 0, max: 2 ** 48 - 1 }), fc.constantFrom(0, 1, 0xffff, 0x10000, 2 ** 48 - 1));
  const counter = fc.oneof(
    fc.integer({ min: 0, max: LAST_COUNTER }),
    fc.constantFrom(0, 1, 0xffff, 0x1_0000, 0x3_ffff, 0x4_0000, LAST_COUNTER - 1, LAST_COUNTER),
  );

  it('is a UUID of version 7 that begins with the time and holds the counter around the fixed bits', () => {
    fc.assert(
      fc.property(time, counter, (ms, count) => {
        const id = uuidAt(ms, count);
        expect(id).toMatch(FORM);
        expect(timeIn(id)).toBe(ms);
        expect(counterIn(id)).toBe(count);
      }),
    );
  });

  it('is ordered by time, then by counter', () => {
    fc.assert(
      fc.property(time, counter, time, counter, (time1, counter1, time2, counter2) => {
        fc.pre(time1 !== time2 || counter1 !== counter2);
        const isBefore = time1 !== time2 ? time1 < time2 : counter1 < counter2;
        expect(uuidAt(time1, counter1) < uuidAt(time2, counter2)).toBe(isBefore);
      }),
    );
  });

  it('fills the rest, 44 bits, at random', () => {
    const tails = Array.from({ length: 200 }, () => BigInt(`0x${uuidAt(1, 1).slice(-11)}`));
    expect(new Set(tails).size).toBe(200);
    for (let bit = 0n; bit < 44n; bit++) {
      expect(new Set(tails.map((tail) => (tail >> bit) & 1n)).size).toBe(2);
    }
  });

  it('is random from the first id on', async () => {
    const random = vi.spyOn(crypto, 'getRandomValues').mockImplementation((numbers) => {
      if (numbers instanceof Uint32Array) numbers.fill(0xffff_ffff);
      return numbers;
    });
    try {
      vi.resetModules();
      const fresh = await import('../../src/core/uuid.ts');
      expect(fresh.uuidAt(0, 0)).toBe('00000000-0000-7000-8000-0fffffffffff');
    } finally {
      random.mockRestore();
    }
  });
});
