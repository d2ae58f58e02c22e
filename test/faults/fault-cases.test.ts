import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { faultCases } from './fault-cases.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

describe('the table of faults', () => {
  it('has 50, each of which is shown by tests or said to be impossible', () => {
    expect(faultCases).toHaveLength(50);
    const open = faultCases.filter(({ shownBy, reason }) => (shownBy === undefined) === (reason === undefined));
    expect(open).toEqual([]);
  });

  it.each(faultCases.map(({ fault, shownBy = [] }, i) => [i + 1, fault, shownBy] as const))(
    'names tests that are there: %i, %s',
    async (_, __, shownBy) => {
      for (const [file, title] of shownBy) expect(await readFile(`${root}${file}`, 'utf8'), file).toContain(title);
    },
  );
});
