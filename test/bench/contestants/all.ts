import type { Contestant } from '../contestant.ts';

/** By name; each loads its own packages, and only those. */
export const contestants: Readonly<Record<string, () => Promise<Contestant>>> = {
  'sql.js bare loop': async () => (await import('./sqljs.ts')).sqljs,
  'boardlite memory': async () => (await import('./boardlite.ts')).memory,
  'boardlite sqlite': async () => (await import('./boardlite.ts')).sqlite,
  'boardlite file': async () => (await import('./boardlite.ts')).relaxed,
  'boardlite file strict': async () => (await import('./boardlite.ts')).strict,
  'better-sqlite3 file': async () => (await import('./better-sqlite3.ts')).betterSqlite3,
  'sqlite-wasm memory': async () => (await import('./sqlite-wasm.ts')).sqliteWasm,
  'PGlite memory': async () => (await import('./pglite.ts')).pglite,
  'LangGraph InMemoryStore': async () => (await import('./langgraph.ts')).langgraph,
};
