import { inlineWasm } from 'boardlite/inline';
import { openSqliteStore } from 'boardlite/sqlite';

const board = await openSqliteStore({ wasm: inlineWasm() });
await board.publish({ type: 'films.Movie', payload: { title: 'Alien' }, producedBy: 'scout' });
console.log(`read ${String((await board.list()).length)}`);
