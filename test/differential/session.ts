import { vandalize } from '../../src/contract/vandalize.ts';
import type { ArtifactType } from '../../src/core/artifact-type.ts';
import type { BlackboardStore, StoreOptions } from '../../src/core/store.ts';
import type { Call, Step } from './operations.ts';
import { idOf } from './sample-values.ts';
import { textOf } from './text-of.ts';

interface KeptPage {
  readonly filter: unknown;
  readonly order: unknown;
  readonly cursor: string;
}

/** A clock that shows these times one after the other and then stands, and ids that are not in order: the same each time. */
export function optionsOf(times: readonly number[], types: readonly ArtifactType[]): StoreOptions {
  let looks = 0;
  let made = 0;
  return {
    now: () => new Date(times[Math.min(looks++, times.length - 1)] ?? 0),
    newId: () => idOf(16 + ((made++ * 37) % 200)),
    types: [...types],
  };
}

/** Carries out calls on one store and keeps the cursors that it gave. */
export class Session {
  readonly #store: BlackboardStore;
  readonly #pages: KeptPage[] = [];

  constructor(store: BlackboardStore) {
    this.#store = store;
  }

  /** What came of each call of a step, and of the board, as text. */
  async run(step: Step): Promise<string[]> {
    const pending = step.map((call) => this.start(call));
    const outcomes = await Promise.all(pending);
    const { sequence, artifacts, consumptions } = await this.#store.stats();
    return [...outcomes, textOf({ sequence, artifacts, consumptions })];
  }

  /** Makes a call at once, and resolves with what comes of it. */
  start({ method, args, options, from, abort }: Call): Promise<string> {
    const controller = new AbortController();
    const given = abort === undefined ? options : { ...options, signal: controller.signal };
    const kept = from && this.#pages[from.page % this.#pages.length];
    const [filter, page] =
      kept === undefined
        ? [args[0], given]
        : [
            from?.withFilter === true ? kept.filter : args[0],
            { ...given, ...continued(kept, from?.withFilter === true) },
          ];
    if (abort === 'before') controller.abort('enough');
    const isPaged = method === 'queryArtifacts' || method === 'fetchGraphArtifacts';
    const all = isPaged ? [filter, page] : given === undefined ? args : [...args, given];
    const outcome = this.#call(method, all);
    if (abort === 'after') controller.abort('enough');
    return outcome.then(
      (value) => {
        if (isPaged) this.#keep(filter, page, value);
        const text = textOf(value);
        // Nothing that a caller does to an answer may show in a later one.
        vandalize(value);
        return text;
      },
      (error: unknown) => `refused: ${textOf(error)}`,
    );
  }

  async end(): Promise<string[]> {
    const everything: Step[] = ['list', 'loadAgentSnapshots', 'fetchGraphArtifacts'].map((method) => [
      { method, args: [], options: method === 'fetchGraphArtifacts' ? { limit: Infinity } : undefined },
    ]);
    const outcomes: string[] = [];
    for (const step of everything) outcomes.push(...(await this.run(step)));
    await this.#store.close();
    return outcomes;
  }

  #call(method: string, args: readonly unknown[]): Promise<unknown> {
    const own: unknown = Reflect.get(this.#store, method);
    if (typeof own !== 'function') throw new Error(`There is no method ${method}`);
    return Promise.resolve(Reflect.apply(own, this.#store, args));
  }

  #keep(filter: unknown, page: unknown, value: unknown): void {
    const cursor: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, 'nextCursor') : null;
    const order: unknown = typeof page === 'object' && page !== null ? Reflect.get(page, 'order') : undefined;
    if (typeof cursor === 'string') this.#pages.push({ filter, order, cursor });
  }
}

function continued({ order, cursor }: KeptPage, withOrder: boolean) {
  return withOrder ? { cursor, order, offset: undefined } : { cursor };
}
