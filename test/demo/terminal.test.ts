import { describe, expect, it } from 'vitest';
import { Terminal, count, cut, table } from './terminal.ts';

function written(isTTY: boolean, use: (terminal: Terminal) => void): string {
  let text = '';
  use(new Terminal({ isTTY, columns: 20, write: (part: string) => (text += part) }));
  return text;
}

describe('a terminal', () => {
  it('shows progress in place and wipes it before the next line', () => {
    const text = written(true, (terminal) => {
      terminal.progress('1 of 2 folders, which is long');
      terminal.lines(['done', '']);
    });
    expect(text).toBe('1 of 2 folders, wh…\r\u001b[Kdone\n\n');
  });

  it('shows no progress where nobody watches', () => {
    const text = written(false, (terminal) => {
      terminal.progress('1 of 2');
      terminal.lines(['done']);
    });
    expect(text).toBe('done\n');
  });

  it('lets no escape code of a package through', () => {
    expect(written(false, (terminal) => terminal.lines(['a\u001b[2Jb\r\nc\u009b']))).toBe('a [2Jb c\n');
  });
});

it('cuts a text that is too long, by characters and not inside one', () => {
  expect(cut('12345', 5)).toBe('12345');
  expect(cut('123456', 5)).toBe('1234…');
  expect(cut('😀😀😀', 2)).toBe('😀…');
});

it('puts columns under each other, numbers to the right', () => {
  expect(table([])).toEqual([]);
  expect(
    table([
      ['a', 10, 'x'],
      ['bcd', 5],
      ['', 100, 'long'],
    ]),
  ).toEqual(['a     10  x', 'bcd    5', '     100  long']);
});

it('counts in the singular and the plural', () => {
  expect([count(0, 'package'), count(1, 'package'), count(2, 'package')]).toEqual([
    '0 packages',
    '1 package',
    '2 packages',
  ]);
});
