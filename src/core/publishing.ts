import type { Artifact } from './artifact.ts';
import { property, type ArtifactType, type TypeRegistry } from './artifact-type.ts';
import type { BoardView } from './board.ts';
import { restoredOf } from './restoring.ts';
import type { Stamps } from './stamps.ts';
import { quote } from './text.ts';
import { validate } from './validation.ts';
import { checkDraft, resolveDrafts, type CheckedDraft, type Write } from './write.ts';

/** Drafts that are checked and stamped, and are being validated against the types that their names mean now. */
export interface PreparedDrafts extends Write<Artifact[]> {
  /** Resolves when the validation has ended, well or not; undefined when it has ended already. */
  readonly validation: Promise<void> | undefined;
}

/** @throws BlackboardError when a draft is refused at once */
export function prepareDrafts(
  drafts: readonly unknown[],
  types: TypeRegistry,
  stamps: Stamps,
  board: BoardView,
): PreparedDrafts {
  const restored = restoredOf(drafts);
  if (restored !== null) return prepareRestored(restored);
  const place = (i: number) => (drafts.length === 1 ? '' : ` (draft ${i + 1} of ${drafts.length})`);
  const actions = drafts.map((draft, i) => `publish ${describe(draft)}${place(i)}`);
  const action = (i: number) => actions[i] ?? 'publish';
  return prepareChecked(
    drafts.map((draft, i) => checkDraft(draft, types, stamps, action(i))),
    types,
    board,
    action,
  );
}

/** Drafts that were accepted before keep their names, and no schema is asked again. */
export function prepareRestored(drafts: readonly CheckedDraft[]): PreparedDrafts {
  return {
    intent: { kind: 'artifact', drafts, isRestored: true },
    validation: undefined,
    resolve: (view) => resolveDrafts(drafts, [], view),
  };
}

/** @param action what is being done, by the place of the draft */
export function prepareChecked(
  checked: readonly CheckedDraft[],
  types: TypeRegistry,
  board: BoardView,
  action: (index: number) => string,
): PreparedDrafts {
  const { size } = types;
  const resolveNames = (view: BoardView) =>
    checked.map(({ type }, i) => types.resolve(type, size, (name) => view.hasTypeName(name), action(i)));
  const validateAs = (names: readonly string[]) =>
    validateAll(
      checked,
      names.map((name) => types.get(name, size)),
      action,
    );
  const early = attempt(() => resolveNames(board), validateAs);
  return {
    intent: { kind: 'artifact', drafts: checked },
    validation: early.validation,
    resolve: (view) => {
      const names = resolveNames(view);
      const settle = () => resolveDrafts(checked, names, view);
      if (names.every((name, i) => name === early.names[i])) {
        if (early.refusal !== undefined) throw early.refusal.reason;
        return settle();
      }
      return validateAs(names)?.then(settle) ?? settle();
    },
  };
}

/**
 * Validates at the call, as the names are then. What comes of it counts only if they still mean the same in the turn of
 * the call: a call that waits before it can put a name on the board.
 */
function attempt(
  resolveNames: () => readonly string[],
  validateAs: (names: readonly string[]) => Promise<void> | undefined,
) {
  const early: { names: readonly string[]; validation?: Promise<void> | undefined; refusal?: { reason: unknown } } = {
    names: [],
  };
  const refuse = (reason: unknown) => {
    early.refusal = { reason };
  };
  try {
    early.names = resolveNames();
    early.validation = validateAs(early.names)?.catch(refuse);
  } catch (error) {
    refuse(error);
  }
  return early;
}

/** Validates payloads against their types; undefined when all passed at once. The first failure in order counts. */
function validateAll(
  drafts: readonly CheckedDraft[],
  types: readonly (ArtifactType | undefined)[],
  action: (index: number) => string,
): Promise<void> | undefined {
  const pending: Promise<unknown>[] = [];
  drafts.forEach(({ payload }, i) => {
    const type = types[i];
    if (type === undefined) return;
    try {
      const outcome = validate(type, payload, action(i));
      if (outcome instanceof Promise) pending.push(outcome);
    } catch (error) {
      if (pending.length === 0) throw error;
      pending.push(Promise.reject(error));
    }
  });
  return pending.length === 0 ? undefined : allInOrder(pending);
}

/** Waits for all, and fails as the first of them in order, not in time. */
async function allInOrder(promises: readonly Promise<unknown>[]): Promise<void> {
  const failure = (await Promise.allSettled(promises)).find((outcome) => outcome.status === 'rejected');
  if (failure !== undefined) throw failure.reason;
}

/** A draft as error messages name it, whatever it turns out to be. */
function describe(draft: unknown): string {
  const type = property(draft, 'type');
  const name = typeof type === 'string' ? type : property(type, 'name');
  return typeof name === 'string' ? `artifact of type ${quote(name)}` : 'artifact';
}
