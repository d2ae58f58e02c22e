import { describe, expect, it } from 'vitest';
import * as errors from '../../src/core/errors.ts';

/** The closed list of codes, and the class of each. */
const classes = {
  'invalid-argument': errors.InvalidArgumentError,
  'ambiguous-type': errors.AmbiguousTypeError,
  'not-found': errors.NotFoundError,
  conflict: errors.ConflictError,
  closed: errors.ClosedError,
  'read-only': errors.ReadOnlyError,
  locked: errors.LockedError,
  unsupported: errors.UnsupportedError,
  corrupt: errors.CorruptError,
  'newer-format': errors.NewerFormatError,
  'not-a-board': errors.NotABoardError,
  quota: errors.QuotaError,
  'storage-lost': errors.StorageLostError,
  'storage-denied': errors.StorageDeniedError,
  'wasm-unavailable': errors.WasmUnavailableError,
} as const satisfies Record<Exclude<errors.BlackboardErrorCode, 'invalid-payload'>, unknown>;

describe('an error of the library', () => {
  it.each(Object.entries(classes))(
    'with code %s has its own class and name, and keeps message and cause',
    (code, Class) => {
      const cause = new Error('why');
      const error = new Class('Cannot do it', { cause });
      expect(error).toBeInstanceOf(Error);
      expect(error).toBeInstanceOf(errors.BlackboardError);
      expect(error).toBeInstanceOf(Class);
      expect(error).toMatchObject({ code, message: 'Cannot do it', cause });
      expect(`${error.name}: ${error.message}`).toBe(String(error));
      expect(errors).toHaveProperty(error.name, Class);
      expect(new Class('Cannot do it')).not.toHaveProperty('cause');
    },
  );

  it('about a payload names every issue as well', () => {
    const cause = new Error('why');
    const issues = [{ path: 'a', message: 'is bad' }];
    const error = new errors.InvalidPayloadError('Cannot publish', issues, { cause });
    expect(error).toBeInstanceOf(errors.BlackboardError);
    expect(error).toMatchObject({ code: 'invalid-payload', message: 'Cannot publish', issues, cause });
    expect(error.name).toBe('InvalidPayloadError');
    expect(new errors.InvalidPayloadError('Cannot publish', [])).not.toHaveProperty('cause');
  });
});
