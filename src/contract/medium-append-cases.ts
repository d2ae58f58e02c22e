import { equal } from './assert.ts';
import { holds } from './medium-assert.ts';
import { mediumCasesOf } from './medium-case.ts';
import { appendTo, saveTo, startBoard } from './medium-samples.ts';

const DURABILITIES = ['strict', 'relaxed'] as const;

export const mediumAppendCases = mediumCasesOf('append', {
  'appends with either durability': async (bench) => {
    const { medium, history, snapshot } = await startBoard(bench);
    const records: Uint8Array[] = [];
    for (let n = 1; n <= 6; n++) {
      const record = history.record();
      for (const durability of DURABILITIES.slice(n % 2, (n % 2) + 1)) {
        equal(await medium.append(n, record, durability), true, `whether record ${String(n)} was appended`);
      }
      records.push(record);
    }
    await holds(medium, snapshot, records);
    await holds(await bench.reopen(medium), snapshot, records);
  },
  'refuses a number that is taken, and changes nothing': async (bench) => {
    const { medium, history, snapshot, log } = await startBoard(bench, 3);
    const record = history.record();
    for (const durability of DURABILITIES) {
      for (const number of [3, 2, 1, 0]) {
        equal(await medium.append(number, record, durability), false, `whether ${String(number)} was appended`);
      }
    }
    await holds(medium, snapshot, log);
    await holds(await bench.reopen(medium), snapshot, log);
  },
  'refuses a number that would leave a gap, and changes nothing': async (bench) => {
    const { medium, history, snapshot, log } = await startBoard(bench, 3);
    const skipped = history.record();
    for (const number of [5, 6, 400]) {
      const isAppended = await medium.append(number, history.record(), 'relaxed');
      equal(isAppended, false, `whether ${String(number)} was appended`);
    }
    await holds(medium, snapshot, log);
    equal(await medium.append(4, skipped, 'relaxed'), true);
    await holds(await bench.reopen(medium), snapshot, [...log, skipped]);
  },
  'refuses numbers out of turn when there is no record yet': async (bench) => {
    const { medium, history, snapshot } = await startBoard(bench);
    const record = history.record();
    for (const number of [0, 2]) equal(await medium.append(number, record, 'strict'), false);
    await holds(medium, snapshot);
  },
  'refuses the numbers of records that a save dropped': async (bench) => {
    const { medium, history } = await startBoard(bench, 3);
    const snapshot = history.snapshot();
    await saveTo(medium, snapshot);
    const record = history.record();
    for (const number of [1, 3, 5]) {
      equal(await medium.append(number, record, 'relaxed'), false, `whether ${String(number)} is next`);
    }
    await holds(medium, snapshot);
  },
  'goes on counting after a save, and after it was opened again': async (bench) => {
    const { medium, history } = await startBoard(bench, 3);
    const snapshot = history.snapshot();
    await saveTo(medium, snapshot);
    const again = await bench.reopen(medium);
    await again.load();
    const records = [await appendTo(again, history), await appendTo(again, history)];
    await holds(again, snapshot, records);
    await holds(await bench.reopen(again), snapshot, records);
  },
  'takes hundreds of records': async (bench) => {
    const { medium, snapshot, log } = await startBoard(bench, 300);
    await holds(await bench.reopen(medium), snapshot, log);
  },
});
