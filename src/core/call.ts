import { isArtifactType, type ArtifactType } from './artifact-type.ts';
import {
  arrayOf,
  callback,
  check,
  field,
  fields,
  flag,
  oneOf,
  optional,
  optionalText,
  signal,
  that,
} from './checks.ts';
import type { CallOptions, CloseOptions, GetByTypeOptions, StoreOptions } from './store.ts';

export const storeFields = {
  types: optional(arrayOf(that<ArtifactType>(isArtifactType), 'must be an artifact type')),
  now: callback<() => Date>(),
  newId: callback<() => string>(),
};
const storeSchema = fields(storeFields);
const callSchema = fields({ signal });
const closeSchema = fields({ signal, checkpoint: flag });
const getByTypeSchema = fields({
  signal,
  correlationId: optionalText,
  invalid: optional(field(oneOf('throw', 'skip'), 'must be "throw" or "skip"')),
  withArtifact: flag,
});

/** @throws InvalidArgumentError, as do all of these */
export function checkStoreOptions(options: unknown = {}, action: string): StoreOptions {
  return check(storeSchema, options, action, 'options');
}

export function checkCallOptions(options: unknown, action: string): CallOptions {
  // Most calls have no options, and a read takes about as long as checking them would.
  return options === undefined ? {} : check(callSchema, options, action, 'options');
}

export function checkCloseOptions(options: unknown = {}, action: string): CloseOptions {
  return check(closeSchema, options, action, 'options');
}

export function checkGetByTypeOptions(
  options: unknown = {},
  action: string,
): Omit<GetByTypeOptions, 'correlationId'> & { correlationId?: string | null | undefined } {
  return check(getByTypeSchema, options, action, 'options');
}
