import { expect, it } from 'vitest';
import { fileFailure } from '../../src/persistence/file-failure.ts';

it('calls it denied what Deno was not permitted', () => {
  const cause = Object.assign(new Error('Requires read access to "board.db"'), { name: 'NotCapable' });
  const failure = fileFailure('open the board', cause);
  expect(failure).toMatchObject({ code: 'storage-denied', cause });
  expect(failure.message).toBe('Cannot open the board: Requires read access to "board.db"');
});
