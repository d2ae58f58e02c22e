import { equal } from './assert.ts';
import { holds, sameRecords } from './medium-assert.ts';
import { mediumCasesOf } from './medium-case.ts';
import { appendTo, History, saveTo, startBoard } from './medium-samples.ts';

const DURABILITIES = ['strict', 'relaxed'] as const;
const DEATH = { abandon: true };
const POWER_CUT = { abandon: true, powerCut: true };

const dying = mediumCasesOf('survival', {
  'has everything after the death of its process, with either durability': async (bench) => {
    for (const durability of DURABILITIES) {
      const { medium, history, snapshot, log } = await startBoard(bench, 1);
      const record = history.record();
      equal(await medium.append(2, record, durability), true);
      await holds(await bench.reopen(medium, DEATH), snapshot, [...log, record]);
    }
  },
  'has a first snapshot after the death of its process': async (bench) => {
    const { medium, snapshot } = await startBoard(bench);
    await holds(await bench.reopen(medium, DEATH), snapshot);
  },
  'has nothing when its process died before the first save': async (bench) => {
    const medium = await bench.open();
    await medium.load();
    equal(await (await bench.reopen(medium, DEATH)).load(), null);
  },
  'says after the death of its process that records may be missing, until one is appended': async (bench) => {
    const { medium, history } = await startBoard(bench, 2);
    const left = await bench.reopen(medium, DEATH);
    equal((await left.load())?.mayLackRecords, true);
    const later = await bench.reopen(left);
    equal((await later.load())?.mayLackRecords, true, 'what is said after nothing was appended');
    await appendTo(later, history);
    const found = await (await bench.reopen(later)).load();
    // One that is shared cannot know who else was there.
    equal(found?.mayLackRecords, later.isShared, 'what is said after an end that was well');
  },
  'goes on after the death of its process, again and again': async (bench) => {
    const { medium: first, history, snapshot, log } = await startBoard(bench, 1);
    let medium = first;
    for (let n = 0; n < 3; n++) {
      medium = await bench.reopen(medium, DEATH);
      await holds(medium, snapshot, log);
      log.push(await appendTo(medium, history), await appendTo(medium, history));
    }
    const next = history.snapshot();
    await saveTo(medium, next);
    const record = await appendTo(medium, history);
    await holds(await bench.reopen(medium, DEATH), next, [record]);
  },
});

const cutting = mediumCasesOf(
  'survival',
  {
    'has after a power cut what was appended strictly, and all before it': async (bench) => {
      const { medium, history, snapshot, log } = await startBoard(bench, 4);
      const record = history.record();
      equal(await medium.append(5, record, 'strict'), true);
      await holds(await bench.reopen(medium, POWER_CUT), snapshot, [...log, record]);
    },
    'has after a power cut what was appended before sync': async (bench) => {
      const { medium, snapshot, log } = await startBoard(bench, 4);
      await medium.sync();
      await holds(await bench.reopen(medium, POWER_CUT), snapshot, log);
    },
    'has after a power cut what was saved': async (bench) => {
      const { medium, history } = await startBoard(bench, 2);
      const snapshot = history.snapshot();
      await saveTo(medium, snapshot);
      await holds(await bench.reopen(medium, POWER_CUT), snapshot);
    },
    'may lose a tail of what was appended relaxedly in a power cut, never a middle': async (bench) => {
      for (let n = 1; n <= 20; n++) {
        const { medium, history, snapshot, log } = await startBoard(bench, 5);
        const again = await bench.reopen(medium, POWER_CUT);
        const board = await again.load();
        equal(board?.mark, snapshot.mark);
        equal(board?.mayLackRecords, true, 'whether records may be missing');
        const kept = log.slice(0, board?.records.length);
        sameRecords(board?.records ?? null, kept);
        const renewed = new History(history.epoch);
        while (renewed.number < kept.length) renewed.record();
        kept.push(await appendTo(again, renewed, 33));
        await holds(await bench.reopen(again), snapshot, kept);
      }
    },
  },
  ['powerCut'],
);

export const mediumSurvivalCases = [...dying, ...cutting];
