import { faultsIn, type Engine } from '../faults/faults.ts';
import type { Program, Runtime, Scope } from '../program.ts';
import type { ScopeName } from '../suite/browser.ts';
import type { ColdStart } from '../suite/cold-start.ts';
import type { Answer } from '../suite/host.ts';

/** A page of a browser, whoever drives it. */
export interface Tab<Name extends string = string> {
  /** What a function of the page resolves with. */
  call(name: Name, ...args: unknown[]): Promise<unknown>;
  go(url: string): Promise<void>;
  close(): Promise<void>;
}

/** A browser that is running. */
export interface Driver {
  readonly version: string;
  open(url: string): Promise<Tab>;
  close(): Promise<void>;
}

const SCOPES: readonly ScopeName[] = ['page', 'dedicated worker', 'shared worker', 'service worker'];

/** The scopes of a browser, and its faults. Its pages share one storage, as tabs do. */
export function pagesOf(engine: Engine): Runtime {
  const { driver, site } = engine;
  const start = async (scope: ScopeName): Promise<Program> => {
    const tab = await driver.open(`${site.origin}/`);
    return {
      perform: async (task) => (await tab.call('perform', scope, task)) as Answer,
      async end() {
        if (scope === 'service worker') await tab.call('release');
        await tab.close();
      },
    };
  };
  return {
    version: driver.version,
    scopes: SCOPES.map((name): Scope => ({
      name,
      isDurable: true,
      // All places of a browser have one engine.
      suite: name === 'page' ? 'all' : 'durable',
      briefSuite: 'place',
      start: () => start(name),
    })),
    async coldStart(subject) {
      const tab = await driver.open(`${site.origin}/start`);
      const times = (await tab.call('coldStart', subject)) as ColdStart;
      await tab.close();
      return times;
    },
    checks: faultsIn(engine),
    async close() {
      await driver.close();
      await site.close();
    },
  };
}
