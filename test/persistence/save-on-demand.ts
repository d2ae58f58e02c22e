import { createInterface } from 'node:readline';
import { fileMedium } from '../../src/file.ts';
import { snapshotOf } from './snapshot-of.ts';

/**
 * Opens a board file and prints what it holds, or the code of the error; then saves each line that it is given, and answers
 * each with `saved` or the code of the error.
 */
const medium = await fileMedium(process.argv[2] ?? '')
  .open({ readOnly: false })
  .catch((error: unknown) => {
    process.stdout.write(`${(error as { code: string }).code}\n`);
    process.exit();
  });
const text = (bytes: Uint8Array | null) => (bytes === null ? 'nothing' : new TextDecoder().decode(bytes));
process.stdout.write(`${text((await medium.load())?.bytes ?? null)}\n`);
for await (const line of createInterface({ input: process.stdin })) {
  const answer = await medium.save(snapshotOf(new TextEncoder().encode(line))).then(
    () => 'saved',
    (error: unknown) => (error as { code: string }).code,
  );
  process.stdout.write(`${answer}\n`);
}
await medium.close();
