import type { OpenMedium } from '../persistence/medium.ts';
import { equal, rejects } from './assert.ts';
import { holds } from './medium-assert.ts';
import { mediumCasesOf } from './medium-case.ts';
import { bytesOf, History, startBoard } from './medium-samples.ts';

/** A sound call of each method, on a board without records. */
const CALLS: Readonly<Record<string, (medium: OpenMedium, history: History) => Promise<unknown>>> = {
  load: (medium) => medium.load(),
  recordsFrom: (medium) => medium.recordsFrom(1),
  append: (medium, history) => medium.append(1, history.fork().record(), 'relaxed'),
  save: (medium, history) => medium.save(history.snapshot()),
  sync: (medium) => medium.sync(),
  orphans: (medium) => medium.orphans(),
  dropOrphans: (medium) => medium.dropOrphans(['none']),
};

export const mediumClosingCases = mediumCasesOf('closing', {
  ...Object.fromEntries(
    Object.entries(CALLS).map(([method, call]) => [
      `refuses ${method} after it was closed`,
      async (bench) => {
        const { medium, history, snapshot } = await startBoard(bench);
        await medium.close();
        await rejects(call(medium, history), 'closed', 'Cannot ');
        await holds(await bench.reopen(medium), snapshot);
      },
    ]),
  ),
  'closes when told to again, and at the same time': async (bench) => {
    const { medium, snapshot, log } = await startBoard(bench, 1);
    await Promise.all([medium.close(), medium.close()]);
    await medium.close();
    await holds(await bench.reopen(medium), snapshot, log);
  },
  'closes without ever being read': async (bench) => {
    const medium = await bench.open();
    await medium.close();
    equal(await (await bench.reopen(medium)).load(), null);
  },
  'ends a save that is under way before it closes': async (bench) => {
    const { medium, history } = await startBoard(bench, 2);
    const snapshot = history.snapshot(bytesOf(2_500_000, 1));
    const saving = medium.save(snapshot);
    await medium.close();
    equal(await saving, true);
    await holds(await bench.reopen(medium), snapshot);
  },
  'ends an append that is under way before it closes': async (bench) => {
    for (const durability of ['strict', 'relaxed'] as const) {
      const { medium, history, snapshot, log } = await startBoard(bench, 1);
      const record = history.record();
      const appending = medium.append(2, record, durability);
      await medium.close();
      equal(await appending, true);
      await holds(await bench.reopen(medium), snapshot, [...log, record]);
    }
  },
});

export const mediumReadOnlyCases = mediumCasesOf('read-only', {
  'reads what is there when it is opened to read only': async (bench) => {
    const { medium, snapshot, log } = await startBoard(bench, 2);
    await holds(await bench.reopen(medium, { readOnly: true }), snapshot, log);
  },
  'refuses to append when it is opened to read only, and changes nothing': async (bench) => {
    const { medium, history, snapshot, log } = await startBoard(bench, 1);
    const reader = await bench.reopen(medium, { readOnly: true });
    await reader.load();
    for (const durability of ['strict', 'relaxed'] as const) {
      await rejects(reader.append(2, history.fork().record(), durability), 'read-only', 'Cannot ');
    }
    await holds(reader, snapshot, log);
    await holds(await bench.reopen(reader), snapshot, log);
  },
  'refuses to save when it is opened to read only, and changes nothing': async (bench) => {
    const { medium, history, snapshot, log } = await startBoard(bench, 1);
    const reader = await bench.reopen(medium, { readOnly: true });
    await reader.load();
    await rejects(reader.save(history.snapshot()), 'read-only', 'Cannot ');
    await holds(reader, snapshot, log);
    await holds(await bench.reopen(reader), snapshot, log);
  },
  'leaves a new place empty when it is opened to read only': async (bench) => {
    const reader = await bench.open({ readOnly: true });
    equal(await reader.load(), null);
    await rejects(reader.save(new History().snapshot()), 'read-only');
    equal(await (await bench.reopen(reader)).load(), null);
  },
  'reads beside one that writes, and follows it': async (bench) => {
    const { medium, history, snapshot, log } = await startBoard(bench, 1);
    const reader = await bench.second(medium, { readOnly: true });
    await holds(reader, snapshot, log);
    for (let n = 2; n <= 4; n++) {
      const record = history.record();
      equal(await medium.append(n, record, 'relaxed'), true);
      log.push(record);
      await holds(reader, snapshot, log);
    }
    const next = history.snapshot();
    equal(await medium.save(next), true);
    equal(await reader.recordsFrom(2), null);
    await holds(reader, next);
  },
});
