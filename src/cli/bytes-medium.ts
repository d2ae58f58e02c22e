import { ReadOnlyError } from '../index.ts';
import type { Medium, OpenMedium } from '../sqlite.ts';

/** A medium that holds the bytes of a board, as somebody else put them there, and takes none. */
export function bytesMedium(name: string, bytes: Uint8Array): Medium {
  const refuse = () => Promise.reject(new ReadOnlyError(`Cannot write to ${JSON.stringify(name)}`));
  const opened: OpenMedium = {
    isShared: false,
    load: async () => ({
      ...{ bytes, mark: null, records: [], recovered: null, mayLackRecords: false },
      isForeign: true,
    }),
    recordsFrom: async () => null,
    append: refuse,
    save: refuse,
    sync: async () => undefined,
    watch: () => undefined,
    orphans: async () => new Map(),
    dropOrphans: async () => undefined,
    close: async () => undefined,
  };
  return { name, open: async () => opened };
}
