import { fileURLToPath, pathToFileURL } from 'node:url';

/** Tells a script, which is a bundle in a folder of its own, where the engine's WebAssembly is. */
export const WITH_ENGINE = {
  env: {
    ...process.env,
    BOARDLITE_TEST_WASM: String(
      pathToFileURL(fileURLToPath(new URL('../../node_modules/sql.js/dist/sql-wasm.wasm', import.meta.url))),
    ),
  },
};

/** What such a script opens a store with. */
export const wasm = process.env['BOARDLITE_TEST_WASM'];
