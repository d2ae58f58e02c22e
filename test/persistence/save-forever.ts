import { readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { fileMedium } from '../../src/file.ts';
import { snapshotOf } from './snapshot-of.ts';

/** Saves one prepared snapshot after another to a board file until it is killed, and prints the number of each that is saved. */
const [path = '', snapshots = '', count = '0', next = '0'] = process.argv.slice(2);
const prepared = Array.from({ length: Number(count) }, (_, i) => readFileSync(join(snapshots, String(i))));
const medium = await fileMedium(path).open({ readOnly: false });
await medium.load();
for (let i = Number(next); ; i = (i + 1) % prepared.length) {
  await medium.save(snapshotOf(prepared[i] ?? new Uint8Array()));
  writeSync(1, `${i}\n`);
}
