import * as z from 'zod/mini';
import { isArtifactType, isTypeName, type ArtifactType } from './artifact-type.ts';
import { BlackboardError, InvalidArgumentError } from './errors.ts';
import { formatPath } from './json.ts';
import { isWellFormed, quote } from './text.ts';
import { isDate, isInstant } from './time.ts';
import { VISIBILITY_KINDS, visibilityProblem, type Visibility } from './visibility.ts';

/**
 * Checks what a caller handed in.
 *
 * @throws InvalidArgumentError that says which action failed, quotes the offending value and says what is wrong with it
 */
export function check<T>(schema: z.ZodMiniType<T>, value: unknown, action: string, subject: string): T {
  let result: z.core.util.SafeParseResult<T>;
  try {
    result = schema.safeParse(value);
  } catch (error) {
    if (error instanceof BlackboardError) throw error;
    throw new InvalidArgumentError(`Cannot ${action}: reading the ${subject} failed`, { cause: error });
  }
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new InvalidArgumentError(`Cannot ${action}: ${problem(issue, value, subject)}`);
}

function problem(issue: z.core.$ZodIssue | undefined, value: unknown, subject: string): string {
  if (issue === undefined) return `the ${subject} is invalid`;
  const path = formatPath(issue.path);
  const place = path === '' ? `the ${subject}` : `"${path}"`;
  if (issue.code === 'unrecognized_keys') return `${place} has no field ${issue.keys.map(quote).join(', ')}`;
  const message = issue.message === 'Invalid input' ? 'is invalid' : issue.message;
  return `${place} ${message}, got ${quote(valueAt(value, issue.path))}`;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((at, key) => {
    if (typeof at === 'string') return at;
    return typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined;
  }, value);
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** The canonical form of a UUID, or null: the hot path of every read by id. */
export function canonicalId(id: unknown): string | null {
  return typeof id === 'string' && UUID.test(id) ? id.toLowerCase() : null;
}

/** @throws InvalidArgumentError when it is not a UUID */
export function checkId(id: unknown, action: string): string {
  const canonical = canonicalId(id);
  if (canonical !== null) return canonical;
  throw new InvalidArgumentError(`Cannot ${action}: id ${quote(id)} is not a UUID`);
}

export const text = z.string('must be a string').check(z.refine(isWellFormed, 'must not hold a lone surrogate'));
export const optionalText = z.optional(z.nullable(text));
export const instant = z.custom<Date>(
  (value) => isDate(value) && isInstant(value.getTime()),
  'must be a Date in the years 1 to 9999',
);
export const id = z.pipe(
  z.custom<string>((value) => canonicalId(value) !== null, 'must be a UUID'),
  z.transform((value) => value.toLowerCase()),
);
export const typeName = z.custom<string | ArtifactType>(
  (value) => isTypeName(value) || isArtifactType(value),
  'must be an artifact type or a non-empty name without lone surrogates',
);
export const signal = z.optional(z.custom<AbortSignal>(isAbortSignal, 'must be an AbortSignal'));
export const kind = z.enum(VISIBILITY_KINDS, `must be one of ${VISIBILITY_KINDS.join(', ')}`);

/** By shape, not `instanceof`: signals come from other realms and from libraries. */
function isAbortSignal(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'aborted' in value && 'addEventListener' in value;
}

/** A set-like field: one value, or an iterable of values that is read once. */
export function setOf<T>(
  item: z.ZodMiniType<T>,
  isOne: (value: unknown) => boolean = (value) => typeof value === 'string',
) {
  return z.pipe(
    z.transform((value: unknown) => {
      if (isOne(value)) return [value];
      return isIterable(value) ? Array.from(value) : value;
    }),
    z.array(item, 'must be a string or an iterable of strings'),
  );
}

export function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value;
}

const MAX_VISIBILITY_DEPTH = 64;

export const visibility = z.pipe(
  z.unknown().check((payload) => {
    let level: unknown = payload.value;
    const path: string[] = [];
    for (; level !== null || path.length === 0; path.push('then')) {
      const found =
        path.length < MAX_VISIBILITY_DEPTH ? visibilityProblem(level) : { field: '', problem: 'is nested too deep' };
      if (found !== null) {
        payload.issues.push({
          code: 'custom',
          input: payload.value,
          path: found.field === '' ? path : [...path, found.field],
          message: found.problem,
        });
        return;
      }
      if (typeof level !== 'object' || level === null || !('then' in level)) return;
      level = level.then;
    }
  }),
  z.transform((value) => copyVisibility(value as Visibility)),
);

/** A frozen copy, so that nothing the caller holds can change the board. */
function copyVisibility(given: Visibility): Visibility {
  switch (given.kind) {
    case 'Public':
      return Object.freeze({ kind: given.kind });
    case 'Private':
      return Object.freeze({ kind: given.kind, agents: frozenTexts(given.agents) });
    case 'Labelled':
      return Object.freeze({ kind: given.kind, requiredLabels: frozenTexts(given.requiredLabels) });
    case 'Tenant':
      return Object.freeze({ kind: given.kind, tenantId: given.tenantId });
    case 'After':
      return Object.freeze({ kind: given.kind, ttl: given.ttl, then: given.then && copyVisibility(given.then) });
  }
}

function frozenTexts(texts: readonly string[]): string[] {
  const copy = [...texts];
  Object.freeze(copy);
  return copy;
}

/** @throws InvalidArgumentError when it is not a string with a UTF-8 form */
export function checkText(value: unknown, action: string, subject: string): string {
  return check(text, value, action, subject);
}
