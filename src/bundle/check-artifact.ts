import {
  check,
  field,
  fields,
  id,
  instant,
  optionalText,
  readText,
  text,
  TEXT,
  textsOf,
  that,
} from '../core/checks.ts';
import { copyPayload, type Immutable } from '../core/json.ts';
import type { Visibility } from '../core/visibility.ts';
import type { CheckedDraft } from '../core/write.ts';

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
 * Checks an artifact that a board has held: all of its fields but the sequence.
 *
 * @throws InvalidArgumentError or InvalidPayloadError
 */
export function checkArtifact(artifact: unknown, action: string): CheckedDraft {
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
