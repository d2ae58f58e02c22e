import { equal } from './assert.ts';
import { holds, sameRecords } from './medium-assert.ts';
import { mediumCasesOf } from './medium-case.ts';
import { appendTo, bytesOf, saveTo, startBoard, viewOf } from './medium-samples.ts';

const MB = 1 << 20;

export const mediumBytesCases = mediumCasesOf('bytes', {
  ...Object.fromEntries(
    [0, 1, 1 << 16, 5_000_000].map((size) => [
      `keeps a record with a body of ${String(size)} bytes as it is`,
      async (bench) => {
        const { medium, history, snapshot, log } = await startBoard(bench, 1);
        log.push(await appendTo(medium, history, size), await appendTo(medium, history));
        await holds(medium, snapshot, log);
        sameRecords(await medium.recordsFrom(2), log.slice(1));
        await holds(await bench.reopen(medium), snapshot, log);
      },
    ]),
  ),
  ...Object.fromEntries(
    [0, 1, MB - 1, MB, MB + 1, 3 * MB + 17].map((size) => [
      `keeps a snapshot of ${String(size)} bytes as it is`,
      async (bench) => {
        const { medium, history } = await startBoard(bench, 1);
        const snapshot = history.snapshot(bytesOf(size, 3));
        await saveTo(medium, snapshot);
        await holds(medium, snapshot);
        await holds(await bench.reopen(medium), snapshot);
      },
    ]),
  ),
  'keeps the part that was given, not the buffer around it': async (bench) => {
    const { medium, history } = await startBoard(bench);
    const record = history.record();
    equal(await medium.append(1, viewOf(record), 'relaxed'), true);
    const snapshot = history.snapshot(bytesOf(MB + 5, 1));
    const later = history.record(300);
    equal(await medium.append(2, viewOf(later), 'strict'), true);
    await saveTo(medium, { ...snapshot, bytes: viewOf(snapshot.bytes) });
    await holds(medium, snapshot, [later]);
    await holds(await bench.reopen(medium), snapshot, [later]);
  },
  'does not mind what the caller does with a buffer after the call': async (bench) => {
    const { medium, history } = await startBoard(bench);
    const record = history.record();
    const snapshot = history.snapshot();
    const later = history.record();
    const given = { record: record.slice(), later: later.slice(), bytes: snapshot.bytes.slice() };
    equal(await medium.append(1, given.record, 'relaxed'), true);
    given.record.fill(0);
    equal(await medium.append(2, given.later, 'strict'), true);
    given.later.fill(0);
    sameRecords(await medium.recordsFrom(1), [record, later]);
    await saveTo(medium, { ...snapshot, bytes: given.bytes });
    given.bytes.fill(0);
    await holds(medium, snapshot, [later]);
    await holds(await bench.reopen(medium), snapshot, [later]);
  },
  'does not mind what the caller does with what it was given': async (bench) => {
    const { medium, snapshot, log } = await startBoard(bench, 2);
    const board = await holds(medium, snapshot, log);
    for (const bytes of [board.bytes, ...board.records]) bytes.fill(0);
    const records = await medium.recordsFrom(1);
    sameRecords(records, log);
    for (const bytes of records ?? []) bytes.fill(0);
    sameRecords(await medium.recordsFrom(1), log);
    await holds(medium, snapshot, log);
    await holds(await bench.reopen(medium), snapshot, log);
  },
});
