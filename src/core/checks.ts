import { $ZodNever, $ZodObject, $ZodTransform, safeParse, type $ZodIssue, type $ZodType } from 'zod/v4/core';
import { isArtifactType, isTypeName, property, type ArtifactType } from './artifact-type.ts';
import { BlackboardError, InvalidArgumentError } from './errors.ts';
import { formatPath, type Immutable } from './json.ts';
import { isText, quote, sortedSet } from './text.ts';
import { isDate, isInstant } from './time.ts';
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
  return typed(
    new $ZodObject({
      type: 'object',
      shape,
      catchall: new $ZodNever({ type: 'never' }),
      error: () => 'must be an object',
    }),
  );
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

/**
 * Checks what a caller handed in.
 *
 * @throws InvalidArgumentError that says which action failed, quotes the offending value and says what is wrong with it
 */
export function check<T>(schema: Schema<T>, value: unknown, action: string, subject: string): T {
  const result = attempt(`reading the ${subject}`, action, () => safeParse(schema, value, { reportInput: true }));
  if (result.success) return result.data;
  const [problem = 'is invalid'] = result.error.issues.map((issue) => problemOf(issue, subject));
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
  if (issue.code === 'unrecognized_keys') {
    const verb = subject.endsWith('options') ? 'have' : 'has';
    return `the ${subject} ${verb} no field ${issue.keys.map(quote).join(', ')}`;
  }
  const place = issue.path.length === 0 ? `the ${subject}` : `"${formatPath(issue.path)}"`;
  return `${place} ${issue.message}, got ${quote(issue.input)}`;
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
export const optionalText = optional(
  field(
    that<string | null>((value) => value === null || isText(value)),
    `${TEXT}, or null`,
  ),
);

/** @throws InvalidArgumentError when it is not a string with a UTF-8 form */
export function checkText(value: unknown, action: string, subject: string): string {
  if (isText(value)) return value;
  throw new InvalidArgumentError(
    `Cannot ${action}: ${subject} ${quote(value)} is not a string without lone surrogates`,
  );
}

export const id = field(canonicalId, 'must be a UUID');
export const flag = optional(
  field(
    that<boolean>((value) => typeof value === 'boolean'),
    'must be true or false',
  ),
);
/** A Date, as milliseconds since the epoch. */
export const instant = field(
  (value) => (isDate(value) && isInstant(value.getTime()) ? value.getTime() : undefined),
  'must be a Date in the years 1 to 9999',
);
export const readType = that<string | ArtifactType>((value) => isTypeName(value) || isArtifactType(value));
export const TYPE = 'must be an artifact type or a non-empty name without lone surrogates';
export const signal = optional(
  // By shape, not `instanceof`: signals come from other realms and from libraries.
  field(
    that<AbortSignal>((value) => typeof property(value, 'addEventListener') === 'function'),
    'must be an AbortSignal',
  ),
);

/** How many at most. */
export const limit = optional(
  field(
    that<number>((value) => value === Infinity || isWhole(value, 1)),
    'must be a positive integer or Infinity',
  ),
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
  let level = value;
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
  return freeze(structuredClone(value)) as Visibility;
}

function freeze(value: unknown): unknown {
  if (typeof value === 'object' && value !== null) Object.values(value).forEach(freeze);
  return Object.freeze(value);
}
