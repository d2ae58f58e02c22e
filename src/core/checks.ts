import {
  $ZodNever,
  $ZodObject,
  $ZodTransform,
  _safeParse as safeParseInto,
  type $ZodError,
  type $ZodIssue,
  type $ZodType,
} from 'zod/v4/core';
import { isArtifactType, isTypeName, property, type ArtifactType } from './artifact-type.ts';
import { BlackboardError, InvalidArgumentError } from './errors.ts';
import { formatPath, type Immutable } from './json.ts';
import { isRecord, isText, quote, sortedSet } from './text.ts';
import { DATE, readDate } from './time.ts';
import { PUBLIC, VISIBILITY_KINDS, visibilityProblem, type Visibility } from './visibility.ts';

/** Makes of a value what a field holds; undefined when it cannot. */
export type Read<T> = (value: unknown) => T | undefined;

/** Says what is wrong, with which value, and where below the field. */
type Refuse = (problem: string, got: unknown, path?: PropertyKey[]) => void;
/** Makes of a value what a field holds, or refuses it. */
type Field<T> = (value: unknown, refuse: Refuse) => T;
type Held<F> = F extends Field<infer T> ? T : never;
type Schema<T> = $ZodType<T>;

/** An object with these fields, and no others. */
export function fields<F extends Readonly<Record<string, Field<unknown>>>>(
  given: F,
): Schema<{ readonly [K in keyof F]: Held<F[K]> }> {
  const shape = Object.fromEntries(Object.entries(given).map(([name, read]) => [name, schemaOf(read)]));
  return typed(new $ZodObject({ type: 'object', shape, catchall: new $ZodNever({ type: 'never' }) }));
}

function schemaOf<T>(read: Field<T>): Schema<T> {
  return typed(
    new $ZodTransform({
      type: 'transform',
      transform: (value, { issues }) =>
        read(value, (message, input, path = []) => issues.push({ code: 'custom', message, path, input })),
    }),
  );
}

/** Zod's constructors are not generic: what comes out of a schema is for its maker to say. */
function typed<T>(schema: $ZodType): Schema<T> {
  return schema as Schema<T>;
}

/** A field that may be left out. */
export function optional<T>(inner: Field<T>): Field<T | undefined> {
  return (value, refuse) => (value === undefined ? undefined : inner(value, refuse));
}

/** What zod's own error holds, without what it can print: that is a fiftieth of a program with a store in memory. */
class Refused extends Error implements $ZodError {
  readonly type = undefined;
  readonly issues: $ZodIssue[];
  readonly _zod: $ZodError['_zod'];
  constructor(issues: $ZodIssue[]) {
    super();
    this.issues = issues;
    this._zod = { output: undefined, def: issues };
  }
}
const safeParse = safeParseInto(Refused);

/**
 * Checks what a caller handed in.
 *
 * @throws InvalidArgumentError that says which action failed, quotes the offending value and says what is wrong with it
 */
export function check<T>(schema: Schema<T>, value: unknown, action: string, subject: string): T {
  const result = attempt(`reading the ${subject}`, action, () => {
    // A promise, a map or a signal would pass for an object without fields: for no options, or for a filter of everything.
    if (!isRecord(value))
      throw new InvalidArgumentError(`Cannot ${action}: the ${subject} must be an object, got ${quote(value)}`);
    return safeParse(schema, value, { reportInput: true });
  });
  if (result.success) return result.data;
  const [problem = ''] = result.error.issues.map((issue) => problemOf(issue, subject));
  throw new InvalidArgumentError(`Cannot ${action}: ${problem}`);
}

/** What functions, getters and iterators of a caller's throw comes out in words. */
export function attempt<T>(step: string, action: string, carryOut: () => T): T {
  try {
    return carryOut();
  } catch (error) {
    if (error instanceof BlackboardError) throw error;
    throw new InvalidArgumentError(`Cannot ${action}: ${step} failed`, { cause: error });
  }
}

function problemOf(issue: $ZodIssue, subject: string): string {
  return issue.code === 'unrecognized_keys'
    ? `unknown field ${issue.keys.map(quote).join(', ')} in the ${subject}`
    : `"${formatPath(issue.path)}" ${issue.message}, got ${quote(issue.input)}`;
}

/** A field that holds what `read` makes of the value. */
export function field<T>(read: Read<T>, problem: string): Field<T> {
  return (value, refuse) => {
    const held = read(value);
    if (held === undefined) refuse(problem, value);
    return held as T;
  };
}

function list<T>(toItems: Read<readonly unknown[]>, read: Read<T>, problem: string, itemProblem: string): Field<T[]> {
  return (value, refuse) => {
    const items = toItems(value);
    if (items === undefined) refuse(problem, value);
    return (items ?? []).flatMap((item, index) => {
      const held = read(item);
      if (held !== undefined) return [held];
      refuse(itemProblem, item, [index]);
      return [];
    });
  };
}

