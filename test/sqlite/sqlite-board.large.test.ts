import { expect, it } from 'vitest';
import type { StoredArtifact } from '../../src/core/fact.ts';
import type { Window } from '../../src/core/page.ts';
import type { SqliteBoard } from '../../src/sqlite/sqlite-board.ts';
import { artifactOf, idOf, newBoard } from './new-board.ts';
import { NOTE, open } from './trial-store.ts';

const LAST: Window = { limit: 10, offset: 5, order: 'desc', after: null, counted: true };

async function boardOf(artifacts: readonly StoredArtifact[]): Promise<SqliteBoard> {
  const { board } = await newBoard();
  board.apply(artifacts.map((artifact) => ({ kind: 'artifact', artifact })));
  return board;
}

it('a payload whose JSON is longer than a text can be is refused, and nothing is written', async () => {
  const store = await open();
  const part = 'x'.repeat(2 ** 28);
  await expect(store.publish({ ...NOTE, id: idOf(1), payload: { parts: [part, part] } })).rejects.toMatchObject({
    code: 'unsupported',
    message: `Cannot store artifact "${idOf(1)}": its payload is too large`,
  });
  expect(await store.stats()).toMatchObject({ artifacts: 0, sequence: 0 });
});

it('a board answers a filter of 100,000 ids', async () => {
  const board = await boardOf(Array.from({ length: 1000 }, (_, i) => artifactOf(i * 100 + 1)));
  const ids = Array.from({ length: 100_000 }, (_, i) => idOf(i + 1));
  const page = board.page({ ids }, LAST);
  expect(page.artifacts.map(({ sequence }) => sequence)).toEqual(
    Array.from({ length: 10 }, (_, i) => 99_901 - (i + 5) * 100),
  );
  expect(page).toMatchObject({ total: 1000, more: true });
  expect(board.counts({ ids }).total).toBe(1000);
  expect(
    board.page({ ids, typeNames: ['films.Movie'] }, { ...LAST, limit: Infinity, offset: 0 }).artifacts,
  ).toHaveLength(1000);
  expect(board.consumedBy('editor', { ids })).toEqual(new Map());
});

it.each<[string, string]>([
  ['plain text', 'x'.repeat(10_000_000)],
  ['text of three bytes a character', '\uff5e'.repeat(3_400_000)],
  ['digits', '1e5 1234567890123456789 '.repeat(420_000)],
  ['quotes and backslashes', '"\\'.repeat(2_500_000)],
])('a board keeps a payload of 10 MB: %s', async (_, text) => {
  const board = await boardOf([artifactOf(1, { payload: { text, number: 2 ** 53 } })]);
  expect(board.get(idOf(1))?.payload['text'] === text).toBe(true);
  expect(board.get(idOf(1))?.payload['number']).toBe(2 ** 53);
});
