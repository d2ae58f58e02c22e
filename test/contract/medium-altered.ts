import type { OpenMedium, StoredBoard } from '../../src/persistence/medium.ts';

/** The medium with some of its methods replaced. */
export function alteredMedium(medium: OpenMedium, changes: Partial<OpenMedium>): OpenMedium {
  return {
    isShared: medium.isShared,
    get saved() {
      return medium.saved;
    },
    load: (options) => medium.load(options),
    recordsFrom: (number) => medium.recordsFrom(number),
    append: (number, record, durability) => medium.append(number, record, durability),
    save: (snapshot, options) => medium.save(snapshot, options),
    sync: () => medium.sync(),
    watch: (watcher) => medium.watch(watcher),
    orphans: () => medium.orphans(),
    dropOrphans: (ids, instead) => medium.dropOrphans(ids, instead),
    close: () => medium.close(),
    ...changes,
  };
}

/** Changes what is loaded on its way out. */
export function changeLoads(medium: OpenMedium, change: (board: StoredBoard) => StoredBoard): OpenMedium {
  return alteredMedium(medium, {
    load: async (options) => {
      const board = await medium.load(options);
      return board && change(board);
    },
  });
}

/** Changes what calls that can be refused reject with. */
export function changeMediumErrors(medium: OpenMedium, change: (error: unknown) => unknown): OpenMedium {
  const rejecting = <A extends readonly unknown[], T>(call: (...args: A) => Promise<T>) => {
    return (...args: A): Promise<T> =>
      call(...args).catch((error: unknown) => {
        throw change(error);
      });
  };
  return alteredMedium(medium, {
    load: rejecting((options) => medium.load(options)),
    recordsFrom: rejecting((number) => medium.recordsFrom(number)),
    append: rejecting((number, record, durability) => medium.append(number, record, durability)),
    save: rejecting((snapshot, options) => medium.save(snapshot, options)),
    sync: rejecting(() => medium.sync()),
  });
}
