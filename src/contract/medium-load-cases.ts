import { equal } from './assert.ts';
import { holds, sameRecords } from './medium-assert.ts';
import { mediumCasesOf } from './medium-case.ts';
import { appendTo, History, saveTo, startBoard } from './medium-samples.ts';

export const mediumLoadCases = mediumCasesOf('load', {
  'has nothing to load on a new place': async (bench) => {
    const medium = await bench.open();
    equal(await medium.load(), null);
    equal(await (await bench.reopen(medium)).load(), null, 'the answer after opening again');
  },
  'loads what was saved': async (bench) => {
    const { medium, snapshot } = await startBoard(bench);
    await holds(medium, snapshot);
    await holds(await bench.reopen(medium), snapshot);
  },
  'loads what was saved and appended, in order': async (bench) => {
    const { medium, snapshot, log } = await startBoard(bench, 12);
    await holds(medium, snapshot, log);
    const again = await bench.reopen(medium);
    await holds(again, snapshot, log);
    await holds(again, snapshot, log);
  },
  'loads what was appended after it was opened again': async (bench) => {
    const { medium, history, snapshot, log } = await startBoard(bench, 2);
    const again = await bench.reopen(medium);
    await again.load();
    log.push(await appendTo(again, history), await appendTo(again, history));
    await holds(again, snapshot, log);
    await holds(await bench.reopen(again), snapshot, log);
  },
  'gives the records from a number on': async (bench) => {
    const { medium, log } = await startBoard(bench, 12);
    for (const number of [1, 2, 9, 10, 12]) sameRecords(await medium.recordsFrom(number), log.slice(number - 1));
    const again = await bench.reopen(medium);
    await again.load();
    for (const number of [1, 7, 12]) sameRecords(await again.recordsFrom(number), log.slice(number - 1));
  },
  'gives no records while there are none from that number on': async (bench) => {
    const { medium, history } = await startBoard(bench);
    equal(await medium.recordsFrom(1), []);
    const record = await appendTo(medium, history);
    sameRecords(await medium.recordsFrom(1), [record]);
    equal(await medium.recordsFrom(2), []);
  },
  'gives null for records of which a save dropped some': async (bench) => {
    const { medium, history } = await startBoard(bench, 3);
    const snapshot = history.snapshot();
    const records = [await appendTo(medium, history), await appendTo(medium, history)];
    await saveTo(medium, snapshot);
    for (const number of [1, 2, 3]) equal(await medium.recordsFrom(number), null, `records from ${String(number)} on`);
    sameRecords(await medium.recordsFrom(4), records);
    sameRecords(await medium.recordsFrom(5), records.slice(1));
  },
  'gives null when every record was dropped, and none when only the next one is asked for': async (bench) => {
    const { medium, history } = await startBoard(bench, 3);
    await saveTo(medium, history.snapshot());
    equal(await medium.recordsFrom(1), null);
    equal(await medium.recordsFrom(3), null);
    equal(await medium.recordsFrom(4), []);
  },
  'keeps apart what lies on different places': async (bench) => {
    const one = await startBoard(bench, 1);
    const other = await bench.open();
    equal(await other.load(), null);
    const history = new History('00000000-0000-4000-8000-0000000000e2');
    const snapshot = history.snapshot();
    await saveTo(other, snapshot);
    const records = [await appendTo(other, history), await appendTo(other, history)];
    await holds(other, snapshot, records);
    await holds(one.medium, one.snapshot, one.log);
  },
});
