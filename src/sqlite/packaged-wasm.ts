/**
 * Where the build puts the engine's WebAssembly. Bundlers know this very expression, and carry the file along.
 *
 * @throws TypeError in a bundle that has no URL of its own
 */
export function packagedWasm(): URL {
  return new URL('./sql-wasm.wasm', import.meta.url);
}
