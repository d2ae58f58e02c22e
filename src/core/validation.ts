import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { ArtifactType } from './artifact-type.ts';
import { InvalidPayloadError, type PayloadIssue } from './errors.ts';
import { formatPath, thaw, type JsonObject } from './json.ts';
import { quote } from './text.ts';

/**
 * Runs a payload through its type's schema: at once where the schema answers at once. The schema gets a copy of its own,
 * so one that changes what it is given changes nothing here.
 *
 * @throws InvalidPayloadError with every issue the schema found, at once or by rejecting
 */
export function validate<Out>(
  type: ArtifactType<unknown, Out>,
  payload: JsonObject,
  action: string,
): Out | Promise<Out> {
  const fail = (cause: unknown): never => {
    if (cause instanceof InvalidPayloadError) throw cause;
    const message = `the schema of artifact type ${quote(type.name)} failed`;
    throw new InvalidPayloadError(`Cannot ${action}: ${message}`, [{ path: '', message }], { cause });
  };
  const outcome = (result: StandardSchemaV1.Result<Out>) => outputOf(result, type.name, action);
  try {
    const result = type.schema['~standard'].validate(thaw(payload));
    // Any thenable: a schema may come with promises of its own, and taking one for an outcome would pass everything.
    return 'then' in result ? Promise.resolve(result).then(outcome).catch(fail) : outcome(result);
  } catch (error) {
    return fail(error);
  }
}

function outputOf<Out>(result: StandardSchemaV1.Result<Out>, name: string, action: string): Out {
  if (result.issues === undefined) return result.value;
  const issues = result.issues.map(toPayloadIssue);
  const [first = { path: '', message: 'is invalid' }] = issues;
  const place = first.path === '' ? 'the payload' : quote(first.path);
  const others = issues.length > 1 ? ` (and ${issues.length - 1} more)` : '';
  throw new InvalidPayloadError(
    `Cannot ${action}: ${place} does not pass the schema of ${quote(name)}: ${first.message}${others}`,
    issues,
  );
}

function toPayloadIssue(issue: StandardSchemaV1.Issue): PayloadIssue {
  const path = (issue.path ?? []).map((part) => (typeof part === 'object' ? part.key : part));
  return { path: formatPath(path), message: issue.message };
}
