import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

/** The file that the build puts beside the code; tests run without one. */
export function packagedWasm(): URL {
  return pathToFileURL(createRequire(import.meta.url).resolve('sql.js/dist/sql-wasm.wasm'));
}
