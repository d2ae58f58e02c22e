import { fileMedium } from '../../src/file.ts';
import type { OpenMedium } from '../../src/persistence/medium.ts';
import { snapshotOf } from './snapshot-of.ts';

/** Opens a board file, loads it, saves a snapshot of some size, and prints the code of what goes wrong. */
const [path = '', size = '0', mode = 'write'] = process.argv.slice(2);
let medium: OpenMedium | null = null;
try {
  medium = await fileMedium(path).open({ readOnly: mode === 'read' });
  const bytes = (await medium.load())?.bytes ?? null;
  process.stdout.write(`loaded ${bytes === null ? 'nothing' : String(bytes.length)};`);
  await medium.save(snapshotOf(new Uint8Array(Number(size)).fill(7)));
  process.stdout.write('saved');
} catch (error) {
  const { code, cause } = error as { code?: string; cause?: { code?: string } };
  process.stdout.write(`${code ?? String(error)} ${cause?.code ?? ''}`);
} finally {
  await medium?.close();
}
