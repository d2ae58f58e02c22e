import module from './sql-wasm.wasm';

/** The engine's WebAssembly for workerd, which compiles none from bytes: it comes as a module of the program. */
export function packagedWasm(): WebAssembly.Module {
  return module;
}
