import type { ArtifactType } from './artifact-type.ts';
import type { StoredArtifact } from './fact.ts';
import { kindOf, type Visibility } from './visibility.ts';

/**
 * Which artifacts a call is about. Fields AND together; `undefined` filters nothing. In `ids`, `typeNames`, `producedBy`
 * and `visibility` any may match, and an empty set matches nothing; `tags` must all be present.
 */
export interface ArtifactFilter {
  readonly ids?: string | Iterable<string> | undefined;
  /** Names are resolved as at publish. */
  readonly typeNames?: string | ArtifactType | Iterable<string | ArtifactType> | undefined;
  readonly producedBy?: string | Iterable<string> | undefined;
  /** Null matches artifacts without one. */
  readonly correlationId?: string | null | undefined;
  /** Null matches artifacts without one. */
  readonly partitionKey?: string | null | undefined;
  readonly tags?: string | Iterable<string> | undefined;
  /** Kinds, such as `Public`. */
  readonly visibility?: Visibility['kind'] | Iterable<Visibility['kind']> | undefined;
  /** Inclusive. */
  readonly start?: Date | undefined;
  /** Inclusive. */
  readonly end?: Date | undefined;
}

/** An ArtifactFilter, checked: sets are sorted and distinct, instants are milliseconds, type names canonical. */
export interface Selection {
  readonly ids?: readonly string[] | undefined;
  readonly typeNames?: readonly string[] | undefined;
  readonly producedBy?: readonly string[] | undefined;
  readonly correlationId?: string | null | undefined;
  readonly partitionKey?: string | null | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly visibility?: readonly string[] | undefined;
  readonly start?: number | undefined;
  readonly end?: number | undefined;
}

/** The meaning of a filter: a predicate that says of each artifact whether it matches. */
export function matcher(selection: Selection): (artifact: StoredArtifact) => boolean {
  const { correlationId, partitionKey, tags, start = -Infinity, end = Infinity } = selection;
  const ids = selection.ids && new Set(selection.ids);
  const types = selection.typeNames && new Set(selection.typeNames);
  const producers = selection.producedBy && new Set(selection.producedBy);
  const kinds = selection.visibility && new Set(selection.visibility);
  return (artifact) =>
    artifact.createdAt >= start &&
    artifact.createdAt <= end &&
    (ids?.has(artifact.id) ?? true) &&
    (types?.has(artifact.type) ?? true) &&
    (producers?.has(artifact.producedBy) ?? true) &&
    (kinds?.has(kindOf(artifact.visibility)) ?? true) &&
    (correlationId === undefined || artifact.correlationId === correlationId) &&
    (partitionKey === undefined || artifact.partitionKey === partitionKey) &&
    (tags === undefined || tags.every((tag) => artifact.tags.includes(tag)));
}
