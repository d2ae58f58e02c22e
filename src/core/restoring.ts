import type { NamedDraft } from './artifact.ts';
import type { CheckedDraft } from './write.ts';

/**
 * Artifacts that a board has accepted before and that come back. They keep the canonical names they have, whatever types
 * are registered here, and the visibilities they have, although publish would refuse some that boards of the original hold.
 * They pass through `publishMany` as drafts, so that every store that speaks the interface can take them; the stores here
 * know them again.
 */
const restored = new WeakMap<object, CheckedDraft>();

/** The draft that brings an artifact back. */
export function restoringDraft(artifact: CheckedDraft): NamedDraft {
  const draft = { ...artifact, createdAt: new Date(artifact.createdAt) };
  restored.set(draft, artifact);
  return draft;
}

/** What drafts bring back; null when one of them is not made by {@link restoringDraft}. */
export function restoredOf(drafts: readonly unknown[]): readonly CheckedDraft[] | null {
  // Any value can be asked for; only objects are there.
  const found = drafts.flatMap((draft) => restored.get(draft as object) ?? []);
  return found.length === drafts.length && drafts.length > 0 ? found : null;
}
