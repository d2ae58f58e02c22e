import base64 from './sql-wasm.wasm.gz';

/**
 * The engine's WebAssembly from within the script, for bundles that lose the file: `openSqliteStore({ wasm: inlineWasm() })`.
 * It makes a bundle 450 KB larger, 340 KB when it is sent compressed. Needs `DecompressionStream`, which all current browsers,
 * Node, Deno and Bun have.
 */
export async function inlineWasm(): Promise<ArrayBuffer> {
  const text = atob(base64);
  const compressed = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) compressed[i] = text.charCodeAt(i);
  const bytes = new Blob([compressed]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Response(bytes).arrayBuffer();
}
