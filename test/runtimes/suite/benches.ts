import type { BlackboardStore, StoreOptions } from 'boardlite';
import type { MediumOptions, OpenMedium } from 'boardlite/sqlite';
import type { MediumBench, StoreBench } from 'boardlite/testing';
import type { HostMedia } from './host.ts';

/** Opens the store of a board; one without a medium is new every time. */
export type OpenStore = (board: string, options?: StoreOptions) => Promise<BlackboardStore>;

interface Closing {
  /** Closes what is still open. */
  readonly close: () => Promise<void>;
}

/** Other ones in every program, so that scopes that share their storage have boards of their own. */
const program = Math.random().toString(36).slice(2);
let boards = 0;
const newBoard = () => `${program}-${String(++boards)}`;

export function storeBench(openStore: OpenStore, abandon?: HostMedia['abandon']): StoreBench & Closing {
  const boardOf = new Map<BlackboardStore, string>();
  const open = async (board: string, options?: StoreOptions) => {
    const store = await openStore(board, options);
    boardOf.set(store, board);
    return store;
  };
  return {
    open: (options) => open(newBoard(), options),
    async reopen(store, options = {}) {
      const board = known(boardOf, store);
      const { abandon: isAbandoned = false, ...own } = options;
      if (isAbandoned) await abandon?.(board);
      else await store.close();
      return open(board, own);
    },
    async close() {
      // One that was abandoned is told at first that its lock is another's, and lets go of what it has open then.
      for (const store of boardOf.keys()) await store.close().catch(() => store.close());
    },
  };
}

export function mediumBench(media: HostMedia): MediumBench & Closing {
  const boardOf = new Map<OpenMedium, string>();
  const open = async (board: string, options?: Partial<MediumOptions>) => {
    const medium = await media.at(board).open({ readOnly: false, ...options });
    boardOf.set(medium, board);
    return medium;
  };
  return {
    open: (options) => open(newBoard(), options),
    second: (medium, options) => open(known(boardOf, medium), options),
    async reopen(medium, { abandon = false, ...options } = {}) {
      const board = known(boardOf, medium);
      if (abandon) await media.abandon?.(board);
      else await medium.close();
      return open(board, options);
    },
    ...(media.endPage && {
      async endPage(medium: OpenMedium) {
        media.endPage?.();
        // Asked for later, and answered later.
        await medium.orphans().catch(() => undefined);
      },
    }),
    async close() {
      for (const medium of boardOf.keys()) await medium.close();
    },
  };
}

function known<T>(boardOf: ReadonlyMap<T, string>, of: T): string {
  const board = boardOf.get(of);
  if (board === undefined) throw new Error('not of this bench');
  return board;
}
