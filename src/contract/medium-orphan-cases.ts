import type { OpenMedium } from '../persistence/medium.ts';
import { ContractFailure, equal } from './assert.ts';
import { holds, sameBytes } from './medium-assert.ts';
import { mediumCasesOf, type MediumBench } from './medium-case.ts';
import type { History } from './medium-samples.ts';
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

function settle(medium: OpenMedium, number: number, history: History, settles: readonly string[]): Promise<boolean> {
  return medium.append(number, history.record(), { durability: 'strict', settles });
}

const [ONE, TWO, THREE] = [bytesOf(900, 1), bytesOf(0, 2), bytesOf(40, 3)] as const;

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
  'refuses a record that settles an orphan that is not there': async (bench) => {
    const { medium, history, snapshot, log } = await startBoard(bench, 1);
    equal(await settle(medium, 2, history, ['none']), false);
    await holds(medium, snapshot, log);
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
    'settles orphans in one step with a record': async (bench) => {
      const { medium, history, snapshot, log } = await startWith(bench, ONE, TWO, THREE);
      const [one = '', , three = ''] = await idsOf(medium, ONE, TWO, THREE);
      const record = history.fork().record();
      equal(await settle(medium, 2, history, [one, three]), true);
      await idsOf(medium, TWO);
      const again = await bench.reopen(medium);
      await holds(again, snapshot, [...log, record]);
      await idsOf(again, TWO);
    },
    'refuses a record that settles an orphan again, and changes nothing': async (bench) => {
      const { medium, history, snapshot, log } = await startWith(bench, ONE, TWO);
      const [one = '', two = ''] = await idsOf(medium, ONE, TWO);
      const record = history.fork().record();
      equal(await settle(medium, 2, history, [one]), true);
      equal(await settle(medium, 3, history, [two, one]), false);
      await idsOf(medium, TWO);
      await holds(await bench.reopen(medium), snapshot, [...log, record]);
    },
    'keeps the orphans of a record that is refused for its number': async (bench) => {
      const { medium, history, snapshot, log } = await startWith(bench, ONE);
      const ids = await idsOf(medium, ONE);
      for (const number of [1, 3]) equal(await settle(medium, number, history.fork(), ids), false);
      await idsOf(medium, ONE);
      await holds(medium, snapshot, log);
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
    'keeps orphans through a save': async (bench) => {
      const { medium, history } = await startWith(bench, ONE);
      equal(await medium.save(history.snapshot()), true);
      await idsOf(await bench.reopen(medium), ONE);
    },
  },
  ['orphans'],
);

const sharing = mediumCasesOf(
  'orphans',
  {
    'lets exactly one of two settle an orphan': async (bench) => {
      const { medium, history, snapshot, log } = await startWith(bench, ONE);
      const other = await bench.second(medium);
      await other.load();
      const ids = await idsOf(other, ONE);
      const outcomes = await Promise.all([medium, other].map((each) => settle(each, 2, history.fork(), ids)));
      equal(outcomes.filter(Boolean).length, 1, 'how many of the two settled it');
      for (const each of [medium, other]) {
        await idsOf(each);
        await holds(each, snapshot, [...log, history.fork().record()]);
      }
    },
  },
  ['orphans', 'shared'],
);

export const mediumOrphanCases = [...always, ...leaving, ...sharing];
