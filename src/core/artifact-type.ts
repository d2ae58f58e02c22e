import type { StandardSchemaV1 } from '@standard-schema/spec';
import { AmbiguousTypeError, ConflictError, InvalidArgumentError } from './errors.ts';
import { compareText, isText, quote } from './text.ts';

/**
 * A name and the schema of its payloads. `In` is what publish takes, `Out` what the schema makes of it on reading.
 * Made by {@link defineType}.
 */
export interface ArtifactType<In = unknown, Out = In> {
  /** The canonical name, such as `films.Movie`; its simple name is what follows the last dot. */
  readonly name: string;
  readonly schema: StandardSchemaV1<In, Out>;
}

/**
 * Names a schema, so that artifacts of it can be published and read back typed.
 * The schema is anything that implements Standard Schema (https://standardschema.dev), asynchronous validation included.
 *
 * @throws InvalidArgumentError when the name is empty or the schema does not implement Standard Schema
 */
export function defineType<In, Out>(name: string, schema: StandardSchemaV1<In, Out>): ArtifactType<In, Out> {
  if (!isTypeName(name)) {
    throw new InvalidArgumentError(
      `Cannot define artifact type ${quote(name)}: the name must be a non-empty string without lone surrogates`,
    );
  }
  if (!isStandardSchema(schema)) {
    throw new InvalidArgumentError(
      `Cannot define artifact type ${quote(name)}: the schema must implement Standard Schema`,
    );
  }
  return Object.freeze({ name, schema });
}

export function isTypeName(name: unknown): name is string {
  return isText(name) && name !== '';
}

function isStandardSchema(schema: unknown): schema is StandardSchemaV1 {
  return typeof property(property(schema, '~standard'), 'validate') === 'function';
}

export function isArtifactType(value: unknown): value is ArtifactType {
  return (
    typeof value === 'object' && isTypeName(property(value, 'name')) && isStandardSchema(property(value, 'schema'))
  );
}

/** A property of any value; undefined where it has none, or keeps it. */
export function property(value: unknown, name: string): unknown {
  try {
    return Reflect.get(Object(value) as object, name);
  } catch {
    return undefined;
  }
}

/**
 * The types one store knows, and how it resolves a name. What a call means is settled by the types known at the call,
 * however long it waits: it takes {@link TypeRegistry.size} along, and types registered after that are none to it.
 */
export class TypeRegistry {
  readonly #types = new Map<string, { readonly type: ArtifactType; readonly index: number }>();
  readonly #bySimpleName = new Map<string, string[]>();

  get size(): number {
    return this.#types.size;
  }

  /** @throws ConflictError when the name is taken by another schema */
  register(type: ArtifactType, action: string): void {
    const known = this.#types.get(type.name)?.type;
    if (known?.schema === type.schema) return;
    if (known !== undefined) {
      throw new ConflictError(
        `Cannot ${action}: artifact type ${quote(type.name)} is already registered with another schema`,
      );
    }
    this.#types.set(type.name, { type, index: this.size });
    const simple = type.name.slice(type.name.lastIndexOf('.') + 1);
    this.#bySimpleName.set(simple, [...(this.#bySimpleName.get(simple) ?? []), type.name].sort(compareText));
  }

  get(canonicalName: string, size: number): ArtifactType | undefined {
    const known = this.#types.get(canonicalName);
    return known !== undefined && known.index < size ? known.type : undefined;
  }

  /**
   * The canonical name: an exact match with a registered type or with a name on the board wins, else the one registered
   * type with that simple name. A name nobody knows is canonical itself.
   *
   * @throws AmbiguousTypeError naming the candidates
   */
  resolve(name: string, size: number, isOnBoard: (name: string) => boolean, action: string): string {
    if (this.get(name, size) !== undefined) return name;
    const candidates =
      this.#bySimpleName.get(name)?.filter((candidate) => this.get(candidate, size) !== undefined) ?? [];
    if (candidates.length === 0 || isOnBoard(name)) return name;
    const [first = name, ...others] = candidates;
    if (others.length === 0) return first;
    throw new AmbiguousTypeError(
      `Cannot ${action}: type name ${quote(name)} is ambiguous, it fits ${candidates.map(quote).join(' and ')}`,
    );
  }
}
