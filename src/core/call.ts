import * as z from 'zod/mini';
import { isArtifactType, type ArtifactType } from './artifact-type.ts';
import { check, optionalText, signal } from './checks.ts';
import type { CallOptions, CloseOptions, GetByTypeOptions, StoreOptions } from './store.ts';

const isFunction = (value: unknown) => typeof value === 'function';
const flag = z.optional(z.boolean('must be true or false'));

const storeSchema = z.optional(
  z.strictObject(
    {
      types: z.optional(
        z.array(
          z.custom<ArtifactType>(isArtifactType, 'must be an artifact type'),
          'must be an array of artifact types',
        ),
      ),
      now: z.optional(z.custom<() => Date>(isFunction, 'must be a function')),
      newId: z.optional(z.custom<() => string>(isFunction, 'must be a function')),
    },
    'must be an object',
  ),
);
const callSchema = z.optional(z.strictObject({ signal }, 'must be an object'));
const closeSchema = z.optional(z.strictObject({ signal, checkpoint: flag }, 'must be an object'));
const getByTypeSchema = z.optional(
  z.strictObject(
    {
      signal,
      correlationId: optionalText,
      invalid: z.optional(z.enum(['throw', 'skip'], 'must be "throw" or "skip"')),
      withArtifact: flag,
    },
    'must be an object',
  ),
);

/** @throws InvalidArgumentError, as do all of these */
export function checkStoreOptions(options: unknown, action: string): StoreOptions {
  return check(storeSchema, options, action, 'options') ?? {};
}

export function checkCallOptions(options: unknown, action: string): CallOptions {
  // Most calls have no options, and a read takes about as long as checking them would.
  return options === undefined ? {} : (check(callSchema, options, action, 'options') ?? {});
}

export function checkCloseOptions(options: unknown, action: string): CloseOptions {
  return check(closeSchema, options, action, 'options') ?? {};
}

export function checkGetByTypeOptions(
  options: unknown,
  action: string,
): Omit<GetByTypeOptions, 'correlationId'> & { correlationId?: string | null | undefined } {
  return check(getByTypeSchema, options, action, 'options') ?? {};
}
