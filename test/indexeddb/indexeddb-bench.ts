import type { MediumBench, MediumCapabilities, ReopenOptions } from '../../src/contract/medium-case.ts';
import { indexedDBMedium } from '../../src/indexeddb.ts';
import type { Medium, MediumOptions, OpenMedium } from '../../src/persistence/medium.ts';

/** A process that dies takes its page along: that is for the tests in a browser. Here a death is a medium left open. */
export const INDEXEDDB: MediumCapabilities = { shared: true, exclusive: false, orphans: true, powerCut: false };

let places = 0;

/** Makes boards in the IndexedDB of this program, whichever that is; `close` closes all that it opened. */
export function indexedDBBench(endPage: () => void): MediumBench & { close(): Promise<void> } {
  const mediumOf = new Map<OpenMedium, Medium>();
  const open = async (medium: Medium, options?: Partial<MediumOptions>) => {
    const opened = await medium.open({ readOnly: false, ...options });
    mediumOf.set(opened, medium);
    return opened;
  };
  const samePlace = (opened: OpenMedium): Medium => {
    const medium = mediumOf.get(opened);
    if (medium === undefined) throw new Error('not a medium of this bench');
    return medium;
  };
  return {
    open: (options) => open(indexedDBMedium(`place ${String(++places)}`), options),
    second: (opened, options) => open(samePlace(opened), options),
    async reopen(opened, { abandon = false, ...options }: ReopenOptions = {}) {
      if (!abandon) await opened.close();
      return open(samePlace(opened), options);
    },
    async endPage(opened) {
      endPage();
      // Asked for later, and answered later.
      await opened.orphans().catch(() => undefined);
    },
    async close() {
      await Promise.all([...mediumOf.keys()].map((opened) => opened.close()));
    },
  };
}
