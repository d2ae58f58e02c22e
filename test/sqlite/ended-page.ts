import { openSqliteStore } from '../../src/sqlite/sqlite-store.ts';
import type { SqliteStore } from '../../src/sqlite/sqlite-store.ts';
import type { SqliteStoreOptions } from '../../src/sqlite/options.ts';
import type { StoreEvent } from '../../src/sqlite/store-event.ts';
import { open } from './trial-store.ts';
import { TrialMedium, type Held } from './trial-medium.ts';

export function sharedMedium(): TrialMedium {
  const medium = new TrialMedium();
  medium.isShared = true;
  return medium;
}

/** A store, and what it is told beside its calls. */
export async function openTold(
  medium: TrialMedium,
  options: SqliteStoreOptions = {},
): Promise<{ readonly store: SqliteStore; readonly events: StoreEvent[] }> {
  const events: StoreEvent[] = [];
  const store = await open({ ...options, medium, onEvent: (event) => events.push(event) });
  return { store, events };
}

/** A page whose calls got no answer before it ended. */
export interface EndedPage {
  readonly store: SqliteStore;
  /** What the calls come to, should the page live on. */
  readonly outcomes: Promise<PromiseSettledResult<unknown>[]>;
  /** The step at which the first of them was when the page ended. */
  readonly held: Held;
}

/** Opens a page, makes calls, and ends it at a step of the first group. Nobody closes its store. */
export async function endedPage(
  medium: TrialMedium,
  calls: (store: SqliteStore) => readonly Promise<unknown>[],
  { step = 'append', ...options }: SqliteStoreOptions & { readonly step?: 'append' | 'appended' } = {},
): Promise<EndedPage> {
  const index = medium.openings.length;
  const store = await openSqliteStore({ ...options, medium });
  await store.flush();
  const held = medium.hold(step);
  const outcomes = Promise.allSettled(calls(store));
  await held.begun;
  medium.endPage(index);
  return { store, outcomes, held };
}
