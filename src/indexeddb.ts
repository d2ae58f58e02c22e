export { indexedDBMedium, type IndexedDBMediumOptions } from './persistence/indexeddb-medium.ts';
