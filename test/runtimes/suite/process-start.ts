import process from 'node:process';
import { coldStart } from './start.ts';

/** In Node, Deno and Bun: `process-start.js boardlite` or `process-start.js sql.js` prints how long it takes. */
console.log(JSON.stringify(await coldStart(process.argv[2] === 'sql.js' ? 'sql.js' : 'boardlite')));
