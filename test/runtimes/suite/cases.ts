import { createMemoryStore } from 'boardlite';
import type { BlackboardStore, StoreOptions } from 'boardlite';
import { openSqliteStore } from 'boardlite/sqlite';
import { isSupported, isSupportedByMedium, mediumContract, storeContract } from 'boardlite/testing';
import type { ContractCase } from 'boardlite/testing';
import { mediumBench, storeBench, type OpenStore } from './benches.ts';
import type { Host, HostMedia, Suite } from './host.ts';
import { IN_BRIEF, type Case } from './outcome.ts';

const inMemory: readonly [string, OpenStore][] = [
  ['the memory store', async (_, options) => createMemoryStore(options)],
  ['SQLite in memory', (_, options) => openSqliteStore(options)],
];

/** What is to hold in a runtime. */
export async function casesIn({ media }: Host, suite: Suite): Promise<Case[]> {
  if (suite === 'sabotaged') return [SABOTAGE];
  const stores = suite === 'all' ? [...inMemory] : [];
  if (media !== null) {
    const onMedium = (board: string, options?: StoreOptions) =>
      openSqliteStore({ ...options, medium: media.at(board) });
    stores.push([`SQLite on ${media.name}`, onMedium]);
  }
  const cases = await Promise.all(
    stores.map(([name, open]) => storeCases(name, { open, suite, abandon: media?.abandon })),
  );
  return [...cases.flat(), ...(media === null ? [] : mediumCases(media))];
}

/** The case that shows that a case can fail. */
const SABOTAGE: Case = {
  name: 'a case that fails on purpose',
  skipped: null,
  run: () => Promise.reject(new Error('this case fails on purpose')),
};

async function storeCases(
  name: string,
  { open, suite, abandon }: { open: OpenStore; suite: Suite; abandon: HostMedia['abandon'] },
): Promise<Case[]> {
  const probe: BlackboardStore = await open('probe');
  const { capabilities } = probe;
  await probe.close();
  return storeContract.map((contractCase) => ({
    name: `${name}: ${contractCase.name}`,
    skipped: isSupported(contractCase, capabilities) ? leftOut(contractCase, suite) : reasonOf(contractCase.needs),
    run: async () => {
      const bench = storeBench(open, abandon);
      await contractCase.run(bench).finally(bench.close);
    },
  }));
}

/** What the engine does with a board in its memory is the same wherever in a runtime it runs. */
function leftOut({ needs = [] }: ContractCase, suite: Suite): string | null {
  return suite !== 'place' || needs.includes('durable') ? null : IN_BRIEF;
}

function mediumCases(media: HostMedia): Case[] {
  return mediumContract.map((mediumCase) => ({
    name: `${media.name}: ${mediumCase.name}`,
    skipped: isSupportedByMedium(mediumCase, media.capabilities) ? null : reasonOf(mediumCase.needs),
    // Some of them end the page, to all that is in it.
    isAlone: true,
    run: async () => {
      const bench = mediumBench(media);
      await mediumCase.run(bench).finally(bench.close);
    },
  }));
}

function reasonOf(needs: readonly string[] = []): string {
  return `needs ${needs.join(', ')}`;
}
