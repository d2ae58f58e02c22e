import { equal } from './assert.ts';
import { holds } from './medium-assert.ts';
import { mediumCasesOf } from './medium-case.ts';
import { appendTo, bytesOf, History, saveTo, startBoard } from './medium-samples.ts';

export const mediumSaveCases = mediumCasesOf('save', {
  'puts a snapshot in place of the last one': async (bench) => {
    const { medium, history } = await startBoard(bench);
    await appendTo(medium, history);
    const snapshot = history.snapshot();
    await saveTo(medium, snapshot);
    await holds(medium, snapshot);
    await holds(await bench.reopen(medium), snapshot);
  },
  'drops exactly the records that the snapshot holds': async (bench) => {
    for (const held of [0, 1, 3, 4]) {
      const { medium, history, log } = await startBoard(bench, held);
      const snapshot = history.snapshot(bytesOf(5000, held));
      const later = [await appendTo(medium, history), await appendTo(medium, history)];
      await saveTo(medium, snapshot);
      await holds(medium, snapshot, later);
      equal(log.length, held);
      later.push(await appendTo(medium, history));
      await holds(await bench.reopen(medium), snapshot, later);
    }
  },
  'keeps what is appended while it is under way': async (bench) => {
    const { medium, history } = await startBoard(bench, 2);
    const snapshot = history.snapshot(bytesOf(2_500_000, 1));
    const saving = medium.save(snapshot);
    const later = [await appendTo(medium, history), await appendTo(medium, history), await appendTo(medium, history)];
    equal(await saving, true);
    await holds(medium, snapshot, later);
    later.push(await appendTo(medium, history));
    await holds(await bench.reopen(medium), snapshot, later);
  },
  'can be loaded while it is under way: the last snapshot or this one, each with its records': async (bench) => {
    const { medium, history, snapshot, log } = await startBoard(bench, 2);
    const next = history.snapshot(bytesOf(2_500_000, 1));
    const saving = medium.save(next);
    const board = await medium.load();
    if (board?.mark?.number === 0) equal([board.bytes.length, board.records.length], [3000, log.length]);
    else equal([board?.bytes.length, board?.records.length], [2_500_000, 0]);
    equal(await saving, true);
    equal(snapshot.mark.size, 3000);
    await holds(medium, next);
  },
  'leaves nothing of snapshots that were larger': async (bench) => {
    const { medium, history } = await startBoard(bench);
    for (const size of [3_000_001, 10, 1_500_000, 0, 700_000]) {
      await appendTo(medium, history);
      const snapshot = history.snapshot(bytesOf(size, 7));
      await saveTo(medium, snapshot);
      await holds(medium, snapshot);
    }
    await holds(await bench.reopen(medium), history.snapshot(bytesOf(700_000, 7)));
  },
  'saves after it was opened again': async (bench) => {
    const { medium, history, snapshot: first, log } = await startBoard(bench, 2);
    const again = await bench.reopen(medium);
    await holds(again, first, log);
    const snapshot = history.snapshot();
    await saveTo(again, snapshot);
    await holds(await bench.reopen(again), snapshot);
  },
  'refuses a snapshot of another board than the one that is there, and changes nothing': async (bench) => {
    for (const number of [0, 1, 9]) {
      const { medium, snapshot, log } = await startBoard(bench, 1);
      const again = await bench.reopen(medium);
      const other = new History('00000000-0000-4000-8000-0000000000e2');
      while (other.number < number) other.record();
      equal(await again.save(other.snapshot()), false, `whether it was saved at number ${String(number)}`);
      await holds(again, snapshot, log);
      await holds(await bench.reopen(again), snapshot, log);
    }
  },
  'resolves sync': async (bench) => {
    const { medium, history, snapshot, log } = await startBoard(bench, 1);
    await medium.sync();
    log.push(await appendTo(medium, history));
    await medium.sync();
    await medium.sync();
    await holds(medium, snapshot, log);
  },
});
