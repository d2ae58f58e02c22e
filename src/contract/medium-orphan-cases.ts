import type { OpenMedium } from '../persistence/medium.ts';
import { ContractFailure, equal } from './assert.ts';
import { holds, sameBytes } from './medium-assert.ts';
import { mediumCasesOf, type MediumBench } from './medium-case.ts';
import { appendTo, bytesOf, startBoard } from './medium-samples.ts';

/** Has the page of the medium end and leave these bytes, or nothing. */
async function leave(bench: MediumBench, medium: OpenMedium, bytes: Uint8Array | null): Promise<void> {
  medium.watch({ changed: () => undefined, ending: () => bytes });
  await bench.endPage?.(medium);
}

/** A board whose pages ended and left these, one after the other; the medium is of a page after them. */
async function startWith(bench: MediumBench, ...left: readonly Uint8Array[]) {
  const board = await startBoard(bench, 1);
  let medium = board.medium;
  for (const bytes of left) {
    await leave(bench, medium, bytes);
    medium = await bench.reopen(medium);
  }
  await medium.load();
  return { ...board, medium };
}

/** The ids of the orphans, which have to be these bytes in this order. */
async function idsOf(medium: OpenMedium, ...expected: readonly Uint8Array[]): Promise<string[]> {
  const orphans = await medium.orphans();
  equal(orphans.size, expected.length, 'the number of orphans');
  for (const [i, bytes] of [...orphans.values()].entries()) {
    const wanted = expected[i];
    if (wanted === undefined) throw new ContractFailure('Expected no orphan');
    sameBytes(bytes, wanted, `the orphan at ${String(i)}`);
  }
  return [...orphans.keys()];
}

const [ONE, TWO, THREE, FOUR] = [bytesOf(900, 1), bytesOf(0, 2), bytesOf(40, 3), bytesOf(100_000, 4)] as const;

const always = mediumCasesOf('orphans', {
  'has no orphans where no page ended': async (bench) => {
    const { medium, snapshot, log } = await startBoard(bench, 1);
    medium.watch({ changed: () => undefined, ending: () => null });
    equal([...(await medium.orphans())], []);
    await medium.dropOrphans([]);
    await medium.dropOrphans(['none']);
    await holds(medium, snapshot, log);
    equal([...(await (await bench.reopen(medium)).orphans())], []);
  },
});

const leaving = mediumCasesOf(
  'orphans',
  {
    'has what pages left, oldest first': async (bench) => {
      const { medium, snapshot, log } = await startWith(bench, ONE, TWO, THREE);
      const ids = await idsOf(medium, ONE, TWO, THREE);
      equal(new Set(ids).size, 3, 'the number of different ids');
      await holds(medium, snapshot, log);
      equal(await idsOf(await bench.reopen(medium), ONE, TWO, THREE), ids);
    },
    'has nothing of a page that left nothing': async (bench) => {
      const { medium } = await startBoard(bench);
      await leave(bench, medium, null);
      await idsOf(medium);
      await idsOf(await bench.reopen(medium));
    },
    'goes on when the page did not end after all': async (bench) => {
      const { medium, history, snapshot, log } = await startBoard(bench, 1);
      await leave(bench, medium, ONE);
      log.push(await appendTo(medium, history));
      await holds(medium, snapshot, log);
      const [id = ''] = await idsOf(medium, ONE);
      await bench.endPage?.(medium);
      const both = await idsOf(medium, ONE, ONE);
      equal([both.length, both[0]], [2, id]);
    },
    'asks nothing of a page that ends after the medium was closed': async (bench) => {
      const { medium } = await startBoard(bench);
      medium.watch({ changed: () => undefined, ending: () => ONE });
      await medium.close();
      await bench.endPage?.(medium);
      await idsOf(await bench.reopen(medium));
    },
    'does not mind what is done with the bytes of an orphan': async (bench) => {
      const bytes = ONE.slice();
      const { medium } = await startWith(bench, bytes);
      bytes.fill(0);
      for (const orphan of (await medium.orphans()).values()) orphan.fill(0);
      await idsOf(medium, ONE);
    },
    'drops orphans, those that are gone as well': async (bench) => {
      const { medium, snapshot, log } = await startWith(bench, ONE, TWO, THREE);
      const [one = '', two = ''] = await idsOf(medium, ONE, TWO, THREE);
      await medium.dropOrphans([two]);
      await medium.dropOrphans([one, two, 'none']);
      await idsOf(medium, THREE);
      const again = await bench.reopen(medium);
      await idsOf(again, THREE);
      await holds(again, snapshot, log);
    },
    'leaves an orphan in place of those that it drops, as the newest': async (bench) => {
      const { medium, snapshot, log } = await startWith(bench, ONE, TWO, THREE);
      const [one = '', two = ''] = await idsOf(medium, ONE, TWO, THREE);
      await medium.dropOrphans([one, two], FOUR);
      const ids = await idsOf(medium, THREE, FOUR);
      equal(ids.includes(one) || ids.includes(two), false);
      const again = await bench.reopen(medium);
      equal(await idsOf(again, THREE, FOUR), ids);
      await holds(again, snapshot, log);
    },
    'keeps orphans while records and snapshots come': async (bench) => {
      const { medium, history } = await startWith(bench, ONE);
      await appendTo(medium, history);
      equal(await medium.save(history.snapshot()), true);
      await idsOf(medium, ONE);
      await idsOf(await bench.reopen(medium), ONE);
    },
  },
  ['orphans'],
);

const sharing = mediumCasesOf(
  'orphans',
  {
    'shows every page the same orphans, until one of them drops them': async (bench) => {
      const { medium } = await startWith(bench, ONE, TWO);
      const other = await bench.second(medium);
      await other.load();
      const ids = await idsOf(other, ONE, TWO);
      equal(await idsOf(medium, ONE, TWO), ids);
      await Promise.all([medium.dropOrphans(ids), other.dropOrphans(ids)]);
      for (const each of [medium, other]) await idsOf(each);
    },
    'has what a page left while another one is open': async (bench) => {
      const { medium, snapshot, log } = await startBoard(bench, 1);
      const other = await bench.second(medium);
      await other.load();
      await leave(bench, other, ONE);
      await idsOf(medium, ONE);
      await holds(medium, snapshot, log);
    },
  },
  ['orphans', 'shared'],
);

export const mediumOrphanCases = [...always, ...leaving, ...sharing];
