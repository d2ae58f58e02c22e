import { defineType } from 'boardlite';
import { indexedDBMedium } from 'boardlite/indexeddb';
import { openSqliteStore } from 'boardlite/sqlite';
import { z } from 'zod/mini';

const Movie = defineType('films.Movie', z.object({ title: z.string() }));

/** Publishes to a board and reads it from a second opening. */
export async function useBoard(name, wasm) {
  const board = await openSqliteStore({ medium: indexedDBMedium(name), wasm });
  await board.publish({ type: Movie, payload: { title: 'Alien' }, producedBy: 'scout' });
  await board.close();
  const again = await openSqliteStore({ medium: indexedDBMedium(name), readOnly: true });
  const titles = (await again.getByType(Movie)).map(({ title }) => title);
  await again.close();
  return titles.join();
}

/** What came of it, as a text. */
export function told(work) {
  return work.then(
    (value) => `read ${value}`,
    (error) => `${error.code}: ${error.message}`,
  );
}
