import { property } from './artifact-type.ts';
import { parseDuration } from './duration.ts';
import type { Immutable } from './json.ts';
import { isRecord, isText } from './text.ts';

/**
 * Who may see an artifact. `After` opens `ttl` (an ISO 8601 duration) after the artifact's `createdAt`, to `then`, or to
 * all where that is null; nested durations each count from `createdAt`.
 */
export type Visibility =
  | { kind: 'Public' }
  | { kind: 'Private'; agents: string[] }
  | { kind: 'Labelled'; requiredLabels: string[] }
  | { kind: 'Tenant'; tenantId: string }
  | { kind: 'After'; ttl: string; then: Visibility | null };

/** What a draft has that says nothing. */
export const PUBLIC: Immutable<Visibility> = Object.freeze({ kind: 'Public' });

export const VISIBILITY_KINDS = ['Public', 'Private', 'Labelled', 'Tenant', 'After'] as const;

/** The kind of a visibility, whatever was stored: `Unknown` for what has none. */
export function kindOf(visibility: unknown): string {
  const kind = property(visibility, 'kind');
  return typeof kind === 'string' ? kind : 'Unknown';
}

/** Who asks to see an artifact. */
export interface AgentIdentity {
  readonly name: string;
  readonly labels?: string | Iterable<string> | undefined;
  readonly tenantId?: string | null | undefined;
}

/**
 * Tells whether an agent may see an artifact: Public is for all, Private for the named agents, Labelled for agents with
 * all the labels, Tenant for the same tenant, After for whom `then` admits once `createdAt + ttl` has come.
 * A stored visibility that publish would refuse (boards of the original hold some) admits nobody.
 */
export function isVisibleTo(
  artifact: { readonly visibility: Immutable<Visibility>; readonly createdAt: Date },
  agent: AgentIdentity,
  now: Date = new Date(),
): boolean {
  const labels = new Set(typeof agent.labels === 'string' ? [agent.labels] : agent.labels);
  const age = now.getTime() - artifact.createdAt.getTime();
  let visibility: unknown = artifact.visibility;
  while (isSound(visibility)) {
    switch (visibility.kind) {
      case 'Public':
        return true;
      case 'Private':
        return visibility.agents.includes(agent.name);
      case 'Labelled':
        return visibility.requiredLabels.every((label) => labels.has(label));
      case 'Tenant':
        return visibility.tenantId === agent.tenantId;
      case 'After': {
        const ttl = parseDuration(visibility.ttl) ?? Infinity;
        // Not `<`, so that an instant that is none keeps it closed.
        if (!(age >= ttl)) return false;
        if (visibility.then === null) return true;
        visibility = visibility.then;
      }
    }
  }
  return false;
}

type Check = readonly [test: (value: unknown) => boolean, problem: string];

const TEXTS: Check = [
  // Through `from`, because `every` passes over holes.
  (value) => Array.isArray(value) && value.length > 0 && Array.from<unknown>(value).every(isText),
  'must be a non-empty array of strings without lone surrogates',
];
const TEXT: Check = [(value) => isText(value) && value !== '', 'must be a non-empty string without lone surrogates'];
const TTL: Check = [
  (value) => typeof value === 'string' && (parseDuration(value) ?? 0) > 0,
  'must be a positive ISO 8601 duration such as "PT1H"',
];
const THEN: Check = [(value) => typeof value === 'object', 'must be a visibility or null'];

/** The fields of each kind, beside the kind. */
const FIELDS = new Map<unknown, Readonly<Record<string, Check>>>([
  ['Public', {}],
  ['Private', { agents: TEXTS }],
  ['Labelled', { requiredLabels: TEXTS }],
  ['Tenant', { tenantId: TEXT }],
  ['After', { ttl: TTL, then: THEN }],
]);

/** True for what publish accepts, one level deep; a stored value may be anything, whatever its type says. */
function isSound(visibility: unknown): visibility is Immutable<Visibility> {
  return visibilityProblem(visibility) === null;
}

/**
 * What is wrong with one level of a visibility, as the rest of a sentence, with which value and in which field; null
 * when nothing is. The policy `then` of an After is not looked into.
 */
export function visibilityProblem(visibility: unknown): { field: string; problem: string; got: unknown } | null {
  if (!isRecord(visibility)) return { field: '', problem: 'must be an object', got: visibility };
  const given = new Map<string, unknown>(Object.entries(visibility));
  const kind = given.get('kind');
  const fields = FIELDS.get(kind);
  if (fields === undefined) {
    return { field: 'kind', problem: `must be one of ${VISIBILITY_KINDS.join(', ')}`, got: kind };
  }
  for (const [field, got] of given) {
    if (field !== 'kind' && !Object.hasOwn(fields, field))
      return { field, problem: `is not a field of ${String(kind)}`, got };
  }
  for (const [field, [test, problem]] of Object.entries(fields)) {
    const got = given.get(field);
    if (!test(got)) return { field, problem, got };
  }
  return null;
}
