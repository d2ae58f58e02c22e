import * as fc from 'fast-check';
import type { Durability } from '../../src/persistence/medium.ts';
import type { Request } from './board-state.ts';
import { FAULTS, type Fault } from './world.ts';

export type Action =
  | Request
  | { readonly kind: 'checkpoint' | 'flush' | 'reopen' }
  /** Its steps wait while there are those of others, as in a frozen tab. */
  | { readonly kind: 'sleep' }
  /** The page may end, and does not, or does. */
  | { readonly kind: 'hide' | 'end page' };

/** What one of the stores is told to do. */
export interface Deed {
  readonly store: number;
  readonly action: Action;
  /** So many steps happen before the next deed; null when its end is waited for. */
  readonly pace: number | null;
}

/** Everything that decides what happens in a run. */
export interface History {
  /** Whether several stores share the place, as tabs do. */
  readonly isShared: boolean;
  readonly durability: Durability;
  readonly deeds: readonly Deed[];
  readonly faults: readonly Fault[];
  /** Whether the stores are closed at the end, or die. */
  readonly isClosed: boolean;
  readonly choices: readonly number[];
}

const ids = fc.uniqueArray(fc.nat(4), { minLength: 1, maxLength: 3 });

const requests: fc.Arbitrary<Request> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('publish'), ids: fc.nat(4).map((id) => [id]) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('publish'), ids }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('consume'), ids, run: fc.nat(2) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('delete'), before: fc.nat(5) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('agent'), name: fc.constantFrom('a', 'b') }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'clear' }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('look'), isFresh: fc.boolean() }) },
);

const actions = (isShared: boolean): fc.Arbitrary<Action> =>
  fc.oneof(
    { weight: 12, arbitrary: requests },
    { weight: 2, arbitrary: fc.constant({ kind: 'checkpoint' }) },
    { weight: 1, arbitrary: fc.constant({ kind: 'flush' }) },
    { weight: 1, arbitrary: fc.constant({ kind: 'reopen' }) },
    ...(isShared
      ? [
          { weight: 1, arbitrary: fc.constant<Action>({ kind: 'sleep' }) },
          { weight: 1, arbitrary: fc.constant<Action>({ kind: 'hide' }) },
          { weight: 1, arbitrary: fc.constant<Action>({ kind: 'end page' }) },
        ]
      : []),
  );

const paces = fc.oneof(fc.constant(null), fc.constantFrom(0, 0, 1, 2, 4, 8));

/** Histories of some calls each, of one store or of several. */
export const histories: fc.Arbitrary<History> = fc.boolean().chain(historiesOn);

function historiesOn(isShared: boolean): fc.Arbitrary<History> {
  const deeds = fc.record({ store: fc.nat(isShared ? 2 : 0), action: actions(isShared), pace: paces });
  const faults = fc.record({ at: fc.nat(24), kind: fc.constantFrom(...FAULTS) });
  return fc.record({
    isShared: fc.constant(isShared),
    durability: fc.constantFrom('relaxed', 'strict'),
    deeds: fc.array(deeds, { minLength: 1, maxLength: 12, size: 'max' }),
    faults: fc.array(faults, { maxLength: 3, size: 'max' }),
    isClosed: fc.boolean(),
    choices: fc.array(fc.nat(5), { maxLength: 60, size: 'max' }),
  });
}
