import { expect, it } from 'vitest';
import { uuidFrom } from '../../src/core/uuid.ts';
import { expectedFrom } from './hashed-uuid.ts';

it('uuidFrom makes one of a text of a megabyte', () => {
  const long = 'é'.repeat(500_000);
  expect(uuidFrom(long)).toBe(expectedFrom(long));
});
