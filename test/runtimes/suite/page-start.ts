import { coldStart } from './start.ts';

/** In a page: what the test calls. */
Object.assign(globalThis, { coldStart: (subject: 'boardlite' | 'sql.js') => coldStart(subject, (name) => `/${name}`) });
