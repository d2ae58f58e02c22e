import { InvalidArgumentError } from '../core/errors.ts';
import { quote } from '../core/text.ts';
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

export const MEDIUM = 'must be a medium';
export const isFunction = (value: unknown) => typeof value === 'function';

export const isMedium = (value: unknown) =>
  typeof value === 'object' && value !== null && 'open' in value && isFunction(value.open);

/** Each option, what it must be, and how to tell. Types, clock and ids are checked with those of all stores. */
const OPTIONS: Readonly<Record<keyof SqliteStoreOptions, readonly [is: (value: unknown) => boolean, problem: string]>> =
  {
    types: [() => true, ''],
    now: [() => true, ''],
    newId: [() => true, ''],
    wasm: [() => true, ''],
    medium: [isMedium, MEDIUM],
    durability: [(value) => value === 'strict' || value === 'relaxed', 'must be "strict" or "relaxed"'],
    readOnly: [(value) => typeof value === 'boolean', 'must be true or false'],
    fallback: [(value) => value === 'memory', 'must be "memory"'],
    onEvent: [isFunction, 'must be a function'],
    onOperation: [isFunction, 'must be a function'],
    onProgress: [isFunction, 'must be a function'],
    signal: [
      (value) => typeof value === 'object' && value !== null && 'addEventListener' in value,
      'must be an AbortSignal',
    ],
  };

/** @throws InvalidArgumentError for options that do not exist or make no sense */
export function checkSqliteOptions(options: unknown = {}): SqliteStoreOptions {
  if (typeof options !== 'object' || options === null) {
    throw new InvalidArgumentError(`Cannot open store: the options must be an object, got ${quote(options)}`);
  }
  const checks = new Map(Object.entries(OPTIONS));
  for (const [name, value] of Object.entries(options)) {
    const [is, problem] = checks.get(name) ?? [];
    if (is === undefined) throw new InvalidArgumentError(`Cannot open store: the options have no field ${quote(name)}`);
    if (value !== undefined && !is(value))
      throw new InvalidArgumentError(`Cannot open store: "${name}" ${String(problem)}, got ${quote(value)}`);
  }
  return options;
}
