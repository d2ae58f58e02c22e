import type { StandardSchemaV1 } from '@standard-schema/spec';
import { defineType, type ArtifactType } from '../core/artifact-type.ts';

type Outcome<Out> = StandardSchemaV1.Result<Out> | Promise<StandardSchemaV1.Result<Out>>;

/** A Standard Schema from the one function that it needs. */
export function schemaOf<In, Out = In>(validate: (value: unknown) => Outcome<Out>): StandardSchemaV1<In, Out> {
  return { '~standard': { version: 1, vendor: 'boardlite contract', validate } };
}

export interface Movie {
  readonly title: string;
  readonly year: number;
}
export interface MovieInput {
  readonly title: string;
  readonly year?: number | undefined;
}

/** Wants a title of one character or more; its output has a year, and no other properties. */
export function checkMovie(value: unknown): StandardSchemaV1.Result<Movie> {
  const { title, year = 1895 } = fieldsOf(value);
  if (typeof title !== 'string') return { issues: [{ message: 'must be a string', path: ['title'] }] };
  if (title === '') return { issues: [{ message: 'must not be empty', path: [{ key: 'title' }] }] };
  if (typeof year !== 'number') return { issues: [{ message: 'must be a number', path: ['year'] }] };
  return { value: { title, year } };
}

function fieldsOf(value: unknown): { readonly title?: unknown; readonly year?: unknown } {
  return typeof value === 'object' && value !== null ? value : {};
}

export function movieType(name: string): ArtifactType<MovieInput, Movie> {
  return defineType(name, schemaOf<MovieInput, Movie>(checkMovie));
}

/** The same, by a schema that answers later. */
export function laterMovieType(name: string): ArtifactType<MovieInput, Movie> {
  return defineType(
    name,
    schemaOf<MovieInput, Movie>(async (value) => checkMovie(value)),
  );
}

/** A type that accepts everything as it is. */
export function anyType(name: string): ArtifactType<Readonly<Record<string, unknown>>> {
  return defineType(
    name,
    schemaOf<Readonly<Record<string, unknown>>>((value) => ({ value: { ...fieldsOf(value) } })),
  );
}

/** Something to wait for, and the way to end the waiting. */
export interface Gate {
  readonly passed: Promise<void>;
  open(): void;
}

export function createGate(): Gate {
  let open: () => void = () => undefined;
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return {
    passed,
    open: () => {
      open();
    },
  };
}

/** A type whose validation ends when the gate opens: well, or with one issue. */
export function gatedType(name: string, gate: Gate, outcome: 'valid' | 'invalid' = 'valid'): ArtifactType<MovieInput> {
  return defineType(
    name,
    schemaOf<MovieInput>(async (value) => {
      await gate.passed;
      return outcome === 'valid' ? checkMovie(value) : { issues: [{ message: 'is never valid', path: ['title'] }] };
    }),
  );
}
