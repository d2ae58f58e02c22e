export { inlineWasm } from './sqlite/inline-wasm.ts';
