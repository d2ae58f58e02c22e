import { expect, it } from 'vitest';
import { pairs } from '../../src/cli/text.ts';

it('names and values from a board are shown to a terminal, which obeys neither', () => {
  expect(
    pairs([
      ['tag \u001b[31mred', 'a\nb'],
      ['type', '\u202e7'],
    ]),
  ).toEqual(['tag \\u001b[31mred  a\\u000ab', 'type               \\u202e7']);
});