/** A set-like field: one value, or an iterable of values that is read once. */
export function setOf<T>(read: Read<T>, problem: string): Field<T[]> {
  const toItems = (value: unknown) => {
    if (typeof value === 'string' || isArtifactType(value)) return [value];
    return isIterable(value) ? Array.from(value) : undefined;
  };
  return list(toItems, read, 'must be a string or an iterable of strings', problem);
}

/** A set of texts, distinct and in code point order. */
export function textsOf<T extends string>(read: Read<T>, problem: string): Field<readonly T[]> {
  const set = setOf(read, problem);
  return (value, refuse) => sortedSet(set(value, refuse));
}

/** A field that holds an array; its order counts. */
export function arrayOf<T>(read: Read<T>, problem: string): Field<T[]> {
  return list(
    (value) => (Array.isArray(value) ? Array.from<unknown>(value) : undefined),
    read,
    'must be an array',
    problem,
  );
}

export function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value;
}

/** Reads a value for which a predicate holds. */
export function that<T>(test: (value: unknown) => boolean): Read<T> {
  return (value) => (test(value) ? (value as T) : undefined);
}

/** A field that may be left out, and else holds a value for which a predicate holds. */
export function option<T>(test: (value: unknown) => boolean, problem: string): Field<T | undefined> {
  return optional(field(that<T>(test), problem));
}

/** A function that may be left out. */
export function callback<T>(): Field<T | undefined> {
  return option<T>((value) => typeof value === 'function', 'must be a function');
}

/** A safe integer, not -0, from `least` up. */
export function isWhole(value: unknown, least: number): boolean {
  return Number.isSafeInteger(value) && Number(value) >= least && !Object.is(value, -0);
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** The canonical form of a UUID, or undefined: the hot path of every read by id. */
export function canonicalId(id: unknown): string | undefined {
  return typeof id === 'string' && UUID.test(id) ? id.toLowerCase() : undefined;
}

/** @throws InvalidArgumentError when it is not a UUID */
export function checkId(value: unknown, action: string): string {
  const canonical = canonicalId(value);
  if (canonical !== undefined) return canonical;
  throw new InvalidArgumentError(`Cannot ${action}: id ${quote(value)} is not a UUID`);
}

export const readText = that<string>(isText);
export const TEXT = 'must be a string without lone surrogates';
export const text = field(readText, TEXT);
export const optionalText = option<string | null>((value) => value === null || isText(value), `${TEXT}, or null`);

/** @throws InvalidArgumentError when it is not a string with a UTF-8 form */
export function checkText(value: unknown, action: string, subject: string): string {
  if (isText(value)) return value;
  throw new InvalidArgumentError(
    `Cannot ${action}: ${subject} ${quote(value)} is not a string without lone surrogates`,
  );
}

export const id = field(canonicalId, 'must be a UUID');
export const flag = option<boolean>((value) => typeof value === 'boolean', 'must be true or false');
/** A Date, as milliseconds since the epoch. */
export const instant = field(readDate, DATE);
export const readType = that<string | ArtifactType>((value) => isTypeName(value) || isArtifactType(value));
export const TYPE = 'must be an artifact type or a non-empty name without lone surrogates';
export const signal = option<AbortSignal>(
  // By shape, not `instanceof`: signals come from other realms and from libraries.
  (value) => typeof property(value, 'throwIfAborted') === 'function',
  'must be an AbortSignal',
);

/** How many at most. */
export const limit = option<number>(
  (value) => value === Infinity || isWhole(value, 1),
  'must be a positive integer or Infinity',
);

/** One of some words. */
export function oneOf<const T extends string>(...words: T[]): Read<T> {
  return (value) => words.find((word) => word === value);
}
export const readKind = oneOf(...VISIBILITY_KINDS);
export const KIND = `must be one of ${VISIBILITY_KINDS.join(', ')}`;

const MAX_VISIBILITY_DEPTH = 64;

/** A visibility, copied and frozen, so that nothing the caller holds can change the board. */
export function visibility(value: unknown, refuse: Refuse): Immutable<Visibility> {
  const path: string[] = [];
  const copy = frozenCopy(value, 0);
  let level = copy;
  do {
    const found =
      path.length < MAX_VISIBILITY_DEPTH
        ? visibilityProblem(level)
        : { field: '', problem: 'is nested too deep', got: level };
    if (found !== null) {
      refuse(found.problem, found.got, [...path, found.field].filter(Boolean));
      return PUBLIC;
    }
    level = property(level, 'then');
    path.push('then');
  } while (level);
  return copy as Visibility;
}

/** Reads each property once, so that what is checked is what is kept. Only `then` may hold an object: others are refused. */
function frozenCopy(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null || depth > MAX_VISIBILITY_DEPTH) return value;
  if (Array.isArray(value)) return Object.freeze(Array.from<unknown>(value));
  const copies = Object.entries(value).map(([name, item]: [string, unknown]) => [
    name,
    name === 'then' || Array.isArray(item) ? frozenCopy(item, depth + 1) : item,
  ]);
  return Object.freeze(Object.fromEntries(copies));
}
