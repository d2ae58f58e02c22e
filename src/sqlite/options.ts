import { property } from '../core/artifact-type.ts';
import { storeFields } from '../core/call.ts';
import { callback, check, field, fields, flag, oneOf, option, optional, signal, that } from '../core/checks.ts';
import type { StoreOptions } from '../core/store.ts';
import type { Durability, Medium, Progress } from '../persistence/medium.ts';
import type { OnOperation } from './operation.ts';
import type { OnEvent } from './store-event.ts';
import type { WasmSource } from './wasm-source.ts';

/** How a SQLite store is opened. */
export interface SqliteStoreOptions extends StoreOptions {
  /** Where the board rests; without one it lives in memory and is gone with the store. */
  readonly medium?: Medium | undefined;
  /**
   * What a write on a medium waits for. `relaxed`, the default: until the system has it, which survives the death of a tab,
   * a process or a browser, and may lose the last writes in a power cut. `strict`: until the disk has it.
   */
  readonly durability?: Durability | undefined;
  /**
   * What to do when the medium may not be used: refuse to open, or, with `memory`, go on without it, and say so. With
   * `readOnly` there is nothing to go on with.
   */
  readonly fallback?: 'memory' | undefined;
  /**
   * Refuses every write, takes no lock and never writes to the medium; what has to be migrated is migrated in memory only. A
   * file that another process writes can be read so: `refresh` follows it.
   */
  readonly readOnly?: boolean | undefined;
  /** Where the engine's WebAssembly comes from, where the host does not find it by itself. */
  readonly wasm?: WasmSource | undefined;
  /** Told what happens beside the calls. What it throws is reported as an uncaught error. */
  readonly onEvent?: OnEvent | undefined;
  /** Told of each call when it has ended. What it throws is reported as an uncaught error. */
  readonly onOperation?: OnOperation | undefined;
  /** Told how far long work is: opening, and each checkpoint. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Stops the opening. */
  readonly signal?: AbortSignal | undefined;
}

const MEDIUM = 'must be a medium';
const isMedium = (value: unknown) => typeof property(value, 'open') === 'function';
export const medium = field(that<Medium>(isMedium), MEDIUM);

const readSource = that<WasmSource>(() => true);

/** In an object, as it is: a promise by itself would be waited for. Loading the engine tells what is wrong with it. */
export const wasm = (value: unknown) => {
  // Where the engine is there already, or nothing is opened, nobody else hears of its failure.
  if (value instanceof Promise) value.catch(() => undefined);
  return { source: readSource(value) };
};

const schema = fields({
  ...storeFields,
  medium: option<Medium>(isMedium, MEDIUM),
  durability: optional(field(oneOf('strict', 'relaxed'), 'must be "strict" or "relaxed"')),
  fallback: optional(field(oneOf('memory'), 'must be "memory"')),
  readOnly: flag,
  wasm,
  onEvent: callback<OnEvent>(),
  onOperation: callback<OnOperation>(),
  onProgress: callback<(progress: Progress) => void>(),
  signal,
});

export type CheckedSqliteOptions = ReturnType<typeof checkSqliteOptions>;

/** Reads each option once. @throws InvalidArgumentError for options that do not exist or make no sense */
export function checkSqliteOptions(options: SqliteStoreOptions = {}) {
  return check(schema, options, 'open store', 'options');
}
