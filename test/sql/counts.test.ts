import { expect, it } from 'vitest';
import { readCount } from '../../src/sql/counts.ts';

it('a count is of a text, whatever was stored in its place', () => {
  expect(readCount(['=films.Movie', 2])).toEqual(['films.Movie', 2]);
  expect(readCount([7, 2])).toEqual(['7', 2]);
  expect(readCount([new Uint8Array([1, 2]), 2])).toEqual(['1,2', 2]);
  expect(readCount([null, 2])).toEqual(['null', 2]);
});
