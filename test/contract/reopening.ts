import type { ContractCase, StoreBench } from '../../src/contract/contract-case.ts';
import type { BlackboardStore, StoreOptions } from '../../src/core/store.ts';

/** Opens a board; the second time and later, with the store to be closed first. */
type Open = (before: BlackboardStore | null) => Promise<BlackboardStore>;

/**
 * A store that is closed and opened again between calls: whenever a call has ended, no other is under way and `isDue` says so,
 * before the caller learns what came of it. Nobody should notice.
 */
export async function reopening(open: Open, isDue: () => boolean): Promise<BlackboardStore> {
  let store = await open(null);
  let underWay = 0;
  let isClosing = false;
  let opening: Promise<void> | null = null;

  const reopen = async () => {
    store = await open(store);
    opening = null;
  };
  const call = async (method: string | symbol, args: readonly unknown[]): Promise<unknown> => {
    underWay++;
    try {
      if (opening !== null) await opening;
      const own: unknown = Reflect.get(store, method);
      if (typeof own !== 'function') throw new TypeError(`${String(method)} is not a method`);
      return await (Reflect.apply(own, store, args) as unknown);
    } finally {
      if (--underWay === 0 && !isClosing && isDue()) await (opening = reopen());
    }
  };
  return new Proxy(store, {
    get(_, name) {
      const own: unknown = Reflect.get(store, name);
      if (typeof own !== 'function') return own;
      return (...args: readonly unknown[]) => {
        if (name === 'close') isClosing = true;
        return call(name, args);
      };
    },
  });
}

/** The bench, with stores that are closed and opened again between calls; a coin decides when. */
export function reopeningBench<B extends StoreBench>(bench: B): B {
  const isDue = coin(7);
  const current = new WeakMap<BlackboardStore, () => BlackboardStore>();
  const reopeningStore = async (first: () => Promise<BlackboardStore>, options: StoreOptions | undefined) => {
    let now: BlackboardStore | null = null;
    const open: Open = async (before) => (now = before === null ? await first() : await bench.reopen(before, options));
    const store = await reopening(open, isDue);
    current.set(store, () => now ?? store);
    return store;
  };
  return {
    ...bench,
    open: (options) => reopeningStore(() => bench.open(options), options),
    reopen: (store, options) => reopeningStore(() => bench.reopen(current.get(store)?.() ?? store, options), options),
  };
}

/** A coin that falls alike in every run. */
export function coin(seed: number): () => boolean {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 31 === 1;
  };
}

/** The cases about what a store remembers beside the board: types that were passed to it, and its last stamp. */
const OF_ONE_STORE = [
  'lists what was published with defaults in the order of publishing',
  'keeps the order of publishing when the clock is set back',
  'makes strictly increasing ids, also when the clock stands or goes back',
  'resolves a simple name again once no artifact has exactly that name',
  'resolves a simple name again once the artifact of that name was replaced under another',
  'registers a type that is passed to any call',
  'answers a session of names',
];

/** The cases that hold as well when the store is another one from call to call. */
export function casesOfBoards(cases: readonly ContractCase[]): ContractCase[] {
  const left = cases.filter(({ name }) => !OF_ONE_STORE.includes(name));
  if (cases.length - left.length !== OF_ONE_STORE.length) throw new Error('A case has another name now');
  return left;
}
