import type { StandardSchemaV1 } from '@standard-schema/spec';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { defineType } from '../../src/core/artifact-type.ts';
import { InvalidPayloadError } from '../../src/core/errors.ts';
import { copyPayload } from '../../src/core/json.ts';
import { validate } from '../../src/core/validation.ts';
import { schemaOf, thrownBy } from './samples.ts';

const payload = copyPayload({ title: 'Alien', cast: [{ name: 'Ripley' }] }, 'publish');

function validateWith(schema: StandardSchemaV1<unknown, unknown>): unknown {
  return validate(defineType('films.Movie', schema), payload, 'publish');
}

/** Issues as a schema reports them, and the result that carries them. */
function failing(...issues: StandardSchemaV1.Issue[]): StandardSchemaV1.FailureResult {
  return { issues };
}

describe('a payload that passes', () => {
  it('gives what the schema made of it, at once where the schema answers at once', () => {
    const Movie = defineType('films.Movie', z.object({ title: z.string().transform((title) => title.length) }));
    expect(validate(Movie, payload, 'publish')).toEqual({ title: 5 });
  });

  it('gives a promise of it where the schema takes its time', async () => {
    const title = z.string().refine((text) => Promise.resolve(text !== ''));
    const outcome = validate(defineType('films.Movie', z.object({ title })), payload, 'publish');
    expect(outcome).toBeInstanceOf(Promise);
    await expect(outcome).resolves.toEqual({ title: 'Alien' });
  });

  it('may be made into undefined', () => {
    expect(validateWith(schemaOf(() => ({ value: undefined })))).toBeUndefined();
  });

  it('is handed to the schema as a copy that it may change', () => {
    const given = validateWith(
      schemaOf((value) => {
        Object.assign(value as object, { title: 'changed' });
        return { value };
      }),
    );
    expect(given).toMatchObject({ title: 'changed' });
    expect(payload['title']).toBe('Alien');
  });
});

describe('a payload that does not pass', () => {
  const cases: [string, StandardSchemaV1.Issue[], string, { path: string; message: string }[]][] = [
    [
      'with one issue',
      [{ path: ['title'], message: 'too short' }],
      'Cannot publish: "title" does not pass the schema of "films.Movie": too short',
      [{ path: 'title', message: 'too short' }],
    ],
    [
      'with several',
      [{ path: ['cast', 0, 'name'], message: 'unknown' }, { path: ['title'], message: 'b' }, { message: 'c' }],
      'Cannot publish: "cast[0].name" does not pass the schema of "films.Movie": unknown (and 2 more)',
      [
        { path: 'cast[0].name', message: 'unknown' },
        { path: 'title', message: 'b' },
        { path: '', message: 'c' },
      ],
    ],
    [
      'as a whole',
      [{ message: 'odd' }],
      'Cannot publish: the payload does not pass the schema of "films.Movie": odd',
      [{ path: '', message: 'odd' }],
    ],
    [
      'with an empty path',
      [{ path: [], message: 'odd' }],
      'Cannot publish: the payload does not pass the schema of "films.Movie": odd',
      [{ path: '', message: 'odd' }],
    ],
    [
      'with a path of segments',
      [{ path: [{ key: 'cast' }, { key: 1 }, 'name'], message: 'odd' }],
      'Cannot publish: "cast[1].name" does not pass the schema of "films.Movie": odd',
      [{ path: 'cast[1].name', message: 'odd' }],
    ],
    ['without issues', [], 'Cannot publish: the payload does not pass the schema of "films.Movie": is invalid', []],
  ];

  it.each(cases)('%s says which and why', (_, issues, message, listed) => {
    const error = thrownBy(() => validateWith(schemaOf(() => failing(...issues))));
    expect(error).toBeInstanceOf(InvalidPayloadError);
    expect(error).toMatchObject({ message, issues: listed });
    expect(error).not.toHaveProperty('cause');
  });

  it.each(cases)('%s says the same later', async (_, issues, message, listed) => {
    const outcome = validateWith(schemaOf(() => Promise.resolve(failing(...issues))));
    await expect(outcome).rejects.toMatchObject({ name: 'InvalidPayloadError', message, issues: listed });
  });

  it('tells zod’s paths and messages', () => {
    const Movie = defineType('films.Movie', z.object({ title: z.number(), cast: z.array(z.object({ age: z.int() })) }));
    const error = thrownBy(() => validate(Movie, payload, 'publish'));
    expect(error).toHaveProperty('issues', [
      { path: 'title', message: 'Invalid input: expected number, received string' },
      { path: 'cast[0].age', message: 'Invalid input: expected number, received undefined' },
    ]);
  });
});

describe('a schema that fails', () => {
  const cause = new Error('broken');
  const expected = {
    name: 'InvalidPayloadError',
    message: 'Cannot publish: the schema of artifact type "films.Movie" failed',
    issues: [{ path: '', message: 'the schema of artifact type "films.Movie" failed' }],
  };

  it('at once is the cause', () => {
    const schema = schemaOf(() => {
      throw cause;
    });
    expect(thrownBy(() => validateWith(schema))).toMatchObject({ ...expected, cause });
  });

  it('later is the cause', async () => {
    await expect(validateWith(schemaOf(() => Promise.reject(cause)))).rejects.toMatchObject({ ...expected, cause });
  });

  it('by answering nothing is told from one that passes', async () => {
    // @ts-expect-error a schema of somebody without types
    const never = schemaOf(() => undefined);
    expect(thrownBy(() => validateWith(never))).toMatchObject(expected);
    // @ts-expect-error a schema of somebody without types
    const late = schemaOf(() => Promise.resolve(undefined));
    await expect(validateWith(late)).rejects.toMatchObject(expected);
  });
});

describe('a schema with promises of its own', () => {
  function thenable(result: StandardSchemaV1.Result<unknown>): StandardSchemaV1<unknown, unknown> {
    const promise = { then: (resolve: (value: unknown) => void) => resolve(result) };
    // @ts-expect-error a promise of somebody else's
    return schemaOf(() => promise);
  }

  it('is waited for', async () => {
    await expect(validateWith(thenable({ value: 7 }))).resolves.toBe(7);
    await expect(validateWith(thenable(failing({ message: 'odd' })))).rejects.toBeInstanceOf(InvalidPayloadError);
  });
});
