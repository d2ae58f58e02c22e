import { createMemoryStore } from 'boardlite';
import { openSqliteStore } from 'boardlite/sqlite';

export default {
  async fetch() {
    const [memory, sqlite] = [createMemoryStore(), await openSqliteStore()];
    for (const board of [memory, sqlite]) {
      await board.publish({ type: 'films.Movie', payload: { title: 'Alien' }, producedBy: 'scout' });
    }
    return new Response(`read ${String((await memory.list()).length)} and ${String((await sqlite.list()).length)}`);
  },
};
