import { InvalidPayloadError } from './errors.ts';
import { isWellFormed, quote } from './text.ts';

/** What JSON can carry. Read-only in type: what a read returns is a copy, and changing it never changes the board. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** What publish takes as JSON: a property that is `undefined` is dropped. */
export type JsonInput =
  string | number | boolean | null | undefined | readonly JsonInput[] | { readonly [key: string]: JsonInput };

/** `T` with every property and element read-only, all the way down. */
export type Immutable<T> = T extends string | number | boolean | bigint | symbol | null | undefined
  ? T
  : JsonObject extends T
    ? T
    : T extends (...args: never[]) => unknown
      ? T
      : T extends readonly (infer Item)[]
        ? number extends T['length']
          ? // Written out, so that types which contain themselves in arrays come to an end.
            readonly Immutable<Item>[]
          : { readonly [K in keyof T]: Immutable<T[K]> }
        : T extends object
          ? { readonly [K in keyof T]: Immutable<T[K]> }
          : T;

/** Nesting that every runtime, SQLite and Python can read back. */
export const MAX_PAYLOAD_DEPTH = 512;

/**
 * Copies a payload into plain, deeply frozen JSON.
 *
 * @throws InvalidPayloadError naming the path of the first value that JSON cannot carry faithfully
 */
export function copyPayload(payload: unknown, action: string): JsonObject {
  const walk: Walk = new Walk(action);
  try {
    if (!isPlainObject(payload)) walk.refuse(payload, 'is not a plain object');
    return walk.object(payload, 0);
  } catch (error) {
    if (error instanceof InvalidPayloadError) throw error;
    throw new InvalidPayloadError(
      `Cannot ${action}: reading the payload at ${walk.where()} failed`,
      [{ path: walk.path(), message: 'could not be read' }],
      { cause: error },
    );
  }
}

class Walk {
  readonly #action: string;
  readonly #keys: (string | number)[] = [];
  readonly #parents = new Set<object>();

  constructor(action: string) {
    this.#action = action;
  }

  object(value: object, depth: number): JsonObject {
    this.#enter(value, depth);
    const copy: Record<string, JsonValue> = {};
    for (const key of Reflect.ownKeys(value)) {
      if (!Object.prototype.propertyIsEnumerable.call(value, key)) continue;
      if (typeof key === 'symbol') this.refuse(key, 'is a symbol used as a key');
      if (!isWellFormed(key)) this.refuse(key, 'is a key with a lone surrogate');
      this.#keys.push(key);
      const item: unknown = Reflect.get(value, key);
      if (item !== undefined) define(copy, key, this.#value(item, depth + 1));
      this.#keys.pop();
    }
    this.#parents.delete(value);
    return Object.freeze(copy);
  }

  #array(value: readonly unknown[], depth: number): readonly JsonValue[] {
    this.#enter(value, depth);
    const copy: JsonValue[] = [];
    for (let index = 0; index < value.length; index++) {
      this.#keys.push(index);
      if (!Object.hasOwn(value, index)) this.refuse(undefined, 'is a hole in an array');
      copy.push(this.#value(value[index], depth + 1));
      this.#keys.pop();
    }
    // All of its own keys, symbols too, but for `length`: JSON would drop the others without a word.
    if (Reflect.ownKeys(value).length !== value.length + 1) this.refuse(value, 'is an array with named properties');
    this.#parents.delete(value);
    return Object.freeze(copy);
  }

  #value(value: unknown, depth: number): JsonValue {
    switch (typeof value) {
      case 'string':
        if (!isWellFormed(value)) this.refuse(value, 'holds a lone surrogate');
        return value;
      case 'boolean':
        return value;
      case 'number':
        if (!Number.isFinite(value) || Object.is(value, -0)) this.refuse(value, 'is not a number that JSON can carry');
        return value;
      case 'object':
        if (value === null) return null;
        if (isPlainArray(value)) return this.#array(value, depth);
        if (isPlainObject(value)) return this.object(value, depth);
        return this.refuse(value, 'is neither a plain object nor an array');
      case 'undefined':
        return this.refuse(value, 'is an array element that JSON cannot carry');
      default:
        return this.refuse(value, `is a ${typeof value}, which JSON cannot carry`);
    }
  }

  #enter(value: object, depth: number): void {
    if (depth > MAX_PAYLOAD_DEPTH) this.refuse(undefined, `is nested deeper than ${MAX_PAYLOAD_DEPTH} levels`);
    if (this.#parents.has(value)) this.refuse(undefined, 'is part of a cycle');
    this.#parents.add(value);
  }

  refuse(value: unknown, problem: string): never {
    const shown = value === undefined ? '' : ` ${quote(value)}`;
    throw new InvalidPayloadError(`Cannot ${this.#action}:${shown} at ${this.where()} ${problem}`, [
      { path: this.path(), message: problem },
    ]);
  }

  where(): string {
    const path = this.path();
    return path === '' ? '"payload"' : `"payload.${path}"`;
  }

  path(): string {
    return formatPath(this.#keys);
  }
}

/** `['cast', 2, 'name']` as `cast[2].name`. */
export function formatPath(keys: readonly PropertyKey[]): string {
  return keys
    .map((key, i) => (typeof key === 'number' ? `[${key}]` : i === 0 ? String(key) : `.${String(key)}`))
    .join('');
}

/** Plain by shape, not by realm: an object from an iframe or a vm context has another Object.prototype. */
function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function isPlainArray(value: object): value is readonly unknown[] {
  if (!Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(Object.getPrototypeOf(value));
  return prototype !== null && Object.getPrototypeOf(prototype) === null;
}

/** Assignment would call the `__proto__` setter instead of making an ordinary key. */
function define(target: Record<string, JsonValue>, key: string, value: JsonValue): void {
  if (key === '__proto__') {
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  } else {
    target[key] = value;
  }
}

/** A fresh, unfrozen copy of plain JSON, for code that may change what it is given. */
export function thaw(value: JsonObject): JsonObject;
export function thaw(value: JsonValue): JsonValue;
export function thaw(value: JsonValue): JsonValue {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item: JsonValue) => thaw(item));
  const copy: Record<string, JsonValue> = {};
  for (const [key, item] of Object.entries(value)) define(copy, key, thaw(item));
  return copy;
}
