import { InvalidArgumentError } from '../core/errors.ts';
import { quote } from '../core/text.ts';
import type { StoreOptions } from '../core/store.ts';
import type { Medium } from '../persistence/medium.ts';
import type { WasmSource } from './wasm-source.ts';
import type { StoreEvent } from './store-event.ts';

/** How a SQLite store is opened. */
export interface SqliteStoreOptions extends StoreOptions {
  /** Where the board rests; without one it lives in memory and is gone with the store. */
  readonly medium?: Medium | undefined;
  /**
   * What a write waits for. No medium has a log yet, so asking for either is refused with `unsupported`: a write is durable
   * once `flush`, `checkpoint` or `close` resolves.
   */
  readonly durability?: 'strict' | 'relaxed' | undefined;
  /** Refuses every write and never writes to the medium; what has to be migrated is migrated in memory only. */
  readonly readOnly?: boolean | undefined;
  /** Where the engine's WebAssembly comes from, where the host does not find it by itself. */
  readonly wasm?: WasmSource | undefined;
  /** Told what happens beside the calls; what it throws is thrown at the call that it happened in. */
  readonly onEvent?: ((event: StoreEvent) => void) | undefined;
  /** Stops the opening. */
  readonly signal?: AbortSignal | undefined;
}

const isFunction = (value: unknown) => typeof value === 'function';

/** Each option, what it must be, and how to tell. Types, clock and ids are checked with those of all stores. */
const OPTIONS: Readonly<Record<keyof SqliteStoreOptions, readonly [is: (value: unknown) => boolean, problem: string]>> =
  {
    types: [() => true, ''],
    now: [() => true, ''],
    newId: [() => true, ''],
    wasm: [() => true, ''],
    medium: [
      (value) => typeof value === 'object' && value !== null && 'open' in value && isFunction(value.open),
      'must be a medium',
    ],
    durability: [(value) => value === 'strict' || value === 'relaxed', 'must be "strict" or "relaxed"'],
    readOnly: [(value) => typeof value === 'boolean', 'must be true or false'],
    onEvent: [isFunction, 'must be a function'],
    signal: [(value) => typeof value === 'object' && value !== null && 'aborted' in value, 'must be an AbortSignal'],
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
