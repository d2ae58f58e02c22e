import type { NamedDraft } from './artifact.ts';
import { check, field, fields, id, instant, optionalText, readText, text, TEXT, textsOf, that } from './checks.ts';
import type { Immutable } from './json.ts';
import { copyPayload } from './json.ts';
import type { Visibility } from './visibility.ts';
import type { CheckedDraft } from './write.ts';

/**
 * Artifacts that a board has accepted before and that come back. They keep the canonical names they have, whatever types
 * are registered here, and the visibilities they have, although publish would refuse some that boards of the original hold.
 * They pass through `publishMany` as drafts, so that every store that speaks the interface can take them; the stores here
 * know them again.
 */
const restored = new WeakMap<object, CheckedDraft>();

const schema = fields({
  id,
  type: text,
  payload: (value) => value,
  producedBy: text,
  correlationId: optionalText,
  partitionKey: optionalText,
  tags: textsOf(readText, TEXT),
  visibility: field((value) => value, 'must be a value of JSON'),
  createdAt: instant,
  version: field(that<number>(Number.isSafeInteger), 'must be an integer'),
});

/**
 * Checks an artifact that comes back from outside: the fields of an artifact but for its sequence, with a Date.
 *
 * @throws InvalidArgumentError or InvalidPayloadError
 */
export function checkRestored(artifact: unknown, action: string): CheckedDraft {
  const given = check(schema, artifact, action, 'artifact');
  const { visibility } = copyPayload({ visibility: given.visibility }, action);
  return {
    ...given,
    correlationId: given.correlationId ?? null,
    partitionKey: given.partitionKey ?? null,
    payload: copyPayload(given.payload, action),
    tags: Object.freeze(given.tags),
    // As stored, it can be anything; isVisibleTo takes what publish would refuse for nobody's.
    visibility: visibility as Immutable<Visibility>,
  };
}

/** The draft that brings an artifact back. */
export function restoringDraft(artifact: CheckedDraft): NamedDraft {
  const draft = { ...artifact, createdAt: new Date(artifact.createdAt) };
  restored.set(draft, artifact);
  return draft;
}

/** What drafts bring back; null when one of them is not made by {@link restoringDraft}. */
export function restoredOf(drafts: readonly unknown[]): readonly CheckedDraft[] | null {
  const found = drafts.flatMap((draft) => (isObject(draft) ? (restored.get(draft) ?? []) : []));
  return found.length === drafts.length && drafts.length > 0 ? found : null;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
